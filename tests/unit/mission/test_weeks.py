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
from contingent.mission.eq01_coverage import CHANNELS
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import empty_trace, simulate_into
from contingent.mission.state import SECTOR, THEATRE
from contingent.scenario.theatre import Task

WEEKS = 40
RUNS = (0, 3, 5)


def eventful(gaza):
    """The shipped theatre with much of everything: tasks of every kind, attacks, coercion, closings, collapse."""
    tasks = {kind: Task(label=kind, contributes_to=kind) for kind in CHANNELS[1:]}
    mandate = gaza.mandate.model_copy(update={"use_of_force": "enforcement", "tasks": tasks})
    scenario = gaza.model_copy(update={"horizon": WEEKS, "mandate": mandate})
    inputs = prepare(scenario, plain_presence(scenario, 8, scale=0.5), Design(5, 8))
    theta = inputs.theta.copy()
    for name, factor in {
        "attack_risk": 60.0, "collapse_rate": 30.0, "closing_rate": 3.0, "leaving_rate": 8.0,
        "repair_rate": 3.0, "rearming": 3.0,
    }.items():  # fmt: skip
        theta[inputs.parameters.index(name)] *= factor
    theta[inputs.parameters.index("consent_spell")] = 8.0
    theta[inputs.parameters.index("pace_consented")] *= 2.0
    sectors = inputs.sectors.copy()
    sectors["extent"] *= [0.5, 1.0, 0.8, 1.0, 0.2]
    return replace(inputs, theta=theta, sectors=sectors)


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
        numbers=inputs.layout.sector_luck, given={n: float(inputs.theatre[n][run]) for n in THEATRE.given.fields or ()},
        arrivals=float(inputs.theatre["arrivals"][run]), weight=sectors["population"] / sectors["population"].sum(),
    )  # fmt: skip


def before(values, start):
    """Last week's values: those of the first day, then the series but its last."""
    return np.concatenate([np.broadcast_to(start, (1, *values.shape[1:])), values[:-1]])


def each(u, d):
    """A process's numbers in every sector; shape (week, sector)."""
    return np.stack([u(process, sector) for process, sector in d], axis=1)


def luck(history, process):
    return each(history.u, [(process, int(d)) for d in history.numbers])


def fallen_before(x):
    return before(x.h["fallen"], 0.0)


def force(inputs, x):
    """Persons by week, channel and sector from the plan alone: late, in part, without those who had left by then."""
    here = np.zeros((WEEKS, *inputs.planned.shape[1:2], inputs.planned.shape[3]))
    present = before(x.c["present"], 1.0)
    by_contributor = np.zeros((WEEKS, len(inputs.contributors)))
    for p, owner in enumerate(inputs.layout.owner):
        late = int(inputs.layout.delay[x.run, p])
        for week in range(late, WEEKS):
            there = inputs.layout.delivered[x.run, p] * inputs.planned[p, :, week - late] * present[week, owner]
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
    assert outputs.by_sector["recruited"].max() > 0
    assert series["own_deaths"].max() > 64


