"""On which terms would it pass, what does each combination bring and cost, and which step gains most for least?

The cheapest concession. Asked in a process, one combination at a time: whoever asks again gets what is there by then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from contingent.appraisal.value import CHANCE, worth
from contingent.errors import ScenarioError
from contingent.force.eligibility import permitted
from contingent.labels import CRITERION, OPTION
from contingent.quantities import Z90
from contingent.scenario.model import Scenario
from contingent.study.measures import result
from contingent.study.proposals import MOST, generated
from contingent.study.result import Result
from contingent.study.study import Study
from contingent.workbench.desk import Desk
from contingent.workbench.drafts import Sight
from contingent.workbench.page import awaited, frame
from contingent.workbench.previews import kept, key_of, warm


@dataclass
class Terms:
    """What is known of a draft's terms: rows by option; by run, how likely each is decided and accepted, and its worth.

    `left` are the combinations that were not tried yet.
    """

    base: Result
    left: dict[str, dict[str, Any]]
    of: int
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    chance: dict[str, np.ndarray] = field(default_factory=dict)
    worth: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, found: Result, name: str, *, made: bool) -> None:
        """One option more, as a result has it."""
        scenario, evidence = found.scenarios[name], found.evidence

        def of(measure: str) -> np.ndarray:
            return result(measure, evidence).sel({OPTION: name}).to_numpy().astype(float)

        criteria = [key for key, each in found.scenario.criteria.items() if each.measure != CHANCE]
        at = worth(found.performance, found.scenario.criteria).sel({OPTION: name, CRITERION: criteria})
        weights = found.appraisal.weights.mean("weight").sel({CRITERION: criteria})
        self.worth[name] = (at * weights).sum(CRITERION).to_numpy()
        goes = found.tables["deployment"]["contributor_troops"].sel({OPTION: name}).to_numpy() > 0
        self.chance[name] = of(CHANCE) * of("consultation.accepted")
        self.rows[name] = {
            "option": name, "label": found.scenario.options[name].label, "made": made, **standing(scenario),
            "decided": mean(of(CHANCE)), "accepted": mean(self.chance[name]),
            "coverage": mean(of("force.coverage")), "goes": float(goes.mean()),
            "losses": mean(of("mission.own_deaths")[goes]), "cost": mean(of("force.contributor_cost")[goes]),
            "terms": {issue: level.best for issue, level in found.scenario.options[name].terms.items()},
        }  # fmt: skip


def mean(values: np.ndarray) -> dict[str, float] | None:
    """A mean with the 90 % interval that the number of runs leaves open; None of no runs."""
    if not values.size:
        return None
    error = Z90 * float(values.std(ddof=1)) / np.sqrt(values.size) if values.size > 1 else float("inf")
    return {"mean": float(values.mean()), "low": float(values.mean() - error), "high": float(values.mean() + error)}


def standing(under: Scenario) -> dict[str, Any]:
    """What a scenario under an option says of our own people: which tasks they may do, under which caveats, and the
    legal basis of the force.
    """
    posts = [(p, need) for p in under.own for need in under.requirements if need.unit == p.unit]
    open_ = {need.task for p, need in posts if permitted(under, p, need.sector, need.task) != "no"}
    return {
        "tasks": [task for task in under.mandate.tasks if task in open_],
        "caveats": list(dict.fromkeys(name for p in under.own for name in p.caveats)),
        "legal_basis": under.mandate.legal_basis,
        "people": sum(p.strength.best for p in under.own),
    }


_terms: OrderedDict[str, Terms] = OrderedDict()
"""Of this process, by a draft's folder and its changes."""


def step(folder: str, store: str, changes: Mapping[str, Any], focus: str = "") -> dict[str, Any]:
    """One combination more of a draft, and all that is known by then: `rows`, how many are `done` `of` all, and the
    cheapest concession from the option in `focus` (that most often best, if none is named).
    """
    key = f"{folder} {key_of(changes)}"
    known = _terms.get(key)
    if known is None:
        base = warm(folder, store).after(key_of(changes), changes)
        left = dict(islice(generated(base.scenario).items(), MOST))
        known = Terms(base, left, len(left))
        for name in base.options:
            known.add(base, name, made=False)
        kept(_terms, key, known)
    elif known.left:
        name = next(iter(known.left))
        _tried(known, name, known.left.pop(name))
    scenario = known.base.scenario
    best = max((name for name in scenario.options if name != scenario.baseline), key=known.base.first, default="")
    focus = focus if focus in known.rows else best
    return {"rows": list(known.rows.values()), "done": known.of - len(known.left), "of": known.of, "focus": focus,
            **concession(known, focus, scenario.baseline)}  # fmt: skip


def _tried(known: Terms, name: str, option: Mapping[str, Any]) -> None:
    base = known.base
    try:
        study = Study(base.scenario.with_({f"options.{name}": option}), (*base.options, name), base.question.seed)
        found = study.run(base.question.sample, since=base)
    except ScenarioError:  # what goes together in one option does not in another
        return
    if name in found.ranked:
        known.add(found, name, made=True)


