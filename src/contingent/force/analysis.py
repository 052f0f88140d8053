"""What would help the force most, and whom it cannot lose.

Every answer is the least shortfall with one thing changed (`sensitivity`), beside the least shortfall as things are.
"""

from dataclasses import dataclass, replace

import numpy as np

from contingent.force.build_instance import HALF_YEAR, build_instance, compatibility_rules
from contingent.force.instance import Instance
from contingent.force.sensitivity import Move, Outcome, Trials
from contingent.scenario.model import Scenario

NEWCOMER = "ZZZ"  # an ISO 3166 code left to users: whoever brings the unit that is priced
TENTH = 1.1
FELT = 0.05  # persons: less than this is no effect


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed, and what it does to the shortfall (negative: fewer persons short), averaged over weeks."""

    what: str
    critical: float
    """Persons below the minimum."""
    short: float
    """Persons below what is wanted, those below the minimum included."""

    @property
    def felt(self) -> bool:
        """Whether it changes anything."""
        return abs(self.critical) > FELT or abs(self.short) > FELT


class Analysis:
    """One option's force, and what changes to it would do."""

    def __init__(self, scenario: Scenario, period: int = HALF_YEAR):
        self.scenario, self.period = scenario, period
        self.base = build_instance(scenario, period)
        vetoes = [name for name, rule in scenario.composition.items() if rule.kind == "veto"]
        bare = tuple(pledge.model_copy(update={"caveats": ()}) for pledge in scenario.pledges)
        widest = build_instance(without_rule(scenario.model_copy(update={"pledges": bare}), *vetoes), period)
        offers = len(widest.groups.name)
        offered = {pledge.id: pledge for pledge in scenario.pledges}
        held = compatibility_rules(scenario, [offered[name] for name in widest.groups.name])
        widest = replace(widest, limits=replace(widest.limits, compatible=held))
        for unit in range(len(widest.units)):
            widest = with_unit(scenario, widest, unit)
        self.trials = Trials(widest)
        groups = self.trials.widest.groups
        self.newcomers = dict(zip(groups.unit[offers:].tolist(), range(offers, len(groups.name)), strict=True))
        self.closed = self.trials.closed(self.base)
        self.now = self.trials.outcome(Move(self.closed))

    def one_more(self) -> list[Change]:
        """What one more unit of each type is worth, from a contributor without caveats, there from the start."""
        at, cells = self.trials.posed.columns, self.trials.widest.cells
        found = []
        for unit, group in self.newcomers.items():
            own = np.concatenate([at["x"][cells.group == group].ravel(), at["a"][group]])
            after = self.trials.outcome(Move(np.setdiff1d(self.closed, own)))
            found.append(self._change(after, self.base.units[unit]))
        return _helpful(found)

    def caveats(self) -> list[Change]:
        """What lifting each caveat would do: for all pledges that carry it, then for one contributor's alone."""
        carried = {(name, p.contributor) for p in self.scenario.pledges for name in p.caveats}
        found = []
        for name in sorted({name for name, _ in carried}):
            found.append(self._change(self._posed(without_caveat(self.scenario, name)), name))
            capitals = sorted(who for caveat, who in carried if caveat == name)
            if found[-1].felt and len(capitals) > 1:
                found += [
                    self._change(self._posed(without_caveat(self.scenario, name, who)), f"{name}, {who} alone")
                    for who in capitals
                ]
        return _helpful(found)

    def rules(self) -> list[Change]:
        """What giving up each rule, or a tenth more of each limit, would do: the cheapest relaxation first."""
        widest, rows, calendar = self.trials.widest, self.trials.posed.rows, len(self.base.calendar)
        found = []
        for name, rule in self.scenario.composition.items():
            if rule.kind in ("veto", "apart", "one_language", "one_command"):
                after = self._posed(without_rule(self.scenario, name))
            else:
                mine = [i for i, r in enumerate(widest.limits.shares) if r.name.split(":")[0] == name]
                freed = rows["shares"].reshape(-1, calendar)[mine].ravel() if mine else []
                after = self.trials.outcome(Move(self.closed, freed=tuple(int(row) for row in freed)))
            found.append(self._change(after, f"without {name}"))
        high = self.trials.matrices.high
        force = {int(c): TENTH * float(high[c]) for c in self.trials.posed.columns["force"].ravel()}
        found.append(self._change(self.trials.outcome(Move(self.closed, high=force)), "authorized strength + 10 %"))
        found += [
            self._change(self._eased(family, slice(None)), f"{family} + 10 %")
            for family in ("lift", "budget")
            if family in rows
        ]
        senders = np.unique(widest.groups.contributor[widest.cells.group])
        for place, sender in enumerate(senders.tolist()):
            if sender in self.base.groups.contributor:
                own = slice(place * calendar, (place + 1) * calendar)
                what = f"ceiling of {widest.contributors[sender]} + 10 %"
                found.append(self._change(self._eased("ceiling", own), what))
        return _helpful(found)

    def withdrawals(self) -> list[Change]:
        """What losing each contributor from the start would do if all were re-planned, the worst first."""
        found = [
            self._change(self.lost(contributor), self.base.contributors[contributor])
            for contributor in sorted(set(self.base.groups.contributor.tolist()))
        ]
        return sorted(found, key=lambda c: (-round(c.critical, 3), -round(c.short, 3), c.what))

    def lost(self, contributor: int) -> Outcome:
        """The least shortfall without one contributor."""
        return self.trials.outcome(Move(np.concatenate([self.closed, self.trials.sent_by(contributor)])))

    def _posed(self, scenario: Scenario) -> Outcome:
        narrower = build_instance(scenario, self.period)
        return self.trials.outcome(Move(self.trials.closed(narrower), freed=self.trials.freed(narrower)))

    def _eased(self, family: str, part: slice) -> Outcome:
        upper = self.trials.matrices.upper
        rows = self.trials.posed.rows.get(family, np.zeros(0, int))[part]
        return self.trials.outcome(Move(self.closed, upper={int(row): TENTH * float(upper[row]) for row in rows}))

    def _change(self, after: Outcome, what: str) -> Change:
        return Change(what, after.critical - self.now.critical, after.short - self.now.short)


