"""The plan by weeks: which unit arrives in which week, is relieved in place, and goes home.

Periods decide who serves where; weeks decide when within the period, as lift allows. A unit arrives in the first week
of its period in which it is ready and lift is left, the surest and most wanted first; a unit that relieves another
arrives before the other leaves, so that a post is never empty in between.
"""

from dataclasses import dataclass

import numpy as np

from contingent.force.instance import Instance
from contingent.force.solve import Solution


@dataclass(frozen=True, slots=True)
class Weekly:
    """Units by week; every array has shape (group, week) except `serving` (cell, week)."""

    arriving: np.ndarray
    leaving: np.ndarray
    present: np.ndarray
    serving: np.ndarray
    late: np.ndarray
    """Weeks each group's arrivals slipped beyond their period's first week, summed over its units; (group,)."""


def refine(instance: Instance, solution: Solution) -> Weekly:
    """The weekly movements that carry out a plan by periods.

    Lift a period allows is dealt out evenly over its weeks and may be saved up within the period, as ships are.
    """
    groups, calendar, limits = instance.groups, instance.calendar, instance.limits
    weeks = int(calendar.end[-1])
    arriving, leaving = np.zeros((2, len(groups.name), weeks), int)
    late = np.zeros(len(groups.name))
    period = np.searchsorted(calendar.end, np.arange(weeks), side="right")
    room = Room(limits.lift, calendar.start, calendar.weeks)
    value = groups.reliability
    for step in range(len(calendar)):
        first, last = int(calendar.start[step]), int(calendar.end[step])
        going = [
            (g, int(solution.arriving[g, step - groups.tour[g]]))
            for g in range(len(groups.name))
            if limits.outbound and step >= groups.tour[g] and solution.arriving[g, step - groups.tour[g]]
        ]
        room.reserve(step, sum(groups.lift[g] * n for g, n in going))
        order = sorted(np.flatnonzero(solution.arriving[:, step]), key=lambda g: (-value[g], groups.name[g]))
        for g in order:
            ready = max(first, int(np.ceil(groups.notice[g] - 1e-9)))
            for _ in range(int(solution.arriving[g, step])):
                week = room.take(step, min(ready, last - 1), float(groups.lift[g]))
                arriving[g, week] += 1
                late[g] += week - first
    overdue = np.zeros((len(groups.name), weeks), int)
    for step in range(len(calendar)):
        _relieve(instance, solution, step, arriving, leaving, overdue)
    present = np.cumsum(arriving - leaving, axis=1)
    serving = _serving(instance, solution, present, overdue, period)
    return Weekly(arriving, leaving, present, serving, late)


class Room:
    """Lift left in every period, by the week: what a week does not use the next may."""

    def __init__(self, lift: np.ndarray, start: np.ndarray, weeks: np.ndarray):
        self.each = lift / weeks
        self.start, self.weeks = start, weeks.astype(int)
        self.used = [np.zeros(int(n)) for n in weeks]
        self.kept = np.zeros(len(lift))

    def reserve(self, step: int, lift: float) -> None:
        """Keep lift of a period for those who go home in it."""
        self.kept[step] = lift

    def take(self, step: int, earliest: int, lift: float) -> int:
        """The first week from `earliest` on by which enough lift has come together; takes it."""
        offset = max(0, earliest - int(self.start[step]))
        share = self.kept[step] / self.weeks[step]
        for week in range(offset, self.weeks[step]):
            if self.used[step].sum() + lift <= (self.each[step] - share) * (week + 1) + 1e-6:
                self.used[step][week] += lift
                return int(self.start[step]) + week
        last = self.weeks[step] - 1
        self.used[step][last] += lift
        return int(self.start[step]) + last


def _relieve(
    instance: Instance, solution: Solution, step: int, arriving: np.ndarray, leaving: np.ndarray, overdue: np.ndarray
) -> None:
    """Units whose tour is over leave as their own contributor's reliefs come, then as others of their type do.

    Those nobody relieves leave in the period's first week.
    """
    groups, first, last = instance.groups, int(instance.calendar.start[step]), int(instance.calendar.end[step])
    spare: dict[int, list[int]] = {}
    waiting: list[int] = []
    for g in range(len(groups.name)):
        came = np.repeat(np.arange(first, last), arriving[g, first:last]).tolist()
        going = int(solution.arriving[g, step - groups.tour[g]]) if step >= groups.tour[g] else 0
        for week in came[:going]:
            leaving[g, week] += 1
        waiting += [g] * (going - len(came[:going]))
        spare.setdefault(int(groups.unit[g]), []).extend(came[going:])
    for weeks in spare.values():
        weeks.sort()
    for g in waiting:
        others = spare.get(int(groups.unit[g]), [])
        home = others.pop(0) if others else first
        leaving[g, home] += 1
        overdue[g, first:home] += 1


def _serving(
    instance: Instance, solution: Solution, present: np.ndarray, overdue: np.ndarray, period: np.ndarray
) -> np.ndarray:
    """Units by cell and week: the period's posts, filled in the order of cells by whoever is there that week.

    Whoever waits for a relief from another contributor keeps his old post until then, as far as the ceiling allows
    and as those now in that sector share it with him.
    """
    cells, groups = instance.cells, instance.groups
    serving = np.zeros((len(cells.group), len(period)))
    waiting = np.zeros_like(serving)
    for g in range(len(groups.name)):
        mine = np.flatnonzero(cells.group == g)
        posts = solution.serving[mine][:, period]
        before = solution.serving[mine][:, np.maximum(period - 1, 0)]
        serving[mine] = _fill(present[g] - overdue[g], posts)
        waiting[mine] = _fill(overdue[g], before)
    waiting *= _welcome(instance, solution)[:, period]
    persons = groups.persons[cells.group]
    room = np.maximum(instance.limits.strength[period] - persons @ serving, 0)
    kept = np.minimum(1.0, room / np.maximum(persons @ waiting, 1e-9))
    return serving + waiting * kept


def _welcome(instance: Instance, solution: Solution) -> np.ndarray:
    """Whether the language, command and side that hold in a sector suit whoever serves there; (cell, period)."""
    cells, sector = instance.cells, instance.demand.sector[instance.cells.row]
    welcome, first = np.ones((len(cells.group), len(instance.calendar)), bool), 0
    for rule in instance.limits.compatible:
        holds = solution.common[first : first + len(rule.choices)][:, sector]
        welcome &= rule.by_leave | (holds & rule.suits[:, cells.group][:, :, None]).any(axis=0)
        first += len(rule.choices)
    return welcome


def _fill(units: np.ndarray, posts: np.ndarray) -> np.ndarray:
    """Units (week,) dealt to posts (cell, week) in the order of cells."""
    before = np.cumsum(posts, axis=0) - posts
    return np.clip(units - before, 0, posts)
