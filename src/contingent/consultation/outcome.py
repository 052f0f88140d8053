"""What will have happened by each day: nothing yet, refused, or which terms; and which rung is reached at least?

The competing outcomes of one decision over all options, as one distribution in every run.

Terms are decided once somebody who can propose wants them more than any that commit to less, every gate lets them
through, and what they wait for has come. Of those that can be decided by a day the furthest-reaching are: whoever would
do more does not refuse less, so lesser terms are taken while bolder ones still wait. Everything is a threshold of the
shock that all who decide share, and the shock is integrated in closed form; so more support never lowers a rung, one
more gate never raises one, and all outcomes sum to 1.

The ladder is an ordinal scale of commitment: options tied on it share a rung, and a decision for one of them reaches
every rung below.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from contingent.consultation.ballots import Shocks
from contingent.consultation.dispositions import INNER, SURE, Dispositions, each_draw, inner
from contingent.consultation.gates import Walk
from contingent.consultation.stakes import Stakes
from contingent.ensemble.design import Design
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.model import Scenario

Array = NDArray[np.float64]
PENDING = ("considered", "waiting", "refused", "lapsed")
"""Under consideration; agreed in principle, waiting for what others do; refused; left undecided past its last
deadline."""
STAGES = ("decided", "accepted", "delivered")
FATES = ("as_proposed", "other_terms", "not_accepted", "waiting", "refused")
"""What comes of a proposal by the deadline: carried out, or lesser or other terms are; passed on some terms but not
accepted by the parties; agreed to and waiting for what others do; refused or left undecided."""
RENEWAL = 0.5  # chance that a deadline which passes undecided is renewed, where the scenario says nothing: a judgement


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: the options that reach no further than it, and what it is called."""

    name: str
    options: tuple[str, ...]
    label: str


def ladder(scenario: ScenarioFields) -> tuple[Rung, ...]:
    """The rungs above the status quo, from the lowest on; options that commit to no more than it stand on none.

    As the scenario's `process.ladder` orders them, or by their terms on the issue of `commitment`.
    """
    active = [name for name in scenario.options if name != scenario.baseline]
    if scenario.process.ladder:
        listed = [name for name in scenario.process.ladder if name in active]
        return tuple(Rung(name, (name,), scenario.options[name].label) for name in listed)
    issue = commitment(scenario)
    before = scenario.process.status_quo.get(issue, 0.0)
    at = {name: scenario.options[name].terms[issue].best for name in active if issue in scenario.options[name].terms}
    found = []
    for value in sorted({value for value in at.values() if value > before}):
        options = tuple(name for name in active if at.get(name) == value)
        anchor = scenario.issues[issue].anchors.get(round(value)) if value == round(value) else None
        found.append(Rung("_or_".join(sorted(options)), options, anchor or scenario.options[options[0]].label))
    return tuple(found)


def commitment(scenario: ScenarioFields) -> str:
    """The issue by which options are ordered: that on which they go furthest from the status quo."""
    stated = [option.terms for name, option in scenario.options.items() if name != scenario.baseline]

    def furthest(issue: str) -> float:
        before = scenario.process.status_quo[issue]
        return max((terms[issue].best - before for terms in stated if issue in terms), default=0.0)

    known = sorted(issue for issue in scenario.process.status_quo if issue in scenario.issues)
    return max(known, key=furthest) if known else next(iter(scenario.issues))


def height(scenario: ScenarioFields) -> dict[str, int]:
    """How many rungs each option reaches; 0 for those that commit to no more than the status quo."""
    reached = {name: step + 1 for step, rung in enumerate(ladder(scenario)) for name in rung.options}
    return {name: reached.get(name, 0) for name in scenario.options}


@dataclass(frozen=True, slots=True)
class Path:
    """One option's way to a decision, per draw.

    `gates`: the shared shock from which everyone whose assent it needs agrees; `proposed`: that from which somebody
    puts it forward; `wanted`: both; `accepted`: the other parties' shock from which they accept. `day`: when it can be
    decided, inf where what it waits for never comes; `walked`: the day its gates would be behind without waiting;
    `there`: the day on which people arrive, inf where nobody does; `accepted_day` between them.
    """

    gates: Array
    proposed: Array
    wanted: Array
    accepted: Array
    walked: Array
    day: Array
    accepted_day: Array
    there: Array


