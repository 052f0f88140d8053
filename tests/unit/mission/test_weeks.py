"""Every state of one history, week after week, against the equations of docs/methods/mission.md worked out again.

The trace of a run holds every field at the end of every week. Each test takes last week's states and this week's
random numbers and works out this week's by numpy and scipy alone: what is a week early or late, of the wrong sign, in
the wrong unit or left out shows in the first week in which it matters.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from plain_force import plain_presence
from scipy import special, stats

from contingent.ensemble.design import Design
from contingent.mission import draws
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import empty_trace, simulate_into
from contingent.mission.state import SECTOR, THEATRE

WEEKS = 40
RUNS = (0, 3, 5)


def eventful(gaza):
    """The shipped theatre with much of everything: attacks, coercion, closings, collapse."""
    mandate = gaza.mandate.model_copy(update={"use_of_force": "enforcement"})
    scenario = gaza.model_copy(update={"horizon": WEEKS, "mandate": mandate})
    inputs = prepare(scenario, plain_presence(scenario, 8, scale=0.5), Design(5, 8))
    theta = inputs.theta.copy()
    for name, factor in {"attack_risk": 60.0, "collapse_rate": 12.0, "closing_rate": 3.0, "leaving_rate": 8.0}.items():
        theta[inputs.parameters.index(name)] *= factor
    theta[inputs.parameters.index("consent_spell")] = 8.0
    return replace(inputs, theta=theta)


@pytest.fixture(scope="module")
def inputs(gaza):
    return eventful(gaza)


@pytest.fixture(scope="module", params=RUNS)
def history(request, inputs):
    """One run: `h` the theatre's fields (week), `s` the sectors' (week, sector), `q` the parameters, `u` the luck."""
    run = request.param
    trace = empty_trace(inputs)
    simulate_into(inputs, Outputs.empty(inputs), run, run + 1, trace)
    q = SimpleNamespace(
        **{name: float(values[run]) for name, values in zip(inputs.parameters, inputs.theta, strict=True)}
    )
    h = {name: trace[0][:, k] for k, name in enumerate(THEATRE.memory.names)}
    s = {name: trace[1][:, :, k] for k, name in enumerate(SECTOR.memory.names)}
    key = draws.run_key(inputs.seed_key, inputs.runs[run])

    def u(process, sector=0):
        return np.array([draws.uniform(np.uint64(key), week, sector, process) for week in range(WEEKS)])

    ends = []
    for weeks in range(1, WEEKS + 1):
        short = replace(inputs, weeks=weeks)
        outputs = Outputs.empty(short)
        simulate_into(short, outputs, run, run + 1)
        ends.append({name: values[:, run] for name, values in outputs.by_contributor.items()})
    c = {name: np.array([end[name] for end in ends]) for name in ends[0]}
    sectors, crossings, publics = inputs.sectors[run], inputs.crossings[run], inputs.publics[run]
    return SimpleNamespace(
        run=run, key=np.uint64(key), q=q, h=h, s=s, c=c, u=u, sectors=sectors, crossings=crossings, publics=publics,
        arrivals=float(inputs.theatre["arrivals"][run]), size=float(inputs.theatre["attack_size"][run]),
    )  # fmt: skip


def before(values, start):
    """Last week's values: those of the first day, then the series but its last."""
    return np.concatenate([np.broadcast_to(start, (1, *values.shape[1:])), values[:-1]])


def each(u, d):
    """A process's numbers in every sector; shape (week, sector)."""
    return np.stack([u(process, sector) for process, sector in d], axis=1)


def luck(history, process):
    return each(history.u, [(process, d) for d in range(history.s["need"].shape[1])])


def fallen_before(x):
    return before(x.h["fallen"], 0.0)


