"""Random processes of 1 to 12 gates and 2 to 40 members: law holds, support helps, and outcomes are one
distribution."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from contingent.consultation import consult, dispositions
from contingent.consultation.ballots import TIE
from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.consultation.outcome import commitment, height
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.option import Option
from contingent.scenario.process import Issue, Process, Stakeholder

DESIGN = Design(11, 8)
SEEDS = st.integers(0, 10**6)


@pytest.fixture(autouse=True)
def no_record(monkeypatch):
    monkeypatch.setattr(dispositions, "record_of", lambda scenario, design: design.uniform("record"))
    monkeypatch.setattr(consult, "delivered", lambda scenario, design: np.full(len(design.index), 0.7))
    monkeypatch.setattr(consult, "days_to_decide", lambda scenario, design: 90 * design.uniform("attention"))


def between(rng, low, high):
    ends = np.sort(rng.uniform(low, high, 3))
    return {"low": ends[0], "best": ends[1], "high": ends[2]}


def random_gate(rng, kind, names):
    gate = {"label": kind, "kind": kind, "duration": between(rng, 0, 40)}
    if kind == "event":
        return {**gate, "event": str(rng.choice(["truce", "resolution"]))}
    if kind == "chance":
        return {**gate, "probability": between(rng, 0.1, 0.9)}
    members = {}
    for name in [n for n in names if rng.random() < 0.6] or names[:1]:
        members[name] = {"seats": float(rng.choice([rng.integers(1, 40), rng.uniform(0.01, 1.0)]))}
        if rng.random() < 0.3:
            members[name]["whip"] = between(rng, -2, 2)
        if rng.random() < 0.2:
            members[name]["present"] = between(rng, 0.3, 1)
        if rng.random() < 0.2:
            members[name]["people"] = float(rng.integers(1, 90))
        if rng.random() < 0.15 and kind == "vote":
            members[name]["divided"] = True
    gate["members"] = members
    if kind == "advisory":
        gate["delay"] = between(rng, 0, 60)
    if kind == "vote":
        free = any(member.get("divided") for member in members.values())  # of millions nobody asks all
        gate[str(rng.choice(["quota", "at_least"]))] = float(
            rng.choice([0.5, 2 / 3, 0.55, 0.9 if free else 1.0, rng.uniform(0.1, 0.9)])
        )
        gate["of"] = str(rng.choice(["seats", "present", "votes"]))
        if rng.random() < 0.3:
            gate["abstention"] = float(rng.uniform(0.1, 1))
        if rng.random() < 0.2:
            gate["quorum"] = float(rng.uniform(0.1, 0.7))
        if rng.random() < 0.2:
            gate["people_at_least"] = float(rng.uniform(0.2, 0.7))
        if rng.random() < 0.2:
            gate["casting_vote"] = next(iter(members))
        if rng.random() < 0.2:
            gate["blocking_members"] = int(rng.integers(1, len(members) + 1))
        if rng.random() < 0.2 and not members[next(iter(members))].get("divided"):
            gate["permanent"] = [next(iter(members))]
    return gate


def written(seed, most_gates=12, most_members=40):
    """A random decision as a file would have it."""
    rng = np.random.Generator(np.random.Philox(seed))
    names = [f"s{k}" for k in range(rng.integers(2, most_members + 1))]
    stakeholders = {
        name: {
            "label": name, "bloc": str(rng.choice(["", "left", "right"])), "capability": between(rng, 1, 9),
            "stakes": {
                issue: {"position": between(rng, 0, 100), "salience": between(rng, 5, 60)}
                for issue in ("x", "y") if rng.random() < 0.85
            },
        }
        for name in names
    }  # fmt: skip
    kinds = ["bargain", "vote", "vote", "veto", "advisory", "event", "chance"]
    gates = {f"g{k}": random_gate(rng, str(rng.choice(kinds)), names) for k in range(rng.integers(1, most_gates + 1))}
    both = rng.random() < 0.5  # whether y holds something already; then an option is surely above it or below it
    options = {
        f"o{k}": {
            "x": float(rng.choice([20, 40, 70, 100])),
            **({"y": float(rng.uniform(0, 100)) if both else between(rng, 0, 100)} if rng.random() < 0.7 else {}),
        }
        for k in range(rng.integers(1, 5))
    }
    process = {
        "decider": list(rng.choice(names, rng.integers(1, 3), replace=False)),
        "status_quo": {"x": float(rng.choice([0, 10]))} | ({"y": 50.0} if both else {}),
        "deadline": between(rng, 60, 300), "noise": between(rng, 0.05, 0.3), "shared": between(rng, 0, 1),
        "bloc_correlation": 0.5, "pressure": between(rng, 0, 1), "renewal": between(rng, 0.1, 0.9),
        "events": {
            "truce": {"label": "t", "probability": between(rng, 0.2, 0.9), "delay": between(rng, 1, 200)},
            "resolution": {
                "label": "r", "probability": between(rng, 0.2, 0.9), "delay": between(rng, 1, 200),
                "after": ["truce"] if rng.random() < 0.5 else [], "moved_by": {"truce": between(rng, -1, 1)},
            },
        },
    }  # fmt: skip
    if rng.random() < 0.7:
        process["pool"] = {"share": 0.25, "process": 0.25, "reference": 0.5}
    return {"stakeholders": stakeholders, "gates": gates, "options": options, "process": process}


def decision(text, flip=lambda items: items):
    """The scenario of a written decision; `flip` orders its mappings otherwise."""
    turned = lambda mapping: dict(flip(list(mapping.items())))  # noqa: E731
    gates = {
        name: {**gate, "members": turned(gate["members"])} if "members" in gate else gate
        for name, gate in text["gates"].items()
    }
    events = {**text["process"], "events": turned(text["process"]["events"]), "gates": gates}
    options = {"nothing": {"label": "n", "summary": "", "terms": {}}} | {
        name: {"label": name, "summary": "", "terms": terms} for name, terms in text["options"].items()
    }
    anchors = {"label": "i", "question": "?", "anchors": {}}
    parts = dict.fromkeys(Scenario.model_fields) | {"happened": (), "as_of": date(2026, 1, 1)} | {
        "issues": {name: Issue.model_validate(anchors) for name in ("x", "y")},
        "stakeholders": {n: Stakeholder.model_validate(s) for n, s in turned(text["stakeholders"]).items()},
        "process": Process.model_validate(events),
        "options": {name: Option.model_validate(option) for name, option in turned(options).items()},
        "baseline": "nothing", "horizon": 104, "pledges": (), "caveats": {}, "contributor": "XXX",
    }  # fmt: skip
    return Scenario.model_construct(**parts)


def rungs(scenario):
    """(run, day, stage, rung) and what is reached in time, as one array."""
    table = deliberate(scenario, DESIGN).table
    in_time = table["reached"].values[:, None]
    return np.concatenate([table["reached_by_day"].values, in_time], 1)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_outcomes_are_one_distribution_and_only_grow_towards_an_end(seed):
    table = deliberate(decision(written(seed)), DESIGN).table
    for name in ("outcomes", "outcomes_by_day"):
        values = table[name].values
        assert values.min() >= 0
        assert np.allclose(values.sum(-1), 1, atol=1e-12)
    by_day = table["reached_by_day"].values
    assert (np.diff(by_day, axis=1) >= -1e-12).all()  # later days
    assert (np.diff(by_day, axis=2) <= 1e-12).all()  # decided, accepted, delivered
    assert (np.diff(by_day, axis=3) <= 1e-12).all()  # higher rungs
    decided = table["outcomes_by_day"].values[..., 4:].sum(-1)
    heights = height(decision(written(seed)))
    if all(heights[name] for name in written(seed)["options"]):
        assert np.allclose(decided, by_day[:, :, 0, 0], atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.data())
def test_nobody_who_moves_towards_taking_part_lowers_a_rung(seed, data):
    text = written(seed)
    issue = commitment(decision(text))  # the one by which options are ordered: taking part
    able = [name for name, who in text["stakeholders"].items() if issue in who["stakes"]]
    if not able:
        return
    position = text["stakeholders"][data.draw(st.sampled_from(able))]["stakes"][issue]["position"]
    low, high = sorted(data.draw(st.lists(st.floats(0, 100), min_size=2, max_size=2)))
    position.update(dict.fromkeys(position, low))
    before = rungs(decision(text))
    position.update(dict.fromkeys(position, high))
    assert (rungs(decision(text)) - before >= -1e-9).all()


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["bargain", "vote", "veto", "advisory", "event", "chance"]), st.data())
def test_no_gate_added_raises_a_rung(seed, kind, data):
    text = written(seed, most_gates=11)
    before = rungs(decision(text))
    gates = list(text["gates"].items())
    new = random_gate(np.random.Generator(np.random.Philox(seed + 1)), kind, list(text["stakeholders"]))
    gates.insert(data.draw(st.integers(0, len(gates))), ("added", new))
    text["gates"] = dict(gates)
    assert (rungs(decision(text)) - before <= 1e-9).all()


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_the_order_in_which_anything_is_written_changes_nothing(seed):
    one, two = (deliberate(decision(written(seed), flip), DESIGN).table for flip in (list, lambda items: items[::-1]))
    two = two.sel({name: one[name].values for name in ("outcome", "proposal", "leaf")})
    for name in one.data_vars:
        assert np.allclose(one[name].values, two[name].values, atol=1e-9)


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_counting_hands_in_every_state_of_the_country_gives_the_same(seed):
    scenario = decision(written(seed, most_gates=5, most_members=6))
    talks = deliberate(scenario, DESIGN)
    found = talks.table["outcomes"].values
    assert np.allclose(found, by_counting(scenario, talks), atol=1e-9)


def by_counting(scenario, talks):
    """What has happened by the deadline, by counting votes between every two shocks at which anybody changes sides."""
    options = list(talks.outlook.paths)
    happens = happening(scenario, DESIGN)
    draws = len(talks.deadline)
    out = np.zeros((draws, 4 + len(options)))
    for d in range(draws):
        voters = {o: votes_of(scenario, talks, o, d) for o in options}
        points = {-40.0, 40.0}
        for told in voters.values():
            points |= {z for z in told["turns"] if abs(z) < 40}
        if any(
            g.kind == "vote" and any(m.divided for m in g.members.values()) for g in scenario.process.gates.values()
        ):
            points |= set(np.linspace(-9, 9, 3))
            points |= {z for o in options for z in talks.walks[o].threshold[d].tolist() if abs(z) < 40}
            points |= {z for o in options for z in voters[o]["heads"] if abs(z) < 40}
        for low, high in pairwise(sorted(points)):
            state = state_at((low + high) / 2, scenario, talks, voters, options, happens, d)
            out[d, state] += ndtr(high) - ndtr(low)
    return out.reshape(-1, INNER, out.shape[1]).mean(1)


def votes_of(scenario, talks, option, d):
    """Everybody's lean at every gate of one option in one draw, and the shocks at which somebody turns."""
    lean, rho = talks.leans[option], float(dispositions.shocks(scenario, DESIGN).shared[d])
    own = dispositions.shocks(scenario, DESIGN).own[d]
    names, run = list(scenario.stakeholders), d // INNER
    turns, leans = [], {}
    pressed = 0.0
    draw = lambda path, e: float(DESIGN.sample(path, e)[run])  # noqa: E731
    pressure = draw("process.pressure", scenario.process.pressure)
    for name, gate in scenario.process.gates.items():
        at = f"process.gates.{name}"
        leans[name] = {}
        for who, member in gate.members.items():
            whip = draw(f"{at}.members.{who}.whip", member.whip) if member.whip else 0.0
            leans[name][who] = lean.wish[d, names.index(who)] + pressed + whip
        if gate.kind == "advisory":
            seats = {
                w: draw(f"{at}.members.{w}.seats", m.seats)
                * (draw(f"{at}.members.{w}.present", m.present) if m.present else 1.0)
                for w, m in gate.members.items()
            }
            against = 1 - sum(seats[w] * ndtr(leans[name][w]) for w in seats) / sum(seats.values())
            pressed -= pressure * against
        if gate.kind == "bargain":
            rows = [names.index(w) for w in gate.members]
            weight = weights(scenario, run)[rows]
            gain = lean.gain[run, rows]
            yes, no = (weight * np.maximum(gain, 0)).sum() + 1e-8, (weight * np.maximum(-gain, 0)).sum() + 1e-8
            pressed -= pressure * no / (yes + no)
        band = draw(f"{at}.abstention", gate.abstention) if gate.abstention else 0.0
        for who, value in leans[name].items():
            e = own[names.index(who)] * np.sqrt(1 - rho)
            turns += [-(value + e - band) / np.sqrt(rho), -(value + e + band) / np.sqrt(rho)] if rho > 0 else []
    for who in (*scenario.process.decider, *scenario.process.proposers):
        e = own[names.index(who)] * np.sqrt(1 - rho)
        turns.append(-(lean.wish[d, names.index(who)] + e) / np.sqrt(rho) if rho > 0 else 0.0)
        noise = draw("process.noise", scenario.process.noise)
        for other in talks.leans.values():
            gap = more(lean, other, run, names.index(who), noise)
            turns.append(-(gap + e) / np.sqrt(rho) if rho > 0 else 0.0)
    heads = [-value / np.sqrt(rho) for one in leans.values() for value in one.values() if rho > 0]
    return {"turns": turns, "heads": heads, "leans": leans, "own": own, "rho": rho, "names": names}