def test_1_cover_by_week_channel_and_sector(inputs, history):
    x, q = history, history.q
    here, _ = force(inputs, x)
    extent = x.sectors["extent"]
    special_scale = q.coverage_scale * q.special_scale
    patrol, police = (here[:, CHANNELS.index(name)] for name in ("presence", "policing"))
    soldiers = q.side_presence * here[:, 0] + (1 - q.side_presence) * patrol
    trained, last = x.h["trained"], before(x.h["trained"], 0.0)
    secure = soldiers + (1 - q.side_presence) * q.police_yield * police
    secure = secure + q.local_yield * last[:, None] * extent / extent.sum()
    assert_allclose(x.s["cover"], 1 - np.exp(-secure / (q.coverage_scale * extent)), atol=1e-9)
    tasks = {"disarm": "disarmament", "aid": "aid", "clear": "clearance", "sites": "protection"}
    for name, task in tasks.items():
        people = here[:, CHANNELS.index(task)]
        assert_allclose(x.s[f"cover_{name}"], 1 - np.exp(-people / (special_scale * extent)), atol=1e-9)
    tasks = {"cross": "crossings", "govern": "governance", "monitor": "monitoring", "deter": "deterrence"}
    for name, task in tasks.items():
        people = here[:, CHANNELS.index(task)].sum(axis=1)
        assert_allclose(x.h[name], 1 - np.exp(-people / (extent.sum() * special_scale)), atol=1e-9)
    part = extent / extent.sum()
    assert_allclose(x.h["coverage"], (x.s["cover"] * part).sum(axis=1), atol=1e-9)
    held = 1 - np.exp(-soldiers / (q.coverage_scale * extent))
    assert_allclose(x.h["holding"], (held * part).sum(axis=1), atol=1e-9)
    assert_allclose(x.h["troops"], here[:, 0].sum(axis=1), rtol=1e-9, atol=1e-6)
    trainers = here[:, CHANNELS.index("training")].sum(axis=1)
    most = q.training_ceiling * x.sectors["population"].sum()
    assert trained.max() > 0
    assert_allclose(trained, last * (1 - q.local_loss) + np.minimum(q.training_pace * trainers, most - last), rtol=1e-9)


def regime(x, rise):
    """Rates beside those of the first day, which is one of a cease-fire here."""
    return 1 + rise * fallen_before(x)


def test_2_heat_effects_and_expected_events(inputs, history):
    x, q, s = history, history.q, history.s
    z = special.ndtri(luck(x, draws.Z_INTENSITY))
    assert_allclose(s["heat"], q.intensity_memory * before(s["heat"], 0.0) + q.intensity_noise * z, atol=2e-6)
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    support, need = before(s["support"], q.support_at_start), before(s["need"], x.sectors["need_start"])
    effects = (
        s["heat"]
        - q.force_share * q.force_effect * (1 + legitimacy) / 2 * s["cover"]
        - q.support_effect * (support - 0.5)
        + q.need_effect * (need - 0.4)
        + q.confrontation * q.coercion * (1 - x.h["consent"])[:, None] * s["cover_disarm"]
    )
    assert_allclose(s["effects"], effects, atol=1e-9)
    near = before(s["happened"], 0.0) @ inputs.layout.neighbours.T
    assert_allclose(s["neighbour_events"], near, atol=1e-9)
    armed = before(s["armed"], x.sectors["armed_start"])
    m = x.given["first_rate"] * armed / 1000 * np.exp(effects) * regime(x, q.fallen_events)[:, None]
    m, most = m + q.spill_over * near, q.event_ceiling * armed / 1000
    m = m * most / (m + most)
    assert_allclose(s["expected"], m, rtol=1e-9)


def each_event_kills(x):
    return x.q.civilian_deaths_per_event * (1 - x.q.site_protection * x.s["cover_sites"])


def test_2_events_and_deaths_are_the_quantiles_of_their_numbers(history):
    x, q, s = history, history.q, history.s
    k = q.event_dispersion
    assert_array_equal(s["happened"], stats.nbinom.ppf(luck(x, draws.U_EVENTS), k, k / (k + s["expected"])))
    killed = stats.poisson.ppf(luck(x, draws.U_CIVILIANS), each_event_kills(x) * s["happened"])
    assert_array_equal(s["killed"], killed)
    assert_allclose(x.h["deaths_expected"], (each_event_kills(x) * s["expected"]).sum(axis=1), rtol=1e-9)
    toll = np.log1p((killed + x.h["outside_deaths"][:, None] * x.weight) / (x.sectors["population"] * 1000) * 100_000)
    assert_allclose(s["toll"], toll, rtol=1e-9)
    assert_allclose(x.h["week_toll"], (toll * x.weight).sum(axis=1), rtol=1e-9)
    assert_array_equal(x.h["toll"], x.h["week_toll"])  # as the next week finds it
    assert_array_equal(x.h["events"], s["happened"].sum(axis=1))
    assert_array_equal(x.h["civilian_deaths"], s["killed"].sum(axis=1))
    assert_array_equal(s["total_events"], s["happened"].cumsum(axis=0))
    assert_array_equal(s["total_civilian_deaths"], s["killed"].cumsum(axis=0))