def force(inputs, x):
    """Persons by week, channel and sector from the plan alone: late, in part, without those who had left by then."""
    here = np.zeros((WEEKS, *inputs.planned.shape[1:2], inputs.planned.shape[3]))
    present = before(x.c["present"], 1.0)
    by_contributor = np.zeros((WEEKS, len(inputs.contributors)))
    for p, owner in enumerate(inputs.owner):
        late = int(inputs.delay[x.run, p])
        for week in range(late, WEEKS):
            there = inputs.delivered[x.run, p] * inputs.planned[p, :, week - late] * present[week, owner]
            here[week] += there
            by_contributor[week, owner] += there[0].sum()
    return here, by_contributor


def test_the_histories_hold_what_is_to_be_tested(inputs):
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    runs = list(RUNS)
    series = {name: values[:, runs] for name, values in outputs.series.items()}
    assert (series["own_deaths"] > 0).any()
    assert (outputs.by_contributor["present"][:, runs] == 0).any()
    for name in ("ceasefire", "consent"):
        assert {0.0, 1.0} == set(np.unique(series[name]))
    assert (series["crossings_open"] < 1).any()
    assert (series["trucks_turned_back"] > 0).any()
    assert series["disarmed"].max() > 0
    assert series["own_deaths"].max() > 64


def test_1_cover_by_week_channel_and_sector(inputs, history):
    x, q = history, history.q
    here, _ = force(inputs, x)
    people = x.sectors["population"]
    special_scale = q.coverage_scale * q.special_scale
    mixed = q.side_presence * here[:, 0] + (1 - q.side_presence) * here[:, 1]
    assert_allclose(x.s["cover"], 1 - np.exp(-mixed / (q.coverage_scale * people)), atol=1e-9)
    assert_allclose(x.s["cover_disarm"], 1 - np.exp(-here[:, 2] / (special_scale * people)), atol=1e-9)
    assert_allclose(x.s["cover_aid"], 1 - np.exp(-here[:, 4] / (special_scale * people)), atol=1e-9)
    whole = people.sum() * special_scale
    assert_allclose(x.h["cross"], 1 - np.exp(-here[:, 3].sum(axis=1) / whole), atol=1e-9)
    assert_allclose(x.h["govern"], 1 - np.exp(-here[:, 5].sum(axis=1) / whole), atol=1e-9)
    assert_allclose(x.h["coverage"], (x.s["cover"] * people / people.sum()).sum(axis=1), atol=1e-9)
    assert_allclose(x.h["troops"], here[:, 0].sum(axis=1), rtol=1e-9, atol=1e-6)


def test_2_heat_effects_and_expected_events(inputs, history):
    x, q, s = history, history.q, history.s
    z = special.ndtri(luck(x, draws.Z_INTENSITY))
    assert_allclose(s["heat"], q.intensity_memory * before(s["heat"], 0.0) + q.intensity_noise * z, atol=2e-6)
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    support, need = before(s["support"], q.support_at_start), before(s["need"], x.sectors["need_start"])
    effects = (
        s["heat"]
        - q.force_share * q.force_effect * (1 + legitimacy) / 2 * s["cover"]
        - q.support_effect * (support - q.support_at_start)
        + q.need_effect * (need - x.sectors["need_start"])
        + q.confrontation * q.coercion * (1 - x.h["consent"])[:, None] * s["cover_disarm"]
    )
    assert_allclose(s["effects"], effects, atol=1e-9)
    near = before(s["happened"], 0.0) @ inputs.neighbours.T
    assert_allclose(s["neighbour_events"], near, atol=1e-9)
    armed = before(s["armed"], x.sectors["armed_start"])
    m = q.event_rate * armed / 1000 * np.exp(effects) * (1 + q.fallen_events * fallen_before(x))[:, None]
    m = m + q.spill_over * near
    m = m * q.event_ceiling / (m + q.event_ceiling)
    assert_allclose(s["expected"], m, rtol=1e-9)
    assert_allclose(x.h["expected"], m.sum(axis=1), rtol=1e-9)