def more(lean, other, run, row, noise):
    """How much more somebody wants one option than another, in units of the noise."""
    step = lean.most[run, row] - other.most[run, row]
    gap = (lean.gain[run, row] - other.gain[run, row]) / (noise * (step if step > 0 else 1))
    return min(max(gap, -6), 6)


def weights(scenario, run):
    from contingent.consultation.stakes import draw_stakes

    stakes = draw_stakes(scenario, DESIGN)
    return (stakes.capability * stakes.salience.sum(2))[run]


def says(told, who, value, z, divided=False):
    """1 for yes, 0 for no; of divided votes, the share that says yes."""
    common = value + np.sqrt(told["rho"]) * z
    if divided:
        return ndtr(common / np.sqrt(max(1 - told["rho"], 1e-12)))
    return float(common + np.sqrt(1 - told["rho"]) * told["own"][told["names"].index(who)] > 0)


def passes(gate, at, told, leans, z, run):
    draw = lambda path, e: float(DESIGN.sample(path, e)[run])  # noqa: E731
    band = draw(f"{at}.abstention", gate.abstention) if gate.abstention else 0.0
    seats = {w: draw(f"{at}.members.{w}.seats", m.seats) for w, m in gate.members.items()}
    there = {w: seats[w] * (draw(f"{at}.members.{w}.present", m.present) if m.present else 1.0)
             for w, m in gate.members.items()}  # fmt: skip
    yes = {w: says(told, w, leans[w] - band, z, m.divided) for w, m in gate.members.items()}
    no = {w: 1 - says(told, w, leans[w] + band, z, m.divided) for w, m in gate.members.items()}
    if gate.kind == "veto":
        return all(v == 1 for v in yes.values())
    for_it, against = sum(there[w] * yes[w] for w in yes), sum(there[w] * no[w] for w in no)
    base = {"seats": sum(seats.values()), "present": sum(there.values()), "votes": for_it + against}[gate.of]
    least = gate.at_least if gate.at_least is not None else gate.quota
    share = least.best
    if gate.casting_vote:
        for_it += 1e-7 * sum(there.values()) * yes[gate.casting_vote]
    over = gate.at_least is None and share < 1 - TIE
    slack = 1e-9 * sum(there.values())
    ok = (for_it > share * base + slack if over else for_it >= share * base - slack) and for_it > 0
    if gate.people_at_least is not None:
        people = {w: draw(f"{at}.members.{w}.people", m.people) if m.people else there[w]
                  for w, m in gate.members.items()}  # fmt: skip
        needed = draw(f"{at}.people_at_least", gate.people_at_least) * sum(people.values())
        ok = ok and sum(people[w] * yes[w] for w in yes) >= needed - 1e-9 * sum(people.values())
    if gate.blocking_members is not None:
        heads = sum(share > 0.5 for share in yes.values())  # of divided votes, what most of them say
        ok = ok or heads >= len(yes) - gate.blocking_members + 1
    ok = ok and all(no[w] == 0 for w in gate.permanent)
    if gate.quorum is not None:
        ok = ok and sum(there.values()) >= draw(f"{at}.quorum", gate.quorum) * sum(seats.values()) - slack
    return ok


