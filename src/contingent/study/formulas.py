"""By which formula is each result computed, from which parts of the scenario, and can a criterion ask for it?

The catalogue of results, read from `formulas.toml`, and what of a scenario the engines would refuse.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from contingent.ensemble.design import Design
from contingent.errors import InputError, did_you_mean
from contingent.mission.parameters import parameter_faults
from contingent.mission.state import THEATRE
from contingent.scenario.check_options import said_of_weights
from contingent.scenario.model import Scenario
from contingent.scenario.option import WeightStatement

Over = Literal["mean", "last", "comes", "falls", "so_far", "phase"]
LIKE = ("reference_class", *(f"mandate.{key}" for key in ("legal_basis", "command", "like", "use_of_force")))
DECIDING = ("stakeholders", "process", *LIKE, "options.*.terms", "pledges.*.notice")
# Whether an event comes decides which pledges hold, so all that hangs on troops hangs on it.
GENERATING = ("pledges", "requirements", "contributors", "composition", "mandate", "process.events")
# When all have decided and everything has come decides when people are there; by when it should have been does not.
PROCEEDING = ("gates", "attention", "noise", "shared", "bloc_correlation", "pressure", "pool")
WAITED_FOR = ("stakeholders", *(f"process.{part}" for part in PROCEEDING), *LIKE, "options.*.terms")
ON_THE_GROUND = (*GENERATING, "theatre", *WAITED_FOR)
READS = {
    "consultation": DECIDING, "outlook": DECIDING, "attempt": DECIDING, "force": GENERATING,
    "force.contributor_cost": (*GENERATING, "reimbursement", *WAITED_FOR), "force.cost": (*GENERATING, *WAITED_FOR),
    "mission": ON_THE_GROUND,
    "appraisal": ("criteria", "options", *DECIDING, *ON_THE_GROUND),
}  # fmt: skip
"""The parts of a scenario that each engine's results rest on, or a single result where it rests on others."""
BY_RUN = ("consultation.", "deployment.", "weekly.", "sectors.", "measure.")  # tables over (option, run)
PAGES = {"outlook": "consultation", "attempt": "appraisal"}  # tables documented on another's page


@dataclass(frozen=True, slots=True)
class Formula:
    """How a result is computed: where its array is, in words, its unit, what it reads, where that is documented.

    `over` says how its parts are taken together: rates and shares are averaged, counts add up `so_far`, states are
    taken at the end, or whether one `comes` or `falls` up to then; persons add up within a phase and the largest counts
    (`phase`). `per` divides the array to get the unit.
    """

    array: str
    says: str
    unit: str
    inputs: tuple[str, ...]
    page: str
    over: Over = "mean"
    per: float = 1.0
    criterion: bool = True
    """Whether a criterion may be measured as it: it is there for every option in every run."""
    needs: tuple[str, ...] = ()
    """The parts of the mission model without which there is no such result (`Scenario.parts`)."""

    @classmethod
    def of(cls, name: str, row: dict[str, object]) -> Formula:
        """The formula of a result from its row of the catalogue."""
        engine = name.partition(".")[0]
        defaults = {
            "array": name, "unit": "1", "inputs": READS.get(name, READS[engine]),
            "page": f"docs/methods/{PAGES.get(engine, engine)}.md",
        }  # fmt: skip
        full = {**defaults, **row}
        return cls(**{"criterion": str(full["array"]).startswith(BY_RUN), **full})  # pyright: ignore[reportArgumentType]


@lru_cache
def reads(inputs: tuple[str, ...]) -> re.Pattern[str]:
    """The dotted paths at and below a formula's inputs; `*` stands for any one step."""
    steps = "|".join(re.escape(path).replace(r"\*", "[^.]+") for path in inputs)
    return re.compile(rf"(?:{steps})(?:\.|$)")


def weekly_rows() -> Iterator[tuple[str, dict[str, object]]]:
    """Every weekly series of the mission as a row of the catalogue: what adds up is told so far, a state at the end."""
    for field in THEATRE.fields:
        if field.output:
            over = "summed up to the week named, or to the last" if field.sums else "in the last week, or the one named"
            yield f"mission.{field.output}", {
                "array": f"weekly.{field.output}", "says": f"{field.meaning}, {over}", "unit": field.unit,
                "over": "so_far" if field.sums else "last", "needs": sorted(field.parts),
            }  # fmt: skip


