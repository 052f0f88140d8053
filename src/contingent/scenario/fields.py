"""The parts that a scenario is made of: what is asked, who decides, where, with what, judged by what."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, StringConstraints

from contingent.countries import is_country
from contingent.evidence.claim import Claim, Document
from contingent.quantities import Estimate
from contingent.records import Code, Name, Names, Record
from contingent.scenario.option import (
    Adaptive,
    Criterion,
    Dissent,
    Happened,
    Option,
    Remark,
    Signal,
    WeightSet,
    WeightStatement,
)
from contingent.scenario.paths import estimates, left_unsaid, value_at
from contingent.scenario.pledge import Caveat, Composition, Contributor, Pledge, Reimbursement, Route, Support
from contingent.scenario.process import Issue, Process, ReferenceClass, Stakeholder
from contingent.scenario.theatre import Mandate, Requirement, Theatre, UnitType

T = TypeVar("T")
MOST = 2000  # kept: some dozens of variants of a large case
WORKED_OUT: dict[tuple[Any, ...], tuple[tuple[Any, ...], Any]] = {}  # with the parts it follows from


class ScenarioFields(Record):
    """Every part of a scenario, typed; `Scenario` adds what can be done with them."""

    name: Name
    """The scenario's name, as in a file name; `contingent new DIR` takes it from DIR."""
    title: str
    """What it is called at the top of the brief."""
    question: str
    """The question to be decided, as one sentence."""
    as_of: Annotated[date, Field(ge=date(1945, 1, 1), le=date(2199, 12, 31))]
    """Nothing later than this day sets a number."""
    marking: str = ""
    """How it is to be handled, printed at the head and foot of every page: one of `markings`, more words may follow."""
    markings: tuple[str, ...] = ("unclassified", "restricted", "confidential", "secret")
    """What `marking` may begin with, from the lowest to the highest: list your own if you use others."""
    decider: str
    """Whose decision it is, as printed."""
    contributor: Code
    """The contributor whose decision it is."""
    baseline: Name
    """The option that means doing nothing."""
    horizon: int = Field(default=104, ge=1, le=520)
    """Weeks simulated."""
    price_year: int = Field(default_factory=lambda data: data["as_of"].year)
    """The year whose prices all costs are in; that of `as_of` if left out."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,3}$")] = "USD"
    """The currency of every amount of money, by its three letters (ISO 4217): EUR, KES."""
    documents: dict[Name, Document] = Field(default_factory=dict)
    """The texts that claims were taken from, by a name of yours."""
    claims: dict[Name, Claim] = Field(default_factory=dict)
    """What the numbers rest on: statements by a name of yours, such as C07."""
    learned: dict[str, Names] = Field(default_factory=dict)
    """What claims change of numbers as written: dotted path to claims; `contingent evidence --into` writes it."""
    issues: dict[Name, Issue]
    """What is in dispute, each a scale from 0 to 100; options stand somewhere on it and stakeholders want something."""
    stakeholders: dict[Name, Stakeholder]
    """Whose wishes weigh on the decision, by a name of yours."""
    process: Process
    """How it is decided: by whom, through which gates, until when."""
    reference_class: ReferenceClass = Field(default_factory=ReferenceClass)
    """Which past decisions this one is like; what is left out follows from the mandate."""
    mandate: Mandate
    """By which authority the force acts, and what it is to do."""
    theatre: Theatre
    """The place where the force would be."""
    unit_types: dict[Name, UnitType]
    """The kinds of unit that are wanted and offered."""
    requirements: tuple[Requirement, ...]
    """How many people of which unit are wanted where, for what and when."""
    contributors: dict[Code, Contributor]
    """Who may send people: states by three-letter code, organizations and services by a name of yours."""
    caveats: dict[Name, Caveat] = Field(default_factory=dict)
    """National restrictions that pledges name."""
    pledges: tuple[Pledge, ...]
    """What each contributor offers."""
    composition: dict[Name, Composition] = Field(default_factory=dict)
    """Rules about the force as a whole."""
    support: dict[Name, Support] = Field(default_factory=dict)
    """What people need beside them: hospitals, transport, headquarters, national support elements."""
    reimbursement: Reimbursement = Field(default_factory=Reimbursement)
    """What a fund pays back; nothing if it is left out."""
    lift: dict[Name, float] = Field(default_factory=dict)
    """Strategic lift available in each phase, in infantry-battalion equivalents a month, by all routes together."""
    routes: dict[Name, Route] = Field(default_factory=dict)
    """Ways into the theatre by mode and entry point; if none is named, only `lift` limits who comes when."""
    criteria: dict[Name, Criterion]
    """By what the options are judged."""
    options: dict[Name, Option]
    """What could be decided; one of them is the baseline."""
    weights: tuple[WeightStatement, ...] = ()
    """What has been said about the weights of the criteria; nothing: all weights are equally possible."""
    weight_sets: dict[Name, WeightSet] = Field(default_factory=dict)
    """Weights of several people or offices, told side by side."""
    adaptive: dict[Name, Adaptive] = Field(default_factory=dict)
    """Ways of proceeding in steps, compared with the options."""
    happened: tuple[Happened, ...] = ()
    """What came out after `as_of`, each with its day: every draw is conditioned on it, and no number is changed for it.
    Of the events and gates that are not listed, none has come or ended by the last day listed."""
    signals: tuple[Signal, ...] = ()
    """Events to watch for before and after the decision, each with its source and the number it would move."""
    unmodelled: tuple[Remark, ...] = ()
    """What could matter more than anything in the model, the largest first."""
    dissent: tuple[Dissent, ...] = ()
    """What a reader who disagrees would say."""

    @property
    def known_until(self) -> date:
        """The last day of which anything is known: that of what happened last, or the scenario's own."""
        return max([self.as_of, *(one.on for one in self.happened)])

    @property
    def elapsed(self) -> int:
        """Days from the scenario's date until then."""
        return (self.known_until - self.as_of).days

    @property
    def alike(self) -> ReferenceClass:
        """The codes by which past decisions are looked up, complete."""
        ours, asked = self.state_of(self.contributor), self.mandate
        return self.reference_class.completed(ours, asked.legal_basis, asked.likes, asked.use_of_force)

    def state_of(self, code: str) -> str:
        """The code by which records of states know a contributor: its own, or whose service it is; empty if none."""
        who = self.contributors.get(code)
        name = code if who is None or who.kind == "state" else who.of or ""
        return name if is_country(name) else ""

    def answering(self, code: str) -> str:
        """The contributor that answers for another: whose service it is, if that one is a contributor; else itself."""
        of = self.contributors[code].of if code in self.contributors else None
        return of if of in self.contributors else code

    def among(self, code: str, names: Collection[str]) -> bool:
        """Whether a contributor, or the one that answers for it, is among some names."""
        return code in names or self.answering(code) in names

    @property
    def own(self) -> tuple[Pledge, ...]:
        """The pledges of the contributor whose decision it is, and of its services."""
        return tuple(pledge for pledge in self.pledges if self.answering(pledge.contributor) == self.contributor)

    def apart(self, rule: Composition) -> set[str]:
        """Who may not share a sector under a rule of kind `apart`: those it names, and those of its group."""
        group = () if rule.group == "contributor" else self.spoken_of(rule).values()
        return set(rule.contributors).union(*group)

    def spoken_of(self, rule: Composition) -> dict[str, frozenset[str]]:
        """The contributors that a composition rule is about, by the name of what holds them together."""
        if rule.contributor is not None and rule.group == "contributor":
            return {rule.contributor: frozenset(c for c in self.contributors if self.among(c, (rule.contributor,)))}
        found: dict[str, set[str]] = {} if rule.group in ("contributor", "region") else {rule.group: set()}
        for code, who in self.contributors.items():
            mine = {"contributor": (self.answering(code),), "region": (who.region,)}.get(rule.group, who.groups)
            for name in mine:
                found.setdefault(name, set()).add(code)
        wanted = {"contributor": None, "region": rule.region}.get(rule.group, rule.group)
        return {name: frozenset(found[name]) for name in sorted(found) if name and wanted in (None, name)}

    @property
    def said(self) -> dict[str, Mapping[str, Any]]:
        """What options and events put in place of the base scenario, by where it stands."""
        found: dict[str, Mapping[str, Any]] = {f"options.{name}": each.overrides for name, each in self.options.items()}
        for name, event in self.process.events.items():
            found |= {f"process.events.{name}.sets": event.sets, f"process.events.{name}.otherwise": event.otherwise}
        return {path: each for path, each in found.items() if each}

    @property
    def conditions(self) -> frozenset[str]:
        """The events that a condition of a pledge asks for by name."""
        named = (path for caveat in self.caveats.values() for path in caveat.requires)
        return frozenset(path.removeprefix("event.") for path in named if path.startswith("event."))

    @property
    def changing(self) -> tuple[str, ...]:
        """The events that change something here, or that a condition asks for; each makes a world of its own."""
        asked = self.conditions
        return tuple(n for n, one in self.process.events.items() if one.sets or one.otherwise or n in asked)

    def estimates(self, *parts: str) -> Iterator[tuple[str, Estimate]]:
        """Every quantity, of some parts or of all, with its dotted path, sources inherited from around it."""
        for name in parts or type(self).model_fields:
            part = getattr(self, name)
            if not left_unsaid(self, name, part):
                yield from self.remembered("numbers", (name,), lambda n=name, p=part: tuple(estimates(p, n)))

    def remembered(self, what: str, parts: tuple[str, ...], make: Callable[[], T]) -> T:
        """What is worked out of some parts of a scenario alone: once for all scenarios that share these very parts."""
        held = tuple(getattr(self, name) for name in parts)
        key = (what, *parts, *map(id, held))
        found = WORKED_OUT.get(key)
        if found is None:
            while len(WORKED_OUT) >= MOST:
                WORKED_OUT.pop(next(iter(WORKED_OUT)), None)
            found = WORKED_OUT[key] = held, make()  # while a part is held, no other has its number
        return found[1]

    def counted(self) -> Self:
        """The same with deadline and delays from its own date, on the calendar days that `counted_from` says."""
        process, start = self.process, self.process.counted_from
        if start is None:
            return self
        past = (self.as_of - start).days

        def left(days: Estimate) -> Estimate:
            return replace(days, **{end: max(getattr(days, end) - past, 0.0) for end in ("low", "best", "high")})

        events = {name: event if event.after else event.model_copy(update={"delay": left(event.delay)})
                  for name, event in process.events.items()}  # fmt: skip
        new = {"deadline": left(process.deadline), "events": events, "counted_from": None}
        return self.model_copy(update={"process": process.model_copy(update=new)})

    def value(self, path: str) -> Any:
        """What stands at a dotted path; items of a list are addressed by their `id`.

        Raises:
            KeyError: nothing stands there.
        """
        return value_at(self, path)
