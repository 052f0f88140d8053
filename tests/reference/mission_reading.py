"""An independent reading of docs/methods/mission.md in plain numpy, over all runs at once, with numpy's own generator.

Written from the equations, not from the kernel: no function of `contingent.mission` is used.
"""

import numpy as np

CHANNELS = ("all", "presence", "policing", "sites", "disarm", "cross", "aid", "train", "govern", "monitor", "clear",
            "deter")  # fmt: skip
NEED_U, SUPPORT_U, TOLL_U = 0.4, 0.5, 0.5
YEAR = 365.25 / 7


def read(inputs, rng):
    """Headline sums and end states of every run; dict of arrays (run)."""
    p = dict(zip(inputs.parameters, inputs.theta, strict=True))
    runs, sectors = inputs.sectors.shape
    gates, contributors, weeks = len(inputs.layout.serves), len(inputs.contributors), inputs.weeks
    col = {name: values[:, None] for name, values in p.items()}
    given = ("population", "need_start", "debris_start", "homes", "armed_start", "weapons_start", "extent")
    people, need0, debris0, homes, armed0, weapons0, extent = (inputs.sectors[name] for name in given)
    given = ("arrivals", "attack_size", "first_rate", "truced", "begins", "age_at_start", "fights_at_start", "aided",
             "governed")  # fmt: skip
    arrivals, size, mu0, truced, begins, age0, w0, aided, governed = (inputs.theatre[name] for name in given)
    truced, aided, governed = truced == 1, aided == 1, governed == 1
    everybody, reach = people.sum(1), extent.sum(1)
    weight = np.divide(people, everybody[:, None], out=np.full(people.shape, 1 / sectors), where=everybody[:, None] > 0)
    part = extent / reach[:, None]
    capacity, first_open = inputs.crossings["capacity"], inputs.crossings["opened"]

    # where every pledge is, week by week, if its contributor stays
    force = np.zeros((runs, contributors, len(CHANNELS), weeks, sectors))
    for pledge, owner in enumerate(inputs.layout.owner):
        for late in np.unique(inputs.layout.delay[:, pledge]):
            rows = np.flatnonzero(inputs.layout.delay[:, pledge] == late)
            if late < weeks:
                there = inputs.planned[pledge][:, : weeks - late]
                force[rows, owner, :, late:] += inputs.layout.delivered[rows, pledge, None, None, None] * there

    armed, weapons, need, debris = armed0.copy(), weapons0.copy(), need0.copy(), debris0.copy()
    each_had = np.divide(weapons0, armed0, out=np.zeros_like(armed0), where=armed0 > 0)
    most_armed = col["armed_ceiling"] * armed0
    support = np.repeat(col["support_at_start"], sectors, 1)
    heat, events, rebuilt, laid_down, killed_so_far = np.zeros((5, runs, sectors))
    gate = rng.random((runs, gates)) < first_open
    consent = rng.random(runs) < p["consent_share"]
    legitimacy, governing = p["legitimacy_at_start"].copy(), p["capacity_at_start"].copy()
    odds0 = np.log(legitimacy / (1 - legitimacy))
    odds = odds0.copy()
    w, age = w0 == 1, age0.copy()
    has_been = truced & ~w  # a cease-fire that never began is not restored
    fell, came, stays = np.zeros(runs, bool), np.zeros(runs, bool), np.ones((runs, contributors), bool)
    home0, sensitivity = inputs.publics["home_start"], inputs.publics["sensitivity"]
    home, dead = home0.copy(), np.zeros((runs, contributors))
    limit, hazard = rng.exponential(size=(runs, contributors)), 0
    toll_before, queue, gone, dead_people, trained = np.full(runs, TOLL_U), *np.zeros((4, runs))
    out = {name: np.zeros(runs) for name in (
        "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "weapons_collected",
        "trucks_delivered", "trucks_lost", "debris_removed", "homes_rebuilt", "trucks_turned_back",
        "crossings_open", "coverage")}  # fmt: skip

    def cover(persons, extent, scale):
        return 1 - np.exp(-persons / (scale * extent))

    def counts(mean, shape):
        return rng.poisson(rng.gamma(np.broadcast_to(shape, mean.shape), 1 / shape) * mean)

    def regime(rise):
        return (1 + p[rise] * w) / (1 + p[rise] * w0)

    for week in range(weeks):
        # 1
        here = dict(zip(CHANNELS, np.einsum("rcjs,rc->jrs", force[:, :, :, week], stays), strict=True))
        strength = force[:, :, 0, week].sum(2) * stays
        troops = strength.sum(1)
        own = 1 - col["side_presence"]
        soldiers = col["side_presence"] * here["all"] + own * here["presence"]
        secure = soldiers + own * col["police_yield"] * here["policing"] + (p["local_yield"] * trained)[:, None] * part
        k = cover(secure, extent, col["coverage_scale"])
        held = (cover(soldiers, extent, col["coverage_scale"]) * part).sum(1)
        special = p["coverage_scale"] * p["special_scale"]
        q = {name: cover(here[name], extent, special[:, None]) for name in ("disarm", "aid", "clear", "sites")}
        q |= {name: cover(here[name].sum(1), reach, special) for name in ("cross", "govern", "monitor", "deter")}
        leave_service = trained * (1 - p["local_loss"])
        most_trained = p["training_ceiling"] * everybody - trained
        trained = leave_service + np.minimum(p["training_pace"] * here["train"].sum(1), most_trained)

        # 3
        share = np.minimum(1, gone / np.maximum(armed0.sum(1), 1e-9))
        aged = np.where(truced & ~w, ((1 + age) / (1 + age0)) ** -p["outside_decay"], 1.0)
        fire = p["outside_rate"] * (1 - p["outside_response"] * share) * regime("fallen_outside") * aged
        fire = fire * np.exp(-p["deterrence_effect"] * q["deter"])
        outside = counts(fire, np.where(truced & ~w, p["outside_dispersion"], p["war_dispersion"]))
        outside = np.minimum(outside, np.maximum(0, 1000 * everybody - dead_people))
        dead_people = dead_people + outside
        outside_here = outside[:, None] * weight

        # 5a
        pi = np.log(p["consent_share"] / (1 - p["consent_share"]))
        pi = pi - p["consent_toll"] * (toll_before - TOLL_U) - p["consent_war"] * (w - w0)
        pi = 1 / (1 + np.exp(-pi))
        consent = consent ^ (rng.random(runs) < np.where(consent, 1 - pi, pi) / p["consent_spell"])
        stalled = np.minimum(1, p["pace_stalled"] * (1 + (p["coerced_pace"] - 1) * p["coercion"]))
        pace = np.where(consent, p["pace_consented"], stalled)
        clash = (p["coercion"] * ~consent)[:, None] * q["disarm"]

        # 6
        closing = p["closing_rate"] * regime("fallen_closing")
        closing *= np.exp(p["closing_threat"] * (toll_before - TOLL_U) - p["crossing_presence"] * q["cross"])
        u = rng.random((runs, gates))
        gate = np.where(gate, u >= np.minimum(1, closing)[:, None], u < col["opening_rate"])
        able = (gate * capacity).sum(1)
        open_share = able / capacity.sum(1) if gates else np.ones(runs)
        waiting = queue + arrivals
        passed = np.minimum(waiting, able * (p["throughput_floor"] + (1 - p["throughput_floor"]) * governing))
        by_gate = np.divide(gate * capacity * passed[:, None], able[:, None], where=able[:, None] > 0,
                            out=np.zeros((runs, gates)))  # fmt: skip
        wants = inputs.layout.serves[None] * (weight * need)[:, None, :]
        wanted = wants.sum(2, keepdims=True)
        sent = (by_gate[:, :, None] * np.divide(wants, wanted, out=np.zeros_like(wants), where=wanted > 0)).sum(1)
        queue = np.minimum(waiting - passed, p["queue_weeks"] * arrivals)
        out["trucks_turned_back"] += waiting - sent.sum(1) - queue

        # 2
        heat = col["intensity_memory"] * heat + col["intensity_noise"] * rng.standard_normal((runs, sectors))
        calm = (p["force_share"] * p["force_effect"] * (1 + legitimacy) / 2)[:, None] * k
        log_m = (
            heat - calm - col["support_effect"] * (support - SUPPORT_U) + col["need_effect"] * (need - NEED_U)
            + col["confrontation"] * clash
        )  # fmt: skip
        m = mu0[:, None] * armed / 1000 * np.exp(log_m) * regime("fallen_events")[:, None]
        m = m + col["spill_over"] * (events @ inputs.layout.neighbours.T)
        ceiling = col["event_ceiling"] * armed / 1000
        m = np.divide(m * ceiling, m + ceiling, out=np.zeros_like(m), where=ceiling > 0)
        events = counts(m, col["event_dispersion"])
        each = col["civilian_deaths_per_event"] * (1 - col["site_protection"] * q["sites"])
        killed = np.minimum(rng.poisson(each * events), np.maximum(0, 1000 * people - killed_so_far))
        killed_so_far, dead_people = killed_so_far + killed, dead_people + killed.sum(1)
        per_head = np.divide(100 * (killed + outside_here), people, out=np.zeros_like(people), where=people > 0)
        toll = np.log(1 + per_head)
        toll_here = (toll * weight).sum(1)
        level = np.log(1 + YEAR * ((each * m).sum(1) + fire))

        # 5
        noise = np.exp(col["pace_noise"] * rng.standard_normal((runs, sectors)) - col["pace_noise"] ** 2 / 2)
        y = (pace * (1 + legitimacy) / 2)[:, None] * (1 + col["pace_half"]) * q["disarm"]
        y = y / (q["disarm"] + col["pace_half"]) * noise
        x = np.minimum(armed * y / (1 + y), col["throughput"] * here["disarm"])
        handed = np.minimum(weapons, col["weapons_per_disarmed"] * x)
        back = np.minimum(col["rearming"] * w[:, None] * laid_down, np.maximum(0, most_armed - armed))
        room = np.maximum(0, most_armed - armed - back)
        joined = col["recruits_per_death"] * (killed + outside_here) * room / np.maximum(most_armed, 1e-9)
        joined = np.minimum(joined, room) + back
        laid_down, gone = laid_down + x - back, gone + x.sum(1)
        armed, weapons = armed + joined - x, weapons - handed + col["recruit_weapons"] * each_had * joined

        # 6, 7
        peak, floor = col["convoy_loss_peak"], col["convoy_loss_floor"]
        danger = 1 - (1 - need**2) * np.exp(-col["convoy_toll"] * toll)
        loss = sent * (floor + np.maximum(0, peak - floor) * (1 - k) * (1 - q["aid"]) * danger)
        needed = arrivals[:, None] * weight
        met = np.divide(sent - loss, needed, out=np.ones_like(loss), where=needed > 0)
        after = need + col["need_response"] * (np.maximum(0, 1 - met) - need)
        need = np.where(aided[:, None] & (needed > 0), after, need)
        guard = np.maximum(np.maximum(k, q["aid"]), q["clear"])
        work = (col["debris_alone"] + (1 - col["debris_alone"]) * guard) * (open_share * (1 + governing) / 2)[:, None]
        fleet = 7 * p["debris_per_truck_day"] * p["debris_fleet"] / np.maximum(debris0.sum(1), 1e-9)
        cleared = np.minimum(debris, fleet[:, None] * debris0 * work)
        debris = debris - cleared
        left = np.divide(debris, debris0, out=np.zeros_like(debris), where=debris0 > 0)
        built = np.maximum(0, col["rebuilding_rate"] * (homes * (1 - left) - rebuilt) * open_share[:, None])
        rebuilt = rebuilt + built

        # 9
        target = (
            col["support_at_start"] + col["support_need"] * (NEED_U - need) + col["support_presence"] * k
            + col["support_legitimacy"] * (legitimacy - p["legitimacy_at_start"])[:, None]
            - col["support_toll"] * (toll - TOLL_U) - col["support_coercion"] * clash
        )  # fmt: skip
        support = support + col["support_speed"] * (np.clip(target, 0, 1) - support)
        support_mean, need_mean = (support * weight).sum(1), (need * weight).sum(1)

        # 4
        there = armed.sum(1)
        near = np.maximum(there / (there + p["attackers"]), 1 - np.exp(-10 * fire))
        rate = troops * p["attack_risk"] / (1000 * YEAR) / size * near * np.exp(
            p["threat_elasticity"] * (level - np.log(289))
            - p["support_shield"] * (support_mean - SUPPORT_U) - p["consent_shield"] * (consent - 0.5)
        )  # fmt: skip
        attacks = rng.poisson(rate)
        lost_before = dead.copy()
        run = np.repeat(np.arange(runs), attacks)
        mark = rng.random(len(run)) * troops[run]
        c = (strength[run].cumsum(1) <= mark[:, None]).sum(1)
        hit = np.minimum(
            np.floor(rng.random(len(run)) ** (-1 / p["attack_tail"][run])), np.floor(p["attack_largest"][run])
        )
        np.add.at(dead, (run, c), np.minimum(hit, np.maximum(1, np.floor(strength[run, c]))))

        # 10
        home = np.clip(home - sensitivity * (np.log1p(dead) - np.log1p(lost_before)), 0, 1)
        home = home + np.clip(home0 - home, -col["home_recovery"], col["home_recovery"])
        risk = col["leaving_rate"] * np.exp(-col["leaving_slope"] * (home - col["leaving_reference"]))
        hazard = hazard + risk * (strength > 1e-6)
        stays = stays & (hazard < limit)

        # 8
        aim = p["capacity_at_start"] + (1 - p["capacity_at_start"]) * q["govern"] * legitimacy
        governing = np.where(governed, governing + p["capacity_speed"] * (aim - governing), governing)
        aim = (
            odds0 + p["legitimacy_need"] * (NEED_U - need_mean) + p["legitimacy_presence"] * q["govern"]
            - p["legitimacy_threat"] * (toll_here - TOLL_U)
        )  # fmt: skip
        step = p["legitimacy_speed"] * (aim - odds) + p["legitimacy_noise"] * rng.standard_normal(runs)
        odds = odds + np.where(governed, step, 0)
        legitimacy = 1 / (1 + np.exp(-odds))

        # 11
        risk = p["collapse_rate"] * (1 + age / p["collapse_age"]) ** -p["collapse_decay"]
        risk = risk * (np.exp(level) / 26) ** p["collapse_threat"]
        calm = p["collapse_presence"] * p["force_share"] * held + p["monitor_effect"] * q["monitor"]
        risk = risk * np.exp(-calm - p["deterrence_effect"] * q["deter"])
        u = rng.random(runs)
        comes = begins == week + 1
        falls, restored = truced & ~w & (u < risk), w & has_been & (u < p["repair_rate"])
        if week < weeks - 1:
            fell |= falls
        has_been = has_been | comes
        age = np.where(w | falls, 0, age + 1)
        in_force = ~w
        came |= in_force
        w = (w | falls) & ~restored & ~comes
        toll_before = toll_here

        sums = {"events": events, "civilian_deaths": killed, "disarmed": x, "weapons_collected": handed,
                "trucks_lost": loss, "trucks_delivered": sent - loss, "debris_removed": cleared,
                "homes_rebuilt": built}  # fmt: skip
        for name, values in sums.items():
            out[name] += values.sum(1)
        out["outside_deaths"] += outside
        out["crossings_open"] += open_share / weeks
        out["coverage"] += (k * part).sum(1) / weeks
    out["own_deaths"] = dead.sum(1)
    return out | {
        "need": (need * weight).sum(1), "support": (support * weight).sum(1), "legitimacy": legitimacy,
        "capacity": governing, "armed": armed.sum(1), "ceasefire_fell": fell.astype(float),
        "ceasefire_holds": in_force.astype(float), "ceasefire_came": came.astype(float),
        "contributors_left": (~stays).sum(1).astype(float), "registered": out["disarmed"] * p["register_inflation"],
    }  # fmt: skip