_CATALOGUE = tomllib.loads((files("contingent.study") / "formulas.toml").read_text("utf-8"))
FORMULAS = {
    name: Formula.of(name, row)
    for name, row in {**_CATALOGUE["results"], **dict(weekly_rows()), **_CATALOGUE["results"]}.items()
}
FAMILIES: dict[str, str] = _CATALOGUE["families"]
ABSENT: dict[str, tuple[str, str]] = {part: (row["what"], row["fix"]) for part, row in _CATALOGUE["absent"].items()}
"""By part of the mission model, what is said where it is not there, and how to add it."""
NEARNESS = "consultation.nearness_"


def engine_faults(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """What a study would refuse of a well-formed scenario: path, what is wrong, how to mend it.

    Criteria that ask for no result, or all of them for what is not there; parameters that the mission model does not
    have; statements on weights that contradict each other.
    """
    from contingent.appraisal.value import curve  # compiled code: only where a scenario is checked
    from contingent.appraisal.weights import contradiction
    from contingent.consultation.events import probability

    yield from parameter_faults(scenario)
    told = without_idle(scenario)
    if scenario.criteria and not told.criteria:
        yield from idle_criteria(scenario).values()
    for path, said in said_of_weights(told).items() if told.criteria else ():
        what, fix = "", ""
        with suppress(InputError):  # of a name that is nowhere, which is told where it stands
            if said:
                parts = ("criteria", path.partition(".")[0])
                what, fix = told.remembered(path, parts, lambda said=said: contradiction(told.criteria, said))
        if what:
            yield path, what, fix
    for name, event in scenario.process.events.items():
        try:
            probability(event, f"process.events.{name}", Design(0, 2))
        except InputError as error:
            what, _, fix = str(error).partition("; ")
            yield f"process.events.{name}.council", what, fix
    known = {name for name, formula in FORMULAS.items() if formula.criterion}
    for name, criterion in scenario.criteria.items():
        path, measure = f"criteria.{name}.measure", criterion.measure
        try:
            curve(criterion)
        except InputError as error:
            fix = "points such as [[10, 0.5]] between the anchors"
            yield f"criteria.{name}.points", str(error).partition(": ")[2], fix
        if measure == "judged":
            for option, each in scenario.options.items():
                if name not in each.judgements:
                    fix = f"add `{name}: 50 (20 to 80)`, or what it is"
                    yield f"options.{option}.judgements", f"says nothing of the judged criterion `{name}`", fix
        elif measure.startswith(NEARNESS):
            if (who := measure.removeprefix(NEARNESS)) not in scenario.stakeholders:
                yield path, f"there is no stakeholder `{who}` to be near to", did_you_mean(who, scenario.stakeholders)
        elif measure not in known:
            near = did_you_mean(measure, {*known, "judged", f"{NEARNESS}STAKEHOLDER"})
            engine = measure.partition(".")[0]
            fix = (
                f"{near}; `contingent explain {engine}.` lists all"
                if any(n.startswith(f"{engine}.") for n in known)
                else near
            )
            yield path, f"there is no `{measure}`", fix


def idle_criteria(scenario: Scenario) -> dict[str, tuple[str, str, str]]:
    """The criteria whose result is not there in this theatre, by name: path, what is missing, how to add it.

    They tell no options apart, so a study leaves them out.
    """
    parts, found = scenario.parts, {}
    for name, criterion in scenario.criteria.items():
        for part in FORMULAS[criterion.measure].needs if criterion.measure in FORMULAS else ():
            if part not in parts:
                what, fix = ABSENT[part]
                what += "; the criterion is left out, and what is said of its weight"
                found[name] = (f"criteria.{name}.measure", f"`{criterion.measure}` is not there: {what}", fix)
    return found


def without_idle(scenario: Scenario) -> Scenario:
    """The scenario without the criteria whose result is not there, and without what is said of their weights."""
    if not (idle := idle_criteria(scenario)):
        return scenario
    criteria = {name: each for name, each in scenario.criteria.items() if name not in idle}
    known = criteria.keys() | {each.group for each in criteria.values()}

    def kept(statements: tuple[WeightStatement, ...]) -> tuple[WeightStatement, ...]:
        found = [said.model_copy(update={"order": tuple(name for name in said.order if name in known)})
                 for said in statements if {said.criterion, said.than} - {""} <= known]  # fmt: skip
        return tuple(said for said in found if said.criterion or len(said.order) > 1)

    sets = {name: each.model_copy(update={"statements": kept(each.statements)})
            for name, each in scenario.weight_sets.items()}  # fmt: skip
    return scenario.model_copy(update={"criteria": criteria, "weights": kept(scenario.weights), "weight_sets": sets})


def formula_of(name: str) -> str:
    """How a result is computed, in words; of a criterion's performance, what every performance is."""
    if name in FORMULAS:
        return FORMULAS[name].says
    return next((says for prefix, says in FAMILIES.items() if name.startswith(prefix)), "")
