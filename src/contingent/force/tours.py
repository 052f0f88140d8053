"""Which stays in theatre are on offer: from when to when, in how many tours of about the length pledged.

A *stay* is one unit's presence from a week in which it arrives to the week in which it goes home. Whoever is in theatre
is there by a stay and by nothing else, so all that is counted by people (strength, shares, ceilings, lift, support,
money) is counted from stays. Within a stay the pledge's own tours follow one another in place, all equally long.
"""

from dataclasses import dataclass

import numpy as np

from contingent.force.instance import Instance, Ints

TOLERANCE = 0.25  # of the tour pledged: what tours may be longer or shorter (judgement)
SHORTEST = 13  # weeks: nobody is flown in for less, even where the operation ends sooner than a tour (judgement)
DAYS = 1e-9  # what rounding may add to a length in weeks


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays on offer; every array has shape (stay,) unless said otherwise."""

    group: Ints
    first: Ints
    """Period with whose first week it begins."""
    last: Ints
    """Period before whose first week it ends; `len(calendar)` for the end of the operation."""
    tours: Ints
    start: Ints
    """Week of arrival."""
    end: Ints
    """Week in which it is over."""
    extended: np.ndarray
    """Weeks beyond the tours pledged, all its tours together."""
    moves: tuple[Ints, Ints, np.ndarray, np.ndarray]
    """Stay, period whose lift it takes, how often its unit is moved then, there and (if that takes lift) back, and the
    week."""


def stays(instance: Instance) -> Stays:
    """Every stay of every group whose tours are within `TOLERANCE` of those pledged.

    One tour that the end of the operation cuts short may be shorter still, though not below `SHORTEST`.
    """
    calendar, groups = instance.calendar, instance.groups
    cuts = np.append(calendar.start, calendar.end[-1:])
    first, last = np.triu_indices(len(cuts), 1)
    length, found = cuts[last] - cuts[first], []
    each = np.maximum(1, groups.tours // np.maximum(groups.count, 1))
    ready = calendar.start[:, None] >= groups.notice + first_lead(instance) - DAYS
    for tours in range(1, int(each.max(initial=0)) + 1):
        tour = length / tours
        within = np.abs(tour - groups.tour[:, None]) <= TOLERANCE * groups.tour[:, None] + DAYS
        if tours == 1:
            cut = (last == len(calendar)) & (tour >= SHORTEST)
            within |= cut & (tour <= groups.tour[:, None])
        group, pair = np.nonzero(within & ready[first].T & (tours <= each)[:, None])
        found.append(np.stack([group, first[pair], last[pair], np.full(len(pair), tours)]))
    table = np.concatenate([np.zeros((4, 0), int), *found], axis=1)
    group, first, last, tours = table[:, np.lexsort(table[::-1])]
    start, end = cuts[first], cuts[last]
    extended = np.maximum(0.0, end - start - tours * groups.tour[group])
    return Stays(group, first, last, tours, start, end, extended, _moves(instance, start, end, tours))


def _moves(instance: Instance, start: Ints, end: Ints, tours: Ints) -> tuple[Ints, Ints, np.ndarray, np.ndarray]:
    """Who is moved when. What arrives in a week travels before it, with the lift of the period that ends then."""
    calendar, back = instance.calendar, float(instance.limits.outbound)
    which = np.repeat(np.arange(len(tours)), tours + 1)
    number = np.arange(len(which)) - np.repeat(np.cumsum(tours + 1) - tours - 1, tours + 1)
    week = start[which] + number * (end - start)[which] / np.maximum(tours[which], 1)
    leaves, over = number == tours[which], end[which] == calendar.end[-1]
    times = np.where(leaves, np.where(over, 0.0, back), 1.0 + back * (number > 0))
    return which, np.searchsorted(calendar.end, week - DAYS), times, week


def first_lead(instance: Instance) -> np.ndarray:
    """Weeks the quickest way in takes beside a group's notice, infinite where no route carries it; (group,)."""
    leads = [np.where(route.carries, route.lead, np.inf) for route in instance.limits.routes]
    return np.min(leads, axis=0) if leads else np.zeros(len(instance.groups.name))


def present(stays: Stays, periods: int) -> np.ndarray:
    """Whether a stay's unit is in theatre; (stay, period)."""
    step = np.arange(periods)
    return (stays.first[:, None] <= step) & (step < stays.last[:, None])
