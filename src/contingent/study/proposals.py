"""Which options could be put forward beside those that a scenario states, and which of all would nobody rule out?

Option generation by recombination: the levels of written options on every issue, crossed, with what goes with each
level; own pledges left out; restrictions on tasks added. What is made up so is called an assumption, to be judged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contingent.appraisal.smaa import ALIKE
from contingent.appraisal.weights import sample_weights
from contingent.errors import ScenarioError
from contingent.labels import CRITERION, OPTION, RUN
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.option import Option
from contingent.scenario.pledge import Pledge
from contingent.scenario.process import Issue
from contingent.study.result import SET_WEIGHTS, Result
from contingent.study.what_if import what_if

Atoms = dict[tuple[str, str], Any]
"""What an option changes, piece by piece: a path and, of a list, one of its items."""
MOST = 24  # options made up, the nearest to written ones first
SLIGHT = (
    0.1  # of the people or posts of an option: less left out, or left, makes another option in name alone (a judgement)
)
RULED_OUT = 0.01  # of the weights of a set: an option best under fewer is ruled out by whoever holds it (a judgement)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An option beside others: `worth` (criterion) its mean worth at what comes of it, `passes` its chance.

    `made` is the option as a scenario file would hold it, if it is not written there. `best` is the share of weights
    of each set under which it is best of all.
    """

    name: str
    label: str
    worth: NDArray[np.float64]
    passes: float
    made: Mapping[str, Any] | None = None
    best: Mapping[str, float] | None = None


def proposals(before: Result, told: Callable[[int, int], None] = lambda *_: None) -> list[Proposal]:
    """The written and the made-up options that some set of weights puts first, and `best` under each set.

    Each made-up option is tried beside the written ones in runs with the same draws. Those that come to the same as
    an earlier one, or that a floor excludes, are left out.
    """
    scenario = before.scenario
    found = [_of(before, name) for name in before.ranked if name not in before.appraisal.copies]
    made = dict(list(generated(scenario).items())[:MOST])
    for done, (name, option) in enumerate(made.items(), 1):
        try:
            after = what_if(before, {f"options.{name}": option}).after
        except ScenarioError:  # what goes together in one option does not in another: such a one is not proposed
            continue
        if name in after.ranked:
            one = _of(after, name, option)
            if min(np.abs(one.worth - other.worth).max() for other in found) > ALIKE:
                found.append(one)
        told(done, len(made))
    worth, best = np.stack([one.worth for one in found]), dict[str, NDArray[np.float64]]()
    for held, weights in weights_of(before).items():
        first = (weights @ worth.T).argmax(axis=1)
        best[held] = np.bincount(first, minlength=len(found)) / len(weights)
    kept = [
        Proposal(one.name, one.label, one.worth, one.passes, one.made, {held: float(b[at]) for held, b in best.items()})
        for at, one in enumerate(found)
        if any(each[at] >= RULED_OUT for each in best.values())
    ]
    return sorted(kept, key=lambda one: -sum((one.best or {}).values()))


def weights_of(before: Result) -> dict[str, NDArray[np.float64]]:
    """Weights (weight, criterion) of everybody whose weights are stated, by name; `any` with no more said than holds
    for all.
    """
    scenario, seed = before.scenario, before.question.seed
    sets = {name: each.statements for name, each in scenario.weight_sets.items()}
    drawn = {name: sample_weights(scenario.criteria, said, count=SET_WEIGHTS, seed=seed) for name, said in sets.items()}
    return {"any": before.appraisal.weights.to_numpy()} | drawn


def _of(result: Result, name: str, made: Mapping[str, Any] | None = None) -> Proposal:
    values = result.appraisal.values.sel({OPTION: name}).mean(RUN)
    label = result.scenario.options[name].label
    worth = values.sel({CRITERION: list(result.scenario.criteria)}).to_numpy()
    return Proposal(name, label, worth, float(result.consultation.acceptance.sel({OPTION: name})), made)