def state_at(z, scenario, talks, voters, options, happens, d):
    """The index of what has happened by the deadline at one shock: pending states first, then the options."""
    run, process, names = d // INNER, scenario.process, list(scenario.stakeholders)
    by = min(talks.deadline[d], talks.outlook.last_day[d])
    heights = height(scenario)
    can, on, walked = {}, {}, {}
    for o in options:
        told, path = voters[o], talks.outlook.paths[o]
        lean = talks.leans[o]
        willing = all(says(told, who, lean.wish[d, names.index(who)], z) for who in process.decider)
        noise = float(DESIGN.sample("process.noise", process.noise)[run])
        lower = [talks.leans[j] for j in options if heights[j] < heights[o]]
        wanted = any(
            says(told, who, min([lean.wish[d, names.index(who)],
                 *(more(lean, other, run, names.index(who), noise) for other in lower)]), z)
            for who in (process.proposers or process.decider)
        )  # fmt: skip
        fine = True
        for name, gate in process.gates.items():
            if gate.kind in ("vote", "veto"):
                fine = fine and passes(gate, f"process.gates.{name}", told, told["leans"][name], z, run)
            if gate.kind == "chance":
                column = list(talks.walks[o].gates).index(name)
                fine = fine and talks.walks[o].threshold[d, column] == -np.inf
        can[o], on[o], walked[o] = willing and wanted and fine, path.day[d], path.walked[d]
    order = [options[i] for i in talks.outlook.order[d]]
    for o in order:
        if can[o] and on[o] <= by:
            return 4 + options.index(o)
    open_now = [o for o in options if can[o]]
    if any(walked[o] <= by for o in open_now):
        return 1
    if open_now:
        return 0
    return 2 if max(walked.values()) <= by else 0