def test_3_outside_deaths(history):
    x, q = history, history.q
    share = np.minimum(1, before(x.h["gone"], 0.0) / x.sectors["armed_start"].sum())
    rate = q.outside_rate * (1 - q.outside_response * share) * regime(x, q.fallen_outside)
    age, first = before(x.h["age"], x.given["age_at_start"]), x.given["age_at_start"]
    assert first == pytest.approx(18 / 7)  # 10 to 28 October
    fights = fallen_before(x) == 1
    rate *= np.where(fights, 1.0, ((1 + age) / (1 + first)) ** -q.outside_decay)
    rate *= np.exp(-q.deterrence_effect * x.h["deter"])
    k = np.where(fights, q.war_dispersion, q.outside_dispersion)
    assert_allclose(x.h["outside_expected"], rate)
    assert_array_equal(x.h["outside_deaths"], stats.nbinom.ppf(x.u(draws.U_OUTSIDE), k, k / (k + rate)))


def level(x):
    """ln(1 + deaths a year that the week's expected violence stands for)."""
    return np.log1p(365.25 / 7 * ((each_event_kills(x) * x.s["expected"]).sum(axis=1) + x.h["outside_expected"]))


def test_4_attacks_and_who_is_hit(inputs, history):
    x, q = history, history.q
    _, strength = force(inputs, x)
    assert_allclose(x.h["level"], level(x))
    rate = x.h["troops"] * q.attack_risk / 52_178.57 / x.given["attack_size"]
    rate *= np.exp(q.threat_elasticity * (level(x) - np.log(289)))
    rate *= np.exp(-q.support_shield * (x.h["support"] - 0.5) - q.consent_shield * (x.h["consent"] - 0.5))
    armed = x.h["armed"]
    rate *= np.maximum(armed / (armed + q.attackers), 1 - np.exp(-10 * x.h["outside_expected"]))
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
    odds = np.log(q.consent_share / (1 - q.consent_share)) - q.consent_toll * (before(x.h["toll"], 0.5) - 0.5)
    share = special.expit(odds - q.consent_war * fallen_before(x))
    kept = (u >= (1 - share) / q.consent_spell).astype(float)
    won = (u >= 1 - share / q.consent_spell).astype(float)
    assert_array_equal(x.h["consent"], np.where(last == 1, kept, won))
    stalled = min(1.0, q.pace_stalled * (1 + (q.coerced_pace - 1) * q.coercion))
    assert_allclose(x.h["pace"], np.where(x.h["consent"] == 1, q.pace_consented, stalled))
    assert_allclose(x.h["clash"], q.coercion * (1 - x.h["consent"]))


def test_5_disarmed_weapons_and_recruits(inputs, history):
    x, q, s = history, history.q, history.s
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    noise = np.exp(q.pace_noise * special.ndtri(luck(x, draws.Z_PACE)) - q.pace_noise**2 / 2)
    cover = s["cover_disarm"]
    y = x.h["pace"][:, None] * (1 + legitimacy) / 2 * (1 + q.pace_half) * cover / (cover + q.pace_half) * noise
    armed = before(s["armed"], x.sectors["armed_start"])
    staff = force(inputs, x)[0][:, CHANNELS.index("disarmament")]
    gone = np.minimum(armed * y / (1 + y), q.throughput * staff)
    assert_allclose(s["disarmed"], gone, rtol=2e-6)
    weapons = before(s["weapons"], x.sectors["weapons_start"])
    given = np.minimum(weapons, q.weapons_per_disarmed * s["disarmed"])
    assert_allclose(x.h["weapons_collected"], given.sum(axis=1), rtol=1e-9)
    assert_allclose(s["total_weapons"], given.cumsum(axis=0), rtol=1e-9)
    deaths = s["killed"] + x.h["outside_deaths"][:, None] * x.weight
    most = q.armed_ceiling * x.sectors["armed_start"]
    last = before(s["laid_down"], 0.0)
    back = np.minimum(q.rearming * fallen_before(x)[:, None] * last, np.maximum(0, most - armed))
    assert_allclose(s["laid_down"], last + s["disarmed"] - back, rtol=1e-9)
    room = np.maximum(0, most - armed - back)
    joined = back + np.minimum(q.recruits_per_death * deaths * room / most, room)
    each = x.sectors["weapons_start"] / x.sectors["armed_start"]
    assert_allclose(s["weapons"], weapons - given + q.recruit_weapons * each * joined, rtol=1e-9)
    assert_allclose(s["armed"], armed + joined - s["disarmed"], rtol=1e-9)
    assert_allclose(s["total_recruited"], joined.cumsum(axis=0), rtol=1e-9)
    assert_allclose(x.h["gone"], s["disarmed"].sum(axis=1).cumsum(), rtol=1e-9)
    assert_allclose(x.h["armed"], s["armed"].sum(axis=1), rtol=1e-9)
    assert_allclose(x.h["disarmed"], s["disarmed"].sum(axis=1), rtol=1e-9)
    assert_allclose(s["total_disarmed"], s["disarmed"].cumsum(axis=0), rtol=1e-9)


