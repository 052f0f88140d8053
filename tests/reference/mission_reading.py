"""An independent reading of docs/methods/mission.md in plain numpy, over all runs at once, with numpy's own generator.

Written from the equations, not from the kernel: no function of `contingent.mission` is used.
"""

import numpy as np


def read(inputs, rng):
    """Headline sums and end states of every run; dict of arrays (run)."""
    p = dict(zip(inputs.parameters, inputs.theta, strict=True))
    runs, sectors = inputs.sectors.shape
    gates, contributors = len(inputs.serves), len(inputs.contributors)
    col = {name: values[:, None] for name, values in p.items()}
    fields = ("population", "need_start", "debris_start", "homes", "armed_start", "weapons_start")
    population, need0, debris0, homes, armed0, weapons0 = (inputs.sectors[name] for name in fields)
    arrivals, size = inputs.theatre["arrivals"], inputs.theatre["attack_size"]
    weight = population / population.sum(1, keepdims=True)
    capacity, first_open = inputs.crossings["capacity"], inputs.crossings["opened"]

    # where every pledge is, week by week, if its contributor stays
    weeks = inputs.weeks
    force = np.zeros((runs, contributors, 6, weeks, sectors))
    for pledge, owner in enumerate(inputs.owner):
        for late in np.unique(inputs.delay[:, pledge]):
            rows = np.flatnonzero(inputs.delay[:, pledge] == late)
            if late < weeks:
                there = inputs.planned[pledge][:, : weeks - late]
                force[rows, owner, :, late:] += inputs.delivered[rows, pledge, None, None, None] * there

    armed, weapons, need, debris = armed0.copy(), weapons0.copy(), need0.copy(), debris0.copy()
    support = np.repeat(col["support_at_start"], sectors, 1)
    heat, events, rebuilt = np.zeros((3, runs, sectors))
    gate = rng.random((runs, gates)) < first_open
    consent = rng.random(runs) < p["consent_share"]
    legitimacy, governing = p["legitimacy_at_start"].copy(), p["capacity_at_start"].copy()
    odds0 = np.log(legitimacy / (1 - legitimacy))
    odds = odds0.copy()
    fallen, stays = np.zeros(runs, bool), np.ones((runs, contributors), bool)
    ever_fallen = np.zeros(runs, bool)
    home0, sensitivity = inputs.publics["home_start"], inputs.publics["sensitivity"]
    home, dead, limit, hazard = (
        home0.copy(),
        np.zeros((runs, contributors)),
        rng.exponential(size=(runs, contributors)),
        0,
    )
    threat, queue, disarmed_all = np.ones(runs), np.zeros(runs), np.zeros(runs)
    first = col["event_rate"] * armed0 / 1000
    usual = (first * col["event_ceiling"] / (first + col["event_ceiling"])).sum(1)
    need_mean0 = (need0 * weight).sum(1)
    out = {name: np.zeros(runs) for name in (
        "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "weapons_collected",
        "trucks_delivered", "trucks_lost", "debris_removed", "homes_rebuilt", "trucks_turned_back",
        "crossings_open")}  # fmt: skip

    def cover(persons, people, scale):
        return 1 - np.exp(-persons / (scale * people))

    def counts(mean, shape):
        rate = rng.gamma(np.broadcast_to(shape, mean.shape), 1 / shape) * mean
        return rng.poisson(rate)

    for week in range(weeks):
        here = np.einsum("rcjs,rc->rjs", force[:, :, :, week], stays)
        strength = force[:, :, 0, week].sum(2) * stays
        troops = strength.sum(1)
        special = p["coverage_scale"] * p["special_scale"]
        secure = col["side_presence"] * here[:, 0] + (1 - col["side_presence"]) * here[:, 1]
        k = cover(secure, population, col["coverage_scale"])
        k_disarm, k_aid = (cover(here[:, j], population, special[:, None]) for j in (2, 4))
        k_cross, k_govern = (cover(here[:, j].sum(1), population.sum(1), special) for j in (3, 5))
        k_mean = (k * weight).sum(1)

        share = np.minimum(1, disarmed_all / armed0.sum(1))
        mean = p["outside_rate"] * (1 - p["outside_response"] * share) * (1 + p["fallen_outside"] * fallen)
        outside = counts(mean, p["outside_dispersion"])
        ratio = np.where(p["outside_rate"] > 0, outside / np.maximum(p["outside_rate"], 1e-12), 1.0)

        u = rng.random(runs)
        change = np.where(consent, (1 - p["consent_share"]), p["consent_share"]) / p["consent_spell"]
        consent = consent ^ (u < change)
        stalled = np.minimum(1, p["pace_stalled"] * (1 + (p["coerced_pace"] - 1) * p["coercion"]))
        pace = np.where(consent, p["pace_consented"], stalled)
        clash = p["coercion"] * ~consent

        closing = p["closing_rate"] * np.maximum(
            0, 1 + p["closing_threat"] * (threat - 1) + p["fallen_closing"] * fallen
        ) * np.exp(-p["crossing_presence"] * k_cross)  # fmt: skip
        u = rng.random((runs, gates))
        gate = np.where(gate, u >= closing[:, None], u < col["opening_rate"])
        able = (gate * capacity).sum(1)
        open_share = able / capacity.sum(1)
        waiting = queue + arrivals
        passed = np.minimum(waiting, able * (p["throughput_floor"] + (1 - p["throughput_floor"]) * governing))
        by_gate = np.divide(gate * capacity * passed[:, None], able[:, None], where=able[:, None] > 0,
                            out=np.zeros((runs, gates)))  # fmt: skip
        wants = inputs.serves[None] * (weight * need)[:, None, :]
        sent = (by_gate[:, :, None] * wants / wants.sum(2, keepdims=True)).sum(1)
        queue = np.minimum(waiting - passed, p["queue_weeks"] * arrivals)
        out["trucks_turned_back"] += waiting - sent.sum(1) - queue

        near = events @ inputs.neighbours.T
        heat = col["intensity_memory"] * heat + col["intensity_noise"] * rng.standard_normal((runs, sectors))
        calm = (p["force_share"] * p["force_effect"] * (1 + legitimacy) / 2)[:, None] * k
        log_m = (
            heat - calm - col["support_effect"] * (support - col["support_at_start"])
            + col["need_effect"] * (need - need0) + col["confrontation"] * clash[:, None] * k_disarm
        )  # fmt: skip
        m = col["event_rate"] * armed / 1000 * np.exp(log_m) * (1 + col["fallen_events"] * fallen[:, None])
        m = m + col["spill_over"] * near
        m = m * col["event_ceiling"] / (m + col["event_ceiling"])
        events = counts(m, col["event_dispersion"])
        killed = rng.poisson(col["civilian_deaths_per_event"] * events)

        noise = np.exp(col["pace_noise"] * rng.standard_normal((runs, sectors)) - col["pace_noise"] ** 2 / 2)
        y = (pace * (1 + legitimacy) / 2)[:, None] * (1 + col["pace_half"]) * k_disarm / (k_disarm + col["pace_half"])
        x = armed * y * noise / (1 + y * noise)
        given = np.minimum(weapons, col["weapons_per_disarmed"] * x)
        room = np.maximum(0, col["armed_ceiling"] * armed0 - armed)
        deaths = killed + outside[:, None] * weight
        joined = np.minimum(col["recruits_per_death"] * deaths * room / (col["armed_ceiling"] * armed0), room)
        armed, weapons = armed + joined - x, weapons - given
        disarmed_all = disarmed_all + x.sum(1)

        peak, floor = col["convoy_loss_peak"], col["convoy_loss_floor"]
        loss = sent * (floor + np.maximum(0, peak - floor) * (1 - k) * (1 - k_aid) * need**2)
        met = (sent - loss) / (arrivals[:, None] * weight)
        need = need + col["need_response"] * (np.maximum(0, 1 - met) - need)
        work = (col["debris_alone"] + (1 - col["debris_alone"]) * np.maximum(k, k_aid)) * (
            open_share * (1 + governing) / 2
        )[:, None]
        fleet = 7 * p["debris_per_truck_day"] * p["debris_fleet"]
        gone = np.minimum(debris, fleet[:, None] * debris0 / debris0.sum(1, keepdims=True) * work)
        debris = debris - gone
        built = np.maximum(0, col["rebuilding_rate"] * (homes * (1 - debris / debris0) - rebuilt) * open_share[:, None])
        rebuilt = rebuilt + built
        target = (
            col["support_at_start"] + col["support_need"] * (need0 - need) + col["support_presence"] * k
            + col["support_legitimacy"] * (legitimacy - p["legitimacy_at_start"])[:, None]
            - col["support_civilian_deaths"] * np.log1p(killed)
            - (p["support_outside_deaths"] * np.log((1 + ratio) / 2))[:, None]
            - col["support_coercion"] * clash[:, None] * k_disarm
        )  # fmt: skip
        support = support + col["support_speed"] * (np.clip(target, 0, 1) - support)
        support_mean, need_mean = (support * weight).sum(1), (need * weight).sum(1)

        around = p["civilian_deaths_per_event"] * m.sum(1) + mean
        rate = troops * p["attack_risk"] / (1000 * 365.25 / 7) / size * np.exp(
            p["threat_elasticity"] * np.log((1 + 365.25 / 7 * around) / 289)
            - p["support_shield"] * (support_mean - p["support_at_start"])
        )  # fmt: skip
        attacks = rng.poisson(rate)
        lost_before = dead.copy()
        for run in np.flatnonzero(attacks):
            for _ in range(attacks[run]):
                c = rng.choice(contributors, p=strength[run] / troops[run])
                hit = min(np.floor(rng.random() ** (-1 / p["attack_tail"][run])), np.floor(p["attack_largest"][run]))
                dead[run, c] += min(hit, max(1, np.floor(strength[run, c])))
        shock = sensitivity * (np.log1p(dead) - np.log1p(lost_before))
        home = np.clip(home - shock, 0, 1)
        home = home + np.clip(home0 - home, -col["home_recovery"], col["home_recovery"])
        risk = col["leaving_rate"] * np.exp(-col["leaving_slope"] * (home - col["leaving_reference"]))
        hazard = hazard + risk * (strength > 1e-6)
        stays = stays & (hazard < limit)

        threat = np.clip(m.sum(1) / usual, 0.01, 10)
        governing = governing + p["capacity_speed"] * (
            p["capacity_at_start"] + (1 - p["capacity_at_start"]) * k_govern * legitimacy - governing
        )
        aim = (
            odds0 + p["legitimacy_need"] * (need_mean0 - need_mean) + p["legitimacy_presence"] * k_govern
            - p["legitimacy_threat"] * np.log(threat)
        )  # fmt: skip
        odds = odds + p["legitimacy_speed"] * (aim - odds) + p["legitimacy_noise"] * rng.standard_normal(runs)
        legitimacy = 1 / (1 + np.exp(-odds))
        ever_fallen |= fallen
        risk = (
            p["collapse_rate"] * (1 + week / p["collapse_age"]) ** -p["collapse_decay"] * threat ** p["collapse_threat"]
            * np.exp(-p["collapse_presence"] * p["force_share"] * k_mean
                     + p["collapse_outside"] * (np.minimum(5, ratio) - 1))
        )  # fmt: skip
        fallen = fallen ^ (rng.random(runs) < np.where(fallen, p["repair_rate"], risk))

        sums = {"events": events, "civilian_deaths": killed, "disarmed": x, "weapons_collected": given,
                "trucks_lost": loss, "trucks_delivered": sent - loss, "debris_removed": gone,
                "homes_rebuilt": built}  # fmt: skip
        for name, values in sums.items():
            out[name] += values.sum(1)
        out["outside_deaths"] += outside
        out["crossings_open"] += open_share / weeks
    out["own_deaths"] = dead.sum(1)
    return out | {
        "need": need_mean, "support": support_mean, "legitimacy": legitimacy, "capacity": governing,
        "armed": armed.sum(1), "ceasefire_fell": ever_fallen.astype(float),
        "contributors_left": (~stays).sum(1).astype(float),
    }  # fmt: skip