DRAWS = 300


def proposal(z, name, talks, d):
    """What is decided where one option is put forward at a shared shock, and what that is for it: a row of `FATES`."""
    by, paths = talks.deadline[d], talks.outlook.paths
    can = {other: path.day[d] <= by and np.isfinite(path.day[d]) for other, path in paths.items()}
    agreed = paths[name].gates[d] <= z
    if agreed and can[name]:
        return name, 0
    for place in talks.outlook.order[d]:
        other = list(paths)[place]
        if other != name and can[other] and paths[other].wanted[d] <= z:
            return other, 1
    return None, 3 if agreed and paths[name].walked[d] <= by else 4


@pytest.mark.parametrize("seed", range(50))
def test_the_outcome_tree_equals_one_walked_branch_by_branch(seed):
    """What comes of every proposal and what that is worth: exactly, and within its error by drawing the shocks."""
    text = written(seed, most_gates=6, most_members=12)
    rng = np.random.Generator(np.random.Philox(seed + 10**6))
    if rng.random() < 0.7:
        text["gates"]["parties"] = {**random_gate(rng, "veto", list(text["stakeholders"])), "stage": "acceptance"}
    talks = deliberate(decision(text), DESIGN)
    paths, runs = talks.outlook.paths, len(DESIGN.index)
    worth = rng.uniform(-0.2, 1.2, (1 + len(paths), runs))  # of nobody going, then of each option
    leaf_of = {None: 0} | {name: 1 + k for k, name in enumerate(paths)}
    fates, drawn = np.zeros((2, runs, len(paths), 5))
    value, guess = np.zeros((2, runs, len(paths)))
    shocks = rng.standard_normal((DRAWS, 2))
    for run, own in np.ndindex(runs, len(paths)):
        d, name = run * INNER, list(paths)[own]  # the draw of the run's world
        turns = {float(p[d]) for path in paths.values() for p in (path.gates, path.wanted)}
        accepted = {leaf: ndtr(-path.accepted[d]) for leaf, path in paths.items()} | {None: 0.0}
        for low, high in pairwise(sorted({-40.0, 40.0, *(turn for turn in turns if abs(turn) < 40)})):
            leaf, fate = proposal((low + high) / 2, name, talks, d)
            chance, yes = ndtr(high) - ndtr(low), accepted[leaf]
            value[run, own] += chance * (yes * worth[leaf_of[leaf], run] + (1 - yes) * worth[0, run])
            fates[run, own, fate] += chance * (yes if leaf else 1.0)
            fates[run, own, 2] += chance * (1 - yes) if leaf else 0.0
        for z, other in shocks:
            leaf, fate = proposal(z, name, talks, d)
            held = leaf is not None and other >= paths[leaf].accepted[d]
            drawn[run, own, 2 if leaf and not held else fate] += 1 / DRAWS
            guess[run, own] += worth[leaf_of[leaf] if held else 0, run] / DRAWS
    told = talks.table
    assert told["fate_chance"].values == pytest.approx(fates, abs=1e-12)
    assert told["carried_out"].values.sum(2) == pytest.approx(1, abs=1e-12)
    rolled = (told["carried_out"].values * worth.T[:, None]).sum(2)
    assert rolled == pytest.approx(value, abs=1e-12)
    assert (np.abs(drawn - fates) <= 5 * np.sqrt(fates * (1 - fates) / DRAWS) + 4 / DRAWS).all()
    assert (np.abs(guess - value) <= 5 * 0.7 / np.sqrt(DRAWS)).all()