def test_2_events_and_deaths_are_the_quantiles_of_their_numbers(history):
    x, q, s = history, history.q, history.s
    k = q.event_dispersion
    assert_array_equal(s["happened"], stats.nbinom.ppf(luck(x, draws.U_EVENTS), k, k / (k + s["expected"])))
    killed = stats.poisson.ppf(luck(x, draws.U_CIVILIANS), q.civilian_deaths_per_event * s["happened"])
    assert_array_equal(s["killed"], killed)
    assert_array_equal(x.h["events"], s["happened"].sum(axis=1))
    assert_array_equal(x.h["civilian_deaths"], s["killed"].sum(axis=1))
    assert_array_equal(s["total_events"], s["happened"].cumsum(axis=0))
    assert_array_equal(s["total_civilian_deaths"], s["killed"].cumsum(axis=0))


def test_3_outside_deaths(history):
    x, q = history, history.q
    share = np.minimum(1, before(x.h["gone"], 0.0) / x.sectors["armed_start"].sum())
    rate = q.outside_rate * (1 - q.outside_response * share) * (1 + q.fallen_outside * fallen_before(x))
    k = q.outside_dispersion
    assert_allclose(x.h["outside_expected"], rate)
    assert_array_equal(x.h["outside_deaths"], stats.nbinom.ppf(x.u(draws.U_OUTSIDE), k, k / (k + rate)))
    assert_allclose(x.h["outside_ratio"], x.h["outside_deaths"] / q.outside_rate)
    # nothing out of the usual, ratio 1, shocks nobody
    shock = q.support_outside_deaths * np.log((1 + x.h["outside_ratio"]) / 2)
    assert_allclose(x.h["outside_shock"], shock, atol=1e-12)