def concession(known: Terms, focus: str, baseline: str) -> dict[str, Any]:
    """`steps` from an option, those that gain most chance for each point of worth first, and which is the `cheapest`.

    A step differs on one issue at most. The chance is that of being decided and accepted; a point of worth is a
    hundredth of all that can be won, at mean weights, were it carried out.
    """
    if focus not in known.rows:
        return {"steps": [], "cheapest": None, "says": "No option but the baseline is written."}
    terms, found = known.rows[focus]["terms"], []
    for name, row in known.rows.items():
        apart = sum(terms.get(issue) != row["terms"].get(issue) for issue in {*terms, *row["terms"]})
        if name not in (focus, baseline) and apart <= 1:
            gain, loss = mean(known.chance[name] - known.chance[focus]), mean(known.worth[focus] - known.worth[name])
            assert gain is not None
            assert loss is not None
            found.append({"option": name, "label": row["label"], "gain": gain, "loss": loss, "clear": gain["low"] > 0})
    found.sort(key=lambda each: (not each["clear"], -_bargain(each)))
    cheapest = found[0] if found and found[0]["clear"] else None
    return {
        "steps": found,
        "cheapest": cheapest and cheapest["option"],
        "says": _says(found, known.rows[focus]["label"]),
    }


def _bargain(each: Mapping[str, Any]) -> float:
    """Chance gained for each point of worth; what costs none counts by its chance, above all others."""
    gain, loss = each["gain"]["mean"], each["loss"]["mean"]
    return gain if not each["clear"] else 1e6 + gain if loss <= 0 else gain / loss


def _says(found: list[dict[str, Any]], label: str) -> str:
    """The cheapest concession in a sentence."""
    if not found:
        return f"No combination is a single step away from \u201c{label}\u201d."

    def points(each: Mapping[str, float]) -> str:
        return f"{100 * each['mean']:.1f} points ({100 * each['low']:.1f} to {100 * each['high']:.1f})"

    first, loss, gain = found[0], found[0]["loss"], points(found[0]["gain"])
    chance, name = "the chance of being decided and accepted", f"\u201c{first['label']}\u201d"
    if first["gain"]["high"] < 0:
        return f"No single step from \u201c{label}\u201d raises {chance}: the nearest, {name}, moves it by {gain}."
    if not first["clear"]:
        most = f"the best of them, {name}, moves it by {gain}"
        return f"Not clear: no single step from \u201c{label}\u201d is sure to raise {chance}; {most}."
    costs = f"costs {points(loss)} of worth" if loss["mean"] > 0 else f"costs no worth: it adds {points(_less(loss))}"
    unclear = "" if loss["low"] > 0 or loss["high"] < 0 else "; what it costs is not clear"
    gains = f"raises {chance} by {gain} and {costs}{unclear}"
    return f"The cheapest concession from \u201c{label}\u201d is {name}: it {gains}."


def _less(each: Mapping[str, float]) -> dict[str, float]:
    return {"mean": -each["mean"], "low": -each["high"], "high": -each["low"]}


FILTERS = {"task": "tasks", "caveat": "caveats", "basis": "legal_basis"}
"""What is asked for, and the part of a row in which it must stand."""


def terms(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """Options and combinations of their terms: as many as are `done` `of` all, one more each time it is asked.

    With `wait=1` it waits for one more, with `wait=all` for all. `task`, `caveat` and `basis` choose rows; `focus` is
    the option from which concessions are reckoned.
    """
    scenario, changes, folder = sight.scenario, sight.changes, desk.drafts.folder(sight.id)

    def ask() -> dict[str, Any] | None:
        return awaited(desk.previews.ask(step, folder, changes, asked.get("focus", "")), asked)

    found = ask()
    while found and asked.get("wait") == "all" and found["done"] < found["of"]:
        found = ask()
    bases = {row["legal_basis"] for row in found["rows"]} if found else set[str]()
    told = {
        **frame(sight), "asked": {name: asked.get(name, "") for name in (*FILTERS, "focus")},
        "words": {
            "task": {name: each.label for name, each in scenario.mandate.tasks.items()},
            "caveat": {name: each.label for name, each in scenario.caveats.items()},
            "basis": {name: name.replace("_", " ") for name in sorted(bases)},
            "focus": {name: each.label for name, each in scenario.options.items() if name != scenario.baseline},
        },
        "ready": found is not None,
    }  # fmt: skip
    if found is None:
        return {**told, "rows": [], "done": 0, "of": 0, "focus": "", "steps": [], "cheapest": None, "says": ""}
    rows = [row for row in found["rows"] if all(_fits(row[part], asked.get(name)) for name, part in FILTERS.items())]
    return {**told, **found, "rows": sorted(rows, key=lambda row: -row["accepted"]["mean"])}


def _fits(held: Any, wanted: str | None) -> bool:
    return not wanted or wanted == held or (isinstance(held, list) and wanted in held)