def _helpful(found: list[Change]) -> list[Change]:
    return sorted(found, key=lambda c: (round(c.critical, 3), round(c.short, 3)))


def without_rule(scenario: Scenario, *names: str) -> Scenario:
    """The scenario without some composition rules."""
    kept = {name: rule for name, rule in scenario.composition.items() if name not in names}
    return scenario.model_copy(update={"composition": kept})


def without_caveat(scenario: Scenario, name: str, contributor: str | None = None) -> Scenario:
    """The scenario if nobody, or one contributor no longer, insisted on a caveat."""
    pledges = tuple(
        p.model_copy(update={"caveats": tuple(c for c in p.caveats if c != name)})
        if contributor in (None, p.contributor)
        else p
        for p in scenario.pledges
    )
    return scenario.model_copy(update={"pledges": pledges})


def with_unit(scenario: Scenario, base: Instance, unit: int) -> Instance:
    """An instance with one more unit of a type, offered by nobody in particular and free to serve wherever it is asked.

    Without demand for the type the instance is as it was.
    """
    rows, groups, cells, limits = np.flatnonzero(base.demand.unit == unit), base.groups, base.cells, base.limits
    if not len(rows):
        return base
    spec = scenario.unit_types[base.units[unit]]
    typical = float(np.mean(groups.cost / groups.persons)) if len(groups.cost) else 0.0
    added = {
        "name": f"one_more_{base.units[unit]}", "contributor": len(base.contributors), "unit": unit, "count": 1,
        "persons": float(spec.strength), "divisible": spec.divisible, "notice": 0.0, "earliest": 0,
        "tour": len(base.calendar), "tours": 1, "lift": spec.lift, "cost": typical * spec.strength,
        "billed": min(typical, scenario.reimbursement.rate.best) * spec.strength, "reliability": 1.0,
    }  # fmt: skip
    more = {
        name: (*groups.name, value) if name == "name" else np.append(getattr(groups, name), value)
        for name, value in added.items()
    }
    open_ = replace(
        cells, group=np.append(cells.group, np.full(len(rows), len(groups.name))), row=np.append(cells.row, rows),
        asked=np.append(cells.asked, np.zeros(len(rows), bool)),
    )  # fmt: skip
    shares = tuple(replace(r, members=np.append(r.members, False)) for r in limits.shares)
    anybody = tuple(
        replace(r, suits=np.column_stack([r.suits, np.ones(len(r.choices), bool)])) for r in limits.compatible
    )
    supports = tuple(replace(r, needs=np.append(r.needs, True)) for r in limits.supports)
    room = replace(
        limits, contributor=np.append(limits.contributor, np.inf), shares=shares, compatible=anybody, supports=supports
    )
    who = (*base.contributors, NEWCOMER)
    return replace(base, contributors=who, groups=replace(groups, **more), cells=open_, limits=room)