def test_4_attacks_and_who_is_hit(inputs, history):
    x, q = history, history.q
    _, strength = force(inputs, x)
    # the year's deaths that this week's violence stands for, inside and outside, beside 288 a year
    around = q.civilian_deaths_per_event * x.h["expected"] + x.h["outside_expected"]
    level = np.log((1 + 365.25 / 7 * around) / 289)
    assert_allclose(x.h["level"], level)
    rate = x.h["troops"] * q.attack_risk / 52_178.57 / x.size * np.exp(q.threat_elasticity * level)
    rate *= np.exp(-q.support_shield * (x.h["support"] - q.support_at_start))
    attacks = stats.poisson.ppf(x.u(draws.U_ATTACKS), rate)
    assert_array_equal(x.h["attacks"], attacks)
    dead, fell = np.zeros(strength.shape[1]), []
    for week, count in enumerate(attacks.astype(int)):
        fell.append(0)
        for a in range(count):  # the 65th and later take their numbers from the next row
            mark = draws.uniform(x.key, week, a // 64, draws.U_VICTIMS + a % 64) * strength[week].sum()
            hit = int(np.searchsorted(strength[week].cumsum(), mark, side="right"))
            u = draws.uniform(x.key, week, a // 64, draws.U_SIZE + a % 64)
            size = min(np.floor(u ** (-1 / q.attack_tail)), np.floor(q.attack_largest))
            size = min(size, max(1.0, np.floor(strength[week, hit])))
            dead[hit] += size
            fell[-1] += size
        assert_array_equal(x.c["own_deaths"][week], dead)
    assert_array_equal(x.h["own_deaths"], fell)


def test_5_consent_pace_and_clash(history):
    x, q = history, history.q
    start = float(draws.uniform(x.key, 0, 0, draws.U_CONSENT_START) < q.consent_share)
    u, last = x.u(draws.U_CONSENT), before(x.h["consent"], start)
    kept = (u >= (1 - q.consent_share) / q.consent_spell).astype(float)
    won = (u >= 1 - q.consent_share / q.consent_spell).astype(float)
    assert_array_equal(x.h["consent"], np.where(last == 1, kept, won))
    stalled = min(1.0, q.pace_stalled * (1 + (q.coerced_pace - 1) * q.coercion))
    assert_allclose(x.h["pace"], np.where(x.h["consent"] == 1, q.pace_consented, stalled))
    assert_allclose(x.h["clash"], q.coercion * (1 - x.h["consent"]))


def test_5_disarmed_weapons_and_recruits(history):
    x, q, s = history, history.q, history.s
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    noise = np.exp(q.pace_noise * special.ndtri(luck(x, draws.Z_PACE)) - q.pace_noise**2 / 2)
    cover = s["cover_disarm"]
    y = x.h["pace"][:, None] * (1 + legitimacy) / 2 * (1 + q.pace_half) * cover / (cover + q.pace_half) * noise
    armed = before(s["armed"], x.sectors["armed_start"])
    gone = armed * y / (1 + y)
    assert_allclose(s["disarmed"], gone, rtol=2e-6)
    weapons = before(s["weapons"], x.sectors["weapons_start"])
    given = np.minimum(weapons, q.weapons_per_disarmed * s["disarmed"])
    assert_allclose(s["weapons"], weapons - given, rtol=1e-9)
    assert_allclose(x.h["weapons_collected"], given.sum(axis=1), rtol=1e-9)
    assert_allclose(s["total_weapons"], given.cumsum(axis=0), rtol=1e-9)
    weight = x.sectors["population"] / x.sectors["population"].sum()
    deaths = s["killed"] + x.h["outside_deaths"][:, None] * weight
    most = q.armed_ceiling * x.sectors["armed_start"]
    room = np.maximum(0, most - armed)
    joined = np.minimum(q.recruits_per_death * deaths * room / most, room)
    assert_allclose(s["armed"], armed + joined - s["disarmed"], rtol=1e-9)
    assert_allclose(s["total_recruited"], joined.cumsum(axis=0), rtol=1e-9)
    assert_allclose(x.h["gone"], s["disarmed"].sum(axis=1).cumsum(), rtol=1e-9)
    assert_allclose(x.h["armed"], s["armed"].sum(axis=1), rtol=1e-9)
    assert_allclose(x.h["disarmed"], s["disarmed"].sum(axis=1), rtol=1e-9)
    assert_allclose(s["total_disarmed"], s["disarmed"].cumsum(axis=0), rtol=1e-9)


def gates(x):
    """Whether each crossing is open, by week."""
    q = x.q
    count = len(x.crossings)
    start = [float(draws.uniform(x.key, 0, j, draws.U_CROSSING_START) < x.crossings["opened"][j]) for j in range(count)]
    threat, fallen = before(x.h["threat"], 1.0), fallen_before(x)
    closing = q.closing_rate * np.maximum(0, 1 + q.closing_threat * (threat - 1) + q.fallen_closing * fallen)
    closing *= np.exp(-q.crossing_presence * x.h["cross"])
    u = each(x.u, [(draws.U_CROSSING, j) for j in range(count)])
    found, last = [], np.array(start)
    for week in range(WEEKS):
        last = np.where(last == 1, u[week] >= closing[week], u[week] >= 1 - q.opening_rate).astype(float)
        found.append(last)
    return np.array(found)


def test_6_crossings_queue_and_what_is_sent(inputs, history):
    x, q, s = history, history.q, history.s
    gate, capacity = gates(x), x.crossings["capacity"]
    full = gate @ capacity
    assert_allclose(x.h["full"], full)
    assert_allclose(x.h["crossings_open"], full / capacity.sum())
    able = full * (q.throughput_floor + (1 - q.throughput_floor) * before(x.h["capacity"], q.capacity_at_start))
    waiting = before(x.h["queue"], 0.0) + x.arrivals
    passed = np.minimum(waiting, able)
    assert_allclose(x.h["passed"], passed)
    assert_allclose(x.h["queue"], np.minimum(waiting - passed, q.queue_weeks * x.arrivals), atol=1e-6)
    weight = x.sectors["population"] / x.sectors["population"].sum()
    wants = weight * before(s["need"], x.sectors["need_start"])
    sent = np.zeros_like(wants)
    for j in range(len(capacity)):
        served = inputs.serves[j] * wants
        through = gate[:, j] * capacity[j] / np.maximum(full, 1e-9) * passed
        sent += through[:, None] * served / served.sum(axis=1, keepdims=True)
    assert_allclose(s["sent"], sent, rtol=1e-9, atol=1e-9)
    assert_allclose(x.h["trucks_turned_back"], np.maximum(0, waiting - sent.sum(axis=1) - x.h["queue"]), atol=1e-6)


def test_6_and_7_losses_need_debris_and_homes(history):
    x, q, s = history, history.q, history.s
    need = before(s["need"], x.sectors["need_start"])
    spread = max(0.0, q.convoy_loss_peak - q.convoy_loss_floor)
    loss = q.convoy_loss_floor + spread * (1 - s["cover"]) * (1 - s["cover_aid"]) * need**2
    weight = x.sectors["population"] / x.sectors["population"].sum()
    met = s["sent"] * (1 - loss) / (x.arrivals * weight)
    assert_allclose(s["need"], need + q.need_response * (np.maximum(0, 1 - met) - need), rtol=1e-9)
    assert_allclose(x.h["trucks_lost"], (s["sent"] * loss).sum(axis=1), rtol=1e-9, atol=1e-9)
    assert_allclose(x.h["trucks_delivered"], (s["sent"] * (1 - loss)).sum(axis=1), rtol=1e-9, atol=1e-9)
    assert_allclose(s["total_trucks_lost"], (s["sent"] * loss).cumsum(axis=0), rtol=1e-9, atol=1e-9)
    assert_allclose(s["total_unmet_need_weeks"], s["need"].cumsum(axis=0), rtol=1e-9)
    assert_allclose(x.h["need"], (s["need"] * weight).sum(axis=1), rtol=1e-9)
    start = x.sectors["debris_start"]
    guard = np.maximum(s["cover"], s["cover_aid"])
    capacity = before(x.h["capacity"], q.capacity_at_start)
    working = (q.debris_alone + (1 - q.debris_alone) * guard) * (x.h["crossings_open"] * (1 + capacity) / 2)[:, None]
    debris = before(s["debris"], start)
    # tonnes a truck a day, times trucks, times 7 days
    removed = np.minimum(debris, 7 * q.debris_per_truck_day * q.debris_fleet * start / start.sum() * working)
    assert_allclose(s["debris"], debris - removed, rtol=1e-9)
    assert_allclose(x.h["debris_removed"], removed.sum(axis=1), rtol=1e-9)
    rebuilt = before(s["rebuilt"], 0.0)
    cleared = x.sectors["homes"] * (1 - s["debris"] / start)
    built = np.maximum(0, q.rebuilding_rate * (cleared - rebuilt) * x.h["crossings_open"][:, None])
    assert_allclose(s["rebuilt"], rebuilt + built, rtol=1e-9, atol=1e-9)
    assert_allclose(x.h["homes_rebuilt"], built.sum(axis=1), rtol=1e-9, atol=1e-9)


def test_8_threat_capacity_and_legitimacy(history):
    x, q, h = history, history.q, history.h
    first = q.event_rate * x.sectors["armed_start"] / 1000
    usual = (first * q.event_ceiling / (first + q.event_ceiling)).sum()
    threat = np.clip(h["expected"] / usual, 0.01, 10)
    assert_allclose(h["threat"], threat, rtol=1e-9)
    legitimacy, capacity = before(h["legitimacy"], q.legitimacy_at_start), before(h["capacity"], q.capacity_at_start)
    aim = q.capacity_at_start + (1 - q.capacity_at_start) * h["govern"] * legitimacy
    assert_allclose(h["capacity"], capacity + q.capacity_speed * (aim - capacity), rtol=1e-9)
    start = np.log(q.legitimacy_at_start / (1 - q.legitimacy_at_start))
    weight = x.sectors["population"] / x.sectors["population"].sum()
    fed = (x.sectors["need_start"] * weight).sum() - h["need"]
    odds = before(h["odds"], start)
    aim = start + q.legitimacy_need * fed + q.legitimacy_presence * h["govern"] - q.legitimacy_threat * np.log(threat)
    noise = q.legitimacy_noise * special.ndtri(x.u(draws.Z_LEGITIMACY))
    assert_allclose(h["odds"], odds + q.legitimacy_speed * (aim - odds) + noise, atol=2e-6)
    assert_allclose(h["legitimacy"], 1 / (1 + np.exp(-h["odds"])), rtol=1e-9)


def test_9_support(history):
    x, q, s = history, history.q, history.s
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    target = (
        q.support_at_start
        + q.support_need * (x.sectors["need_start"] - s["need"])
        + q.support_presence * s["cover"]
        + q.support_legitimacy * (legitimacy - q.legitimacy_at_start)
        - q.support_civilian_deaths * np.log(1 + s["killed"])
        - x.h["outside_shock"][:, None]
        - q.support_coercion * x.h["clash"][:, None] * s["cover_disarm"]
    )
    support = before(s["support"], q.support_at_start)
    assert_allclose(s["support"], support + q.support_speed * (np.clip(target, 0, 1) - support), rtol=1e-9)
    weight = x.sectors["population"] / x.sectors["population"].sum()
    assert_allclose(x.h["support"], (s["support"] * weight).sum(axis=1), rtol=1e-9)


def test_10_home_support_and_who_leaves_when(inputs, history):
    x, q = history, history.q
    _, strength = force(inputs, x)
    for c in range(len(inputs.contributors)):
        home0, psi = x.publics["home_start"][c], x.publics["sensitivity"][c]
        dead = np.concatenate([[0.0], x.c["own_deaths"][:, c].astype(float)])
        limit = -np.log(draws.uniform(x.key, 0, int(inputs.who[c]), draws.U_LEAVES))
        home, hazard, left = home0, 0.0, np.nan
        for week in range(WEEKS):
            # a week's deaths tell at once, then a step back towards where support began
            home = np.clip(home - psi * (np.log(1 + dead[week + 1]) - np.log(1 + dead[week])), 0, 1)
            home += np.clip(home0 - home, -q.home_recovery, q.home_recovery)
            assert x.c["home_support"][week, c] == pytest.approx(home, abs=1e-6)
            if strength[week, c] > 1e-6:
                hazard += q.leaving_rate * np.exp(-q.leaving_slope * (home - q.leaving_reference))
            if np.isnan(left) and hazard >= limit:
                left = week + 1
            assert x.c["present"][week, c] == float(np.isnan(left))
        np.testing.assert_equal(x.c["withdrawal_week"][-1, c], np.float32(left))


def test_11_the_ceasefire_falls_and_is_restored(history):
    x, q, h = history, history.q, history.h
    age = np.log(1 + np.arange(WEEKS) / q.collapse_age)
    risk = q.collapse_rate * h["threat"] ** q.collapse_threat * np.exp(
        -q.collapse_decay * age
        - q.collapse_presence * q.force_share * h["coverage"]
        + q.collapse_outside * (np.minimum(5, h["outside_ratio"]) - 1)
    )  # fmt: skip
    assert_allclose(h["risk"], risk, rtol=1e-9)
    u, last = x.u(draws.U_CEASEFIRE), fallen_before(x)
    assert_array_equal(h["fallen"], np.where(last == 1, u < 1 - q.repair_rate, u < risk))
    assert_array_equal(h["ceasefire"], 1 - last)  # this week's reports are of how the week began