def generated(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Options that are not written but could be, by name, each as a scenario file would hold it."""
    active = {name: option for name, option in scenario.options.items() if name != scenario.baseline}
    known = [(tuple(sorted(_terms(option).items())), atoms(option.overrides)) for option in active.values()]
    found: dict[str, dict[str, Any]] = {}
    for name, option in (*crossed(scenario, active), *lessened(scenario, active)):
        now = tuple(sorted(option["terms"].items())), atoms(option["overrides"])
        if now not in known:
            known.append(now)
            found[name] = option
    return found


def crossed(scenario: Scenario, active: Mapping[str, Option]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every combination of the written options' levels on the issues that no option has, nearest options first.

    What goes with a level is whatever all options at that level do and no other option does; all else is as in the
    option that shares most levels.
    """
    issues = [issue for issue in scenario.issues if any(issue in option.terms for option in active.values())]
    levels = {
        issue: dict.fromkeys(o.terms[issue].best for o in active.values() if issue in o.terms) for issue in issues
    }
    written = {tuple(o.terms[i].best if i in o.terms else None for i in issues) for o in active.values()}
    for wanted in product(*levels.values()):
        if wanted in written:
            continue
        asked = dict(zip(issues, wanted, strict=True))
        parent = max(active, key=lambda name: [sum(_level(active[name], i) == asked[i] for i in issues),
                                               _level(active[name], issues[0]) == asked[issues[0]]])  # fmt: skip
        pieces, lent = atoms(active[parent].overrides), dict[str, str]()
        for issue, level in asked.items():
            if _level(active[parent], issue) != level:
                gone, come = bound(active, issue, _level(active[parent], issue)), bound(active, issue, level)
                pieces = {key: value for key, value in pieces.items() if key not in gone} | come
                lent[issue] = next(name for name in active if _level(active[name], issue) == level)
        ending = "_and_".join(f"{issue}_of_{name}" for issue, name in lent.items())
        parents = (active[parent], *(active[name] for name in lent.values()))
        words = "; ".join(_words(scenario.issues[issue], level) for issue, level in asked.items())
        yield f"{parent}_with_{ending}", _option(scenario, words[:1].upper() + words[1:], asked, pieces, parents)


def _words(issue: Issue, level: float) -> str:
    """Where something stands on an issue, in the words of the scale."""
    near = min(issue.anchors, key=lambda at: abs(at - level), default=None)
    return f"{issue.label}: {level:g}" if near is None else issue.anchors[near]


def lessened(scenario: Scenario, active: Mapping[str, Option]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Written options with one own pledge left out, or with a restriction of one's own put on all of them.

    On the issue on which the option is furthest from the baseline it then stands between the two, by the share of
    people, or of posts open to them, that is left.
    """
    base = scenario.options[scenario.baseline]
    for name, option in active.items():
        under = scenario.under(name)
        own = list(under.own)
        changes = [*_left_out(scenario, own), *_restricted(scenario, under, own)]
        shared = [issue for issue in option.terms if issue in base.terms]
        most = max(shared, key=lambda at: abs(option.terms[at].best - base.terms[at].best), default="")
        for ending, words, share, pieces in changes:
            if not SLIGHT < share < 1 - SLIGHT:
                continue
            terms = _terms(option)
            if most:
                terms[most] = round(base.terms[most].best + share * (terms[most] - base.terms[most].best), 1)
            whole = {
                k: v for k, v in atoms(option.overrides).items() if not any(k[0] == path for path, _ in pieces)
            } | pieces
            yield f"{name}_{ending}", _option(scenario, f"{option.label}, {words}", terms, whole, (option, base), share)


Change = tuple[str, str, float, Atoms]
"""How a change is called, in a name and in words, the share of people or posts that it leaves, and its pieces."""


def _left_out(scenario: Scenario, own: list[Pledge]) -> Iterator[Change]:
    total, units = sum(pledge.strength.best for pledge in own), [pledge.unit for pledge in own]
    for pledge in own if len(own) > 1 else ():
        what = scenario.unit_types[pledge.unit].label + (f" ({pledge.id})" if units.count(pledge.unit) > 1 else "")
        yield (
            f"without_{pledge.id}", f"without {what}", 1 - pledge.strength.best / total,
            {(f"pledges.{pledge.id}", ""): "none"},
        )  # fmt: skip


def _restricted(scenario: Scenario, under: Scenario, own: list[Pledge]) -> Iterator[Change]:
    said = {item for option in scenario.options.values() for _, item in atoms(option.overrides)}
    others = {caveat for p in scenario.pledges if p not in own for caveat in p.caveats}
    posts = [need for need in under.requirements if need.unit in {pledge.unit for pledge in own}]
    for name, caveat in scenario.caveats.items():
        barred = [
            need for need in posts if need.task in caveat.excludes_tasks or need.sector in caveat.excludes_sectors
        ]
        theirs = (
            name in others and name not in said and not any(name in p.caveats for p in scenario.pledges if p in own)
        )
        if barred and not theirs and not caveat.requires and not all(name in pledge.caveats for pledge in own):
            share = 1 - sum(need.wanted.best for need in barred) / sum(need.wanted.best for need in posts)
            pieces: Atoms = {(f"pledges.{p.id}.caveats", item): True for p in own for item in (*p.caveats, name)}
            yield name, caveat.label[:1].lower() + caveat.label[1:], share, pieces


def _level(option: Option, issue: str) -> float | None:
    return option.terms[issue].best if issue in option.terms else None


def _terms(option: Option) -> dict[str, float]:
    return {issue: level.best for issue, level in option.terms.items()}


def bound(active: Mapping[str, Option], issue: str, level: float | None) -> Atoms:
    """What goes with a level on an issue: what all options at that level do and none of the others, if it goes with no
    level on another issue as well: then nobody can say with which.
    """
    at = [option for option in active.values() if _level(option, issue) == level]
    mine = _shared(active, issue, level)
    for other in {name for option in at for name in option.terms} - {issue}:
        for elsewhere in {_level(option, other) for option in at}:
            mine = {key: value for key, value in mine.items() if key not in _shared(active, other, elsewhere)}
    return mine


def _shared(active: Mapping[str, Option], issue: str, level: float | None) -> Atoms:
    at = [atoms(option.overrides) for option in active.values() if _level(option, issue) == level]
    off = [atoms(option.overrides) for option in active.values() if _level(option, issue) != level]
    shared = {key: value for key, value in at[0].items() if all(one.get(key) == value for one in at)} if at else {}
    return {key: value for key, value in shared.items() if not any(other.get(key) == value for other in off)}


def atoms(overrides: Mapping[str, Any]) -> Atoms:
    """What an option's overrides change, piece by piece."""
    found: Atoms = {}
    for path, value in overrides.items():
        if isinstance(value, list):
            found |= {(path, ""): []} | {(path, str(item)): True for item in value}
        else:
            found[path, ""] = value
    return found


def _whole(pieces: Atoms) -> dict[str, Any]:
    """The overrides that are made of these pieces."""
    found: dict[str, Any] = {}
    for (path, item), value in pieces.items():
        if item:
            listed = found.setdefault(path, [])
            if isinstance(listed, list) and item not in listed:
                listed.append(item)
        elif not isinstance(found.get(path), list):
            found[path] = list(value) if isinstance(value, list) else value
    return found


def _option(
    scenario: Scenario,
    label: str,
    terms: Mapping[str, float],
    pieces: Atoms,
    parents: tuple[Option, ...],
    share: float = 0.5,
) -> dict[str, Any]:
    """An option made from others: judged between them, `share` of the way from the last to the first, and no surer."""
    names = " and ".join(f"“{parent.label}”" for parent in parents)
    judged = {
        name: _between([parent.judgements[name] for parent in parents], share, names)
        for name, criterion in scenario.criteria.items()
        if criterion.measure == "judged"
    }
    return {
        "label": label, "summary": f"Made from {names}.", "terms": dict(terms), "judgements": judged,
        "assumption": f"Made from {names}, not written by anybody; to be judged.", "overrides": _whole(pieces),
    }  # fmt: skip


def _between(judged: list[Estimate], share: float, names: str) -> dict[str, Any]:
    """A judgement between others, with an interval that holds all of theirs."""
    first, last = judged[0].best, judged[-1].best
    ends = {"low": min(one.low for one in judged), "high": max(one.high for one in judged)}
    best = {"best": round(last + share * (first - last), 1)}
    return best | ends | {"assumption": f"Between those of {names}; to be judged."}