def gates(x, inputs):
    """Whether each crossing is open, by week."""
    q, numbers = x.q, [int(j) for j in inputs.layout.crossing_luck]
    start = [float(draws.uniform(x.key, 0, j, draws.U_CROSSING_START)) for j in numbers]
    toll = before(x.h["toll"], 0.5) - 0.5
    closing = q.closing_rate * regime(x, q.fallen_closing)
    closing *= np.exp(q.closing_threat * toll - q.crossing_presence * x.h["cross"])
    u = each(x.u, [(draws.U_CROSSING, j) for j in numbers])
    found, last = [], (np.array(start) < x.crossings["opened"]).astype(float)
    for week in range(WEEKS):
        last = np.where(last == 1, u[week] >= min(1, closing[week]), u[week] >= 1 - q.opening_rate).astype(float)
        found.append(last)
    return np.array(found)


def test_6_crossings_queue_and_what_is_sent(inputs, history):
    x, q, s = history, history.q, history.s
    gate, capacity = gates(x, inputs), x.crossings["capacity"]
    full = gate @ capacity
    assert_allclose(x.h["full"], full)
    assert_allclose(x.h["crossings_open"], full / capacity.sum())
    able = full * (q.throughput_floor + (1 - q.throughput_floor) * before(x.h["capacity"], q.capacity_at_start))
    waiting = before(x.h["queue"], 0.0) + x.arrivals
    passed = np.minimum(waiting, able)
    assert_allclose(x.h["passed"], passed)
    assert_allclose(x.h["queue"], np.minimum(waiting - passed, q.queue_weeks * x.arrivals), atol=1e-6)
    wants = x.weight * before(s["need"], x.sectors["need_start"])
    sent = np.zeros_like(wants)
    for j in range(len(capacity)):
        served = inputs.layout.serves[j] * wants
        through = gate[:, j] * capacity[j] / np.maximum(full, 1e-9) * passed
        sent += through[:, None] * served / served.sum(axis=1, keepdims=True)
    assert_allclose(s["sent"], sent, rtol=1e-9, atol=1e-9)
    assert_allclose(x.h["trucks_turned_back"], np.maximum(0, waiting - sent.sum(axis=1) - x.h["queue"]), atol=1e-6)


def test_6_and_7_losses_need_debris_and_homes(history):
    x, q, s = history, history.q, history.s
    need = before(s["need"], x.sectors["need_start"])
    spread = max(0.0, q.convoy_loss_peak - q.convoy_loss_floor)
    floor, loss = q.convoy_loss_floor, spread * (1 - s["cover"]) * (1 - s["cover_aid"])
    loss = floor + loss * (1 - (1 - need**2) * np.exp(-q.convoy_toll * s["toll"]))
    weight = x.weight
    met = s["sent"] * (1 - loss) / (x.arrivals * weight)
    assert_allclose(s["need"], need + q.need_response * (np.maximum(0, 1 - met) - need), rtol=1e-9)
    assert_allclose(x.h["trucks_lost"], (s["sent"] * loss).sum(axis=1), rtol=1e-9, atol=1e-9)
    assert_allclose(x.h["trucks_delivered"], (s["sent"] * (1 - loss)).sum(axis=1), rtol=1e-9, atol=1e-9)
    assert_allclose(s["total_trucks_lost"], (s["sent"] * loss).cumsum(axis=0), rtol=1e-9, atol=1e-9)
    assert_allclose(s["total_unmet_need_weeks"], s["need"].cumsum(axis=0), rtol=1e-9)
    assert_allclose(x.h["need"], (s["need"] * weight).sum(axis=1), rtol=1e-9)
    start = x.sectors["debris_start"]
    guard = np.maximum(np.maximum(s["cover"], s["cover_aid"]), s["cover_clear"])
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


