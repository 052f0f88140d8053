"""What would help the force most, and whom it cannot lose: the least shortfall with one thing changed.

Sensitivity by re-optimization: the same programme solved again with some bounds moved, beside what it is as things are.

The programme is posed once, with every offer and every cell that some change might open; what the question at hand does
not allow is held at zero. Changes are judged by the relaxation, in which units may be split, solved from the last one's
basis: a few milliseconds each, and no rounding of one plan is taken for an effect of the change. What a sector has in
common (a language, a command, a side) stays whole: half a language would say nothing. Minima are met or
missed alike in whole units wherever that was compared, but for part of a unit where the authorized strength is what is
short; what is wanted beyond them can differ by tens of persons.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from contingent.force.build_instance import HALF_YEAR, build_instance, compatibility_rules
from contingent.force.highs import set_integrality, to_highs
from contingent.force.instance import Instance
from contingent.force.model import build_model
from contingent.force.symmetry import unsuited
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Contributor, Pledge

NEWCOMER = "zzz"  # sorted last: whoever brings the unit that is priced
TENTH = 1.1
FELT = 0.05  # persons: less than this is no effect
SURE = 1e-5  # gap at which a trial in whole choices counts as solved


@dataclass(frozen=True, slots=True)
class Outcome:
    """Persons short on average over the weeks of the operation."""

    critical: float
    """Below the minimum."""
    short: float
    """Below what is wanted, those below the minimum included."""
    by_row: np.ndarray
    """Persons below the minimum; (row, period)."""


@dataclass(frozen=True, slots=True)
class Move:
    """What differs from the widest question: columns held at zero, and bounds of columns and rows."""

    closed: np.ndarray
    high: dict[int, float] = field(default_factory=dict)
    low: dict[int, float] = field(default_factory=dict)
    upper: dict[int, float] = field(default_factory=dict)
    freed: tuple[int, ...] = ()
    """Rows that bind no more."""
    cost: np.ndarray | None = None
    """Another objective than the plan's."""