@dataclass(frozen=True, slots=True)
class Outlook:
    """The paths of all options but the baseline, lowest rung first, and the day after which nothing is decided any
    more.

    `order` (draw, option) ranks the options from the furthest-reaching on; of one rung, by what the proposers like
    best.
    """

    paths: Mapping[str, Path]
    rungs: NDArray[np.int64]
    order: NDArray[np.int64]
    last_day: Array

    def each(self, field: str, part: slice = slice(None)) -> Array:
        """A field of every path side by side in some draws; (draw, option), also where there is no option."""
        found = [getattr(path, field)[part] for path in self.paths.values()]
        return np.stack(found, 1) if found else np.empty((len(self.last_day[part]), 0))

    def states(self, day: Array) -> tuple[Array, Array]:
        """What will have happened by a day (draw,): probabilities (run, option), and (run, state) of `PENDING`."""
        wanted, came, walked = map(self.each, ("wanted", "day", "walked"))
        by = np.minimum(day, self.last_day)[:, None]
        there = came <= by
        decided, least = self.furthest(np.where(there, wanted, np.inf))
        undecided = ndtr(least)
        can_wait = np.where(~there & (walked <= by), wanted, np.inf).min(1, initial=np.inf)
        can_come = np.where(~there & (walked > by), wanted, np.inf).min(1, initial=np.inf)
        waiting = np.maximum(undecided - ndtr(can_wait), 0.0)
        coming = np.maximum(np.minimum(undecided, ndtr(can_wait)) - ndtr(can_come), 0.0)
        stopped = undecided - waiting - coming
        over, lapsed = walked.max(1, initial=0.0) <= by[:, 0], day > self.last_day
        considered, refused = np.where(over, 0.0, stopped), np.where(over, stopped, 0.0)
        zero = np.zeros(len(day))
        open_ = np.stack([coming + considered, waiting, refused, zero], 1)
        shut = np.stack([zero, zero, refused, waiting + coming + considered], 1)
        return of_runs(decided), of_runs(np.where(lapsed[:, None], shut, open_))

    def furthest(self, wanted: Array) -> tuple[Array, Array]:
        """That an option is the furthest-reaching whose threshold (draw, option) is passed, and the least of these."""
        found, least, rows = np.zeros(wanted.shape), np.full(len(wanted), np.inf), np.arange(len(wanted))
        for option in self.order.T:
            at = wanted[rows, option]
            found[rows, option] = np.maximum(ndtr(least) - ndtr(at), 0.0)
            least = np.minimum(least, at)
        return found, least

    def rung(self, least: int, day: Array, stage: str = "decided") -> Array:
        """The probability (run,) that terms of at least this rung have come to a stage by a day (draw,)."""
        paths = [path for path, reach in zip(self.paths.values(), self.rungs, strict=True) if reach >= least]
        if not paths:
            return np.zeros(len(day) // INNER)
        came = np.stack([p.day for p in paths], 1) <= np.minimum(day, self.last_day)[:, None]
        wanted = np.where(came, np.stack([p.wanted for p in paths], 1), np.inf)
        if stage == "decided":
            return of_runs(1 - ndtr(wanted.min(1)))
        on = np.stack([p.accepted_day if stage == "accepted" else p.there for p in paths], 1)
        accepted = np.where(on <= day[:, None], np.stack([p.accepted for p in paths], 1), np.inf)
        return of_runs(either(wanted, accepted))

    def attempts(self, deadline: Array) -> tuple[Array, Array, Array]:
        """What comes of putting each option forward, in the world each run is in.

        The outcome tree of a proposal: passed on its own terms, on others, refused, or still waiting; then accepted by
        the parties or not. It is decided by the `deadline` (draw,) where the gates let it through, else what else would
        be. The first draw of a run is that of its world.

        Returns what is decided, what is carried out, each (run, option, nobody or option), and the fate of the
        proposal, (run, option, `FATES`); each sums to 1.
        """
        first, options = slice(None, None, INNER), len(self.paths)
        by = deadline[first]
        rows = np.arange(len(by))
        fields = ("day", "walked", "gates", "wanted", "accepted")
        day, walked, alone, least, accepted = (self.each(field, first) for field in fields)
        late = (day > by[:, None]) | np.isinf(day)
        gates, wanted = np.where(late, np.inf, alone), np.where(late, np.inf, least)
        walks, accepted = late & (walked <= by[:, None]), ndtr(-accepted)
        decided = np.zeros((len(rows), options, 1 + options))
        fates = np.zeros((len(rows), options, len(FATES)))
        for own in range(options):
            none_of = gates[:, own].copy()
            decided[:, own, 1 + own] = ndtr(-none_of)
            for other in self.order[first].T:
                at = np.where(other == own, np.inf, wanted[rows, other])
                decided[rows, own, 1 + other] += np.maximum(ndtr(none_of) - ndtr(at), 0.0)
                none_of = np.minimum(none_of, at)
            undecided = ndtr(none_of)
            waiting = np.where(walks[:, own], np.maximum(undecided - ndtr(alone[:, own]), 0.0), 0.0)
            decided[:, own, 0] = undecided
            done = (decided[:, own, 1:] * accepted).sum(1)
            mine = decided[:, own, 1 + own] * accepted[:, own]
            fates[:, own] = np.stack([mine, done - mine, 1 - undecided - done, waiting, undecided - waiting], 1)
        carried_out = np.concatenate([np.zeros((*decided.shape[:2], 1)), decided[:, :, 1:] * accepted[:, None]], 2)
        carried_out[:, :, 0] = 1 - carried_out.sum(2)
        return decided, carried_out, fates


def of_runs(values: Array) -> Array:
    """The mean of each run's inner draws: (draw, ...) to (run, ...)."""
    return values.reshape(len(values) // INNER, INNER, *values.shape[1:]).mean(1)


def either(first: Array, second: Array) -> Array:
    """That two independent normal shocks pass both thresholds of at least one pair; (draw, pair) -> (draw,)."""
    if first.shape[1] == 1:
        return ndtr(-first[:, 0]) * ndtr(-second[:, 0])
    order = np.argsort(first, axis=1, kind="stable")
    from_here = ndtr(-np.take_along_axis(first, order, 1))
    least = np.minimum.accumulate(np.take_along_axis(second, order, 1), axis=1)
    from_here[:, :-1] -= from_here[:, 1:]
    return (from_here * ndtr(-least)).sum(1)


def wanted_from(
    scenario: Scenario, option: str, leans: Mapping[str, Dispositions], stakes: Stakes, shocks: Shocks, noise: Array
) -> Array:
    """The shared shock from which somebody who can propose wants an option more than all that commits to less; (draw,).

    Two options are compared as one is with nothing: by what is gained, in units of the noise times what the step is
    worth to someone who wants all of it.
    """
    reach = height(scenario)
    lower = [leans[name] for name in leans if reach[name] < reach[option]]
    mine = leans[option]
    found = []
    for row in stakes.rows(scenario.process.proposers or scenario.process.decider):
        wish = mine.wish[:, row]
        for other in lower:
            step = mine.most[:, row] - other.most[:, row]
            worth = noise * np.where(step > 0, step, 1.0)
            more = np.clip((mine.gain[:, row] - other.gain[:, row]) / worth, -SURE, SURE)
            wish = np.minimum(wish, each_draw(more))
        found.append(shocks.threshold(wish, row))
    return np.min(found, axis=0) if found else np.full(len(mine.wish), -np.inf)


def last_days(scenario: Scenario, deadline: Array, design: Design) -> Array:
    """The day after which nothing is decided any more: the deadline and as many again as it is renewed; (draw,)."""
    renewal = scenario.process.renewal
    again = np.full(len(deadline), RENEWAL) if renewal is None else design.sample("process.renewal", renewal)
    again = each_draw(np.clip(again, 0.0, 1 - 1e-6))
    level = inner(design, "process.renewed", "renewed")
    with np.errstate(divide="ignore"):
        renewed = np.where(again > 0, np.floor(np.log(level) / np.log(np.maximum(again, 1e-12))), 0.0)
    since = each_draw(deadline)
    # a deadline that is behind was renewed, where it can be: that nobody decides any more would have been told
    passed = np.floor(scenario.elapsed / np.maximum(since, 1e-9)) * (again > 0)
    return since * (1 + passed + renewed)


def path_of(
    walk: Walk,
    wanted: Array,
    happens: Mapping[str, Array],
    attention: Array,
    arrives: Array,
    notice: Array,
    built: Array,
    known: Mapping[str, float] | None = None,
) -> Path:
    """An option's path from its walk; `attention` (draw,) is the day before which nothing is decided at all.

    `arrives` (draw,) says whether people come after a yes, `notice` (draw,) how many days after acceptance at the
    earliest, and `built` (draw,) the day before which no force has been built up. `known` gives the day of a decision
    or an arrival that has happened.
    """
    gates = walk.passes()
    walked = np.maximum(walk.day(None), attention)
    day = np.maximum(walk.day(happens), attention)
    on = known or {}
    day = np.full(len(day), on["decision"]) if "decision" in on else day
    accepted_day = walk.day(happens, "acceptance", start=day)
    return Path(
        gates=gates, proposed=wanted, wanted=np.maximum(gates, wanted), accepted=walk.passes("acceptance"),
        walked=walked, day=day, accepted_day=accepted_day,
        there=np.where(arrives > 0, on.get("arrival", np.maximum(accepted_day + notice, built)), np.inf),
    )  # fmt: skip