def test_8_capacity_and_legitimacy(history):
    x, q, h = history, history.q, history.h
    legitimacy, capacity = before(h["legitimacy"], q.legitimacy_at_start), before(h["capacity"], q.capacity_at_start)
    aim = q.capacity_at_start + (1 - q.capacity_at_start) * h["govern"] * legitimacy
    assert_allclose(h["capacity"], capacity + q.capacity_speed * (aim - capacity), rtol=1e-9)
    start = np.log(q.legitimacy_at_start / (1 - q.legitimacy_at_start))
    fed, toll = 0.4 - h["need"], h["week_toll"] - 0.5
    odds = before(h["odds"], start)
    aim = start + q.legitimacy_need * fed + q.legitimacy_presence * h["govern"] - q.legitimacy_threat * toll
    noise = q.legitimacy_noise * special.ndtri(x.u(draws.Z_LEGITIMACY))
    assert_allclose(h["odds"], odds + q.legitimacy_speed * (aim - odds) + noise, atol=2e-6)
    assert_allclose(h["legitimacy"], 1 / (1 + np.exp(-h["odds"])), rtol=1e-9)


def test_9_support(history):
    x, q, s = history, history.q, history.s
    legitimacy = before(x.h["legitimacy"], q.legitimacy_at_start)[:, None]
    target = (
        q.support_at_start
        + q.support_need * (0.4 - s["need"])
        + q.support_presence * s["cover"]
        + q.support_legitimacy * (legitimacy - q.legitimacy_at_start)
        - q.support_toll * (s["toll"] - 0.5)
        - q.support_coercion * x.h["clash"][:, None] * s["cover_disarm"]
    )
    support = before(s["support"], q.support_at_start)
    assert_allclose(s["support"], support + q.support_speed * (np.clip(target, 0, 1) - support), rtol=1e-9)
    assert_allclose(x.h["support"], (s["support"] * x.weight).sum(axis=1), rtol=1e-9)


def test_10_home_support_and_who_leaves_when(inputs, history):
    x, q = history, history.q
    _, strength = force(inputs, x)
    for c in range(len(inputs.contributors)):
        home0, psi = x.publics["home_start"][c], x.publics["sensitivity"][c]
        dead = np.concatenate([[0.0], x.c["own_deaths"][:, c].astype(float)])
        limit = -np.log(draws.uniform(x.key, 0, int(inputs.layout.luck[c]), draws.U_LEAVES))
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
    age = before(h["age"], x.given["age_at_start"])
    calm = q.collapse_presence * q.force_share * h["holding"] + q.monitor_effect * h["monitor"]
    risk = q.collapse_rate * (1 + age / q.collapse_age) ** -q.collapse_decay
    risk *= np.exp(q.collapse_threat * (level(x) - np.log(26)) - calm - q.deterrence_effect * h["deter"])
    assert_allclose(h["risk"], risk, rtol=1e-9)
    u, last = x.u(draws.U_CEASEFIRE), fallen_before(x)
    assert_array_equal(h["fallen"], np.where(last == 1, u < 1 - q.repair_rate, u < risk))
    assert_array_equal(h["ceasefire"], 1 - last)  # this week's reports are of how the week began
    # it ages while it holds; fallen or just restored it is of age 0
    assert_array_equal(h["age"], np.where((last == 0) & (h["fallen"] == 0), age + 1, 0))