class Trials:
    """The widest question, and the answers to narrower ones; without floors, which who stays at home would break."""

    def __init__(self, widest: Instance):
        kept = tuple(rule for rule in widest.limits.shares if not (rule.least and rule.persons > 0))
        widest = replace(widest, limits=replace(widest.limits, shares=kept))
        self.widest, self.posed = widest, build_model(widest)
        self.highs, self.matrices = to_highs(self.posed.matrices), self.posed.matrices
        if self.posed.columns["common"].size:
            set_integrality(self.highs, self.posed.columns["common"].ravel())
            self.highs.setOptionValue("mip_rel_gap", SURE)
        self.columns = np.arange(len(self.matrices.cost), dtype=np.int32)
        self.moved = [
            int(row)
            for name in ("shares", "lift", "routes", "budget", "ceiling", "compatible")
            for row in self.posed.rows.get(name, ())
        ]
        weeks = widest.calendar.weeks
        self.share = weeks / weeks.sum()
        names, rows = [widest.groups.name[g] for g in widest.cells.group], widest.cells.row.tolist()
        self.place = {key: cell for cell, key in enumerate(zip(names, rows, strict=True))}

    def closed(self, instance: Instance) -> np.ndarray:
        """Which of the widest question's columns a narrower one does not have."""
        open_ = np.zeros(len(self.widest.cells.group), bool)
        for group, row in zip(instance.cells.group.tolist(), instance.cells.row.tolist(), strict=True):
            open_[self.place[instance.groups.name[group], row]] = True
        idle = np.setdiff1d(np.arange(len(self.widest.groups.name)), self.widest.cells.group[open_])
        at = self.posed.columns
        return np.concatenate([at["x"][~open_].ravel(), at["there"][idle].ravel()])

    def freed(self, instance: Instance) -> tuple[int, ...]:
        """Which of the widest question's rows on who can share a sector a narrower one does not have."""
        rules, ours = {rule.name: rule for rule in instance.limits.compatible}, self.widest.limits.compatible
        rows = self.posed.rows.get("compatible", np.zeros(0, int)).reshape(-1, len(self.widest.calendar))
        found: list[int] = []
        for (number, pool, _), mine in zip(unsuited(self.widest, self.posed.pools).tolist(), rows, strict=True):
            name = self.widest.groups.name[int(self.posed.pools.first[pool])]
            rule = rules.get(ours[number].name)
            if name in instance.groups.name and (rule is None or rule.suits[:, instance.groups.name.index(name)].all()):
                found += mine.tolist()
        return tuple(found)

    def sent_by(self, contributor: int) -> np.ndarray:
        """The columns that hold one contributor's units."""
        return np.flatnonzero(self.posed.sender == contributor)

    def outcome(self, move: Move) -> Outcome:
        """The least shortfall under a change."""
        matrices, low, high = self.matrices, self.matrices.low.copy(), self.matrices.high.copy()
        low[list(move.low)] = list(move.low.values())
        high[list(move.high)] = list(move.high.values())
        high[move.closed] = 0.0
        self.highs.changeColsBounds(len(high), self.columns, low, high)
        cost = matrices.cost if move.cost is None else move.cost
        self.highs.changeColsCost(len(cost), self.columns, cost)
        for row in self.moved:
            bound = row not in move.freed
            lower = float(matrices.lower[row]) if bound else -np.inf
            upper = (move.upper[row] if row in move.upper else float(matrices.upper[row])) if bound else np.inf
            self.highs.changeRowBounds(row, lower, upper)
        self.highs.run()
        values, at = np.asarray(self.highs.getSolution().col_value), self.posed.columns
        by_row = np.round(values[at["critical"]], 6)
        return Outcome(float(by_row.sum(0) @ self.share), float(values[at["short"]].sum(0) @ self.share), by_row)


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
        extended = with_newcomer(scenario, self.base)
        bare = tuple(pledge.model_copy(update={"caveats": ()}) for pledge in extended.pledges)
        open_ = without_rule(extended, *vetoes).model_copy(update={"pledges": bare})
        widest = build_instance(open_, period, self.base.calendar)
        offered = {pledge.id: pledge for pledge in extended.pledges}
        held = compatibility_rules(extended, [offered[name] for name in widest.groups.name])
        shares = tuple(rule for rule in widest.limits.shares if rule.members[:-1].any())
        widest = replace(widest, limits=replace(widest.limits, compatible=held, shares=shares))
        self.trials = Trials(widest)
        groups, last = self.trials.widest.groups, len(widest.contributors) - 1
        newcomers = np.flatnonzero(groups.contributor == last)
        self.newcomers = dict(sorted(zip(groups.unit[newcomers].tolist(), newcomers.tolist(), strict=True)))
        self.closed = self.trials.closed(self.base)
        self.now = self.trials.outcome(Move(self.closed))

    def one_more(self) -> list[Change]:
        """What one more unit of each type is worth, from a contributor without caveats, there from the start."""
        at, cells = self.trials.posed.columns, self.trials.widest.cells
        found = []
        for unit, group in self.newcomers.items():
            own = np.concatenate([at["x"][cells.group == group].ravel(), at["there"][group]])
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
            for family in ("lift", "routes", "budget")
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
        narrower = build_instance(scenario, self.period, self.base.calendar)
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


def with_newcomer(scenario: Scenario, base: Instance) -> Scenario:
    """The scenario with one more unit of each type that is asked for, by nobody in particular, free to serve anywhere.

    Its contributor is the last by name; it speaks every language, serves under every command, and brings its own
    national support.
    """
    known, cost = scenario.contributors.values(), [pledge.cost.best for pledge in scenario.pledges]
    strength = {name: scenario.unit_types[name].strength for name in {item.unit for item in scenario.requirements}}
    suited = {key: {word for who in known for word in getattr(who, key)} for key in ("languages", "commands")}
    newcomer = Contributor.model_validate({"label": "one more", "ceiling": sum(strength.values()), **suited})
    usual = {
        "self_sustains": [name for name, kind in scenario.support.items() if kind.within == "contributor"],
        "contributor": NEWCOMER, "notice": 0, "rotations": 1, "reliability": 1, "reimbursed": True,
        "tour": float(base.calendar.end[-1]) / WEEKS_A_MONTH, "cost": sum(cost) / max(len(cost), 1),
    }  # fmt: skip
    units = tuple(
        Pledge.model_validate({"id": f"{NEWCOMER}_{unit}", "unit": unit, "strength": persons, **usual})
        for unit, persons in strength.items()
    )
    contributors = {**scenario.contributors, NEWCOMER: newcomer}
    return scenario.model_copy(update={"contributors": contributors, "pledges": (*scenario.pledges, *units)})
