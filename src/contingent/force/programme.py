"""The plan as a mathematical programme: which group serves which cell in which period.

Variables, all by period t:
    x[cell, t]   units serving: whole, or parts of a divisible unit
    a[group, t]  units arriving (first tours and reliefs), whole;  here[group, t]  units in theatre
    critical[row, t], short[row, t]  persons below the minimum, below what is wanted
    b[contributor, sector]  whether a contributor works in a sector at all

    cover      sum over cells of a row  persons x + short    >= wanted
    critical   critical >= short - (wanted - minimum)
    available  here = sum of a over the last `tour` periods <= count
    on_hand    sum over cells of a group  x <= here
    tours      sum over t  a <= tours
    strength   sum  persons x <= authorized strength
    lift       sum  lift (a[t] + a[t - tour]) <= what can be moved
    ceiling    sum over a contributor's cells  persons x <= its ceiling
    shares     sum over members  persons x  >= or <=  share * sum persons x
    budget     sum over a year  cost x <= budget of the year
    medical    sum over a sector  persons x <= first aid + cover * its hospitals + uncovered
    cohesion   sum over a contributor's units in a sector  x <= its units * b

Goals in falling order, far apart enough that a lower one never outweighs a person of a higher one.
"""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from contingent.force.instance import Instance

# What one person-period short, one unit asked for by leave, and so on cost in the objective.
CRITICAL, SHORT, COST, PRESENCE, ASKED = 100.0, 1.0, 0.05, 2.0, 0.2
DOUBT, NAME = 0.5, 0.1  # beside the dearest pledge's cost
# Persons a sector's own first aid posts look after, and the price of one beyond all medical cover: judgements.
FIRST_AID, UNCOVERED = 500.0, 0.2
COUPLING = ("strength", "ceiling", "shares", "lift", "budget", "medical")
"""The constraints in which unit types meet."""


def programme(instance: Instance) -> linopy.Model:
    """The model of one instance; solved elsewhere."""
    model = linopy.Model()
    group, row, cell, period = _indexes(instance)
    groups, cells, demand = instance.groups, instance.cells, instance.demand
    steps = np.arange(len(instance.calendar))

    open_ = xr.DataArray(steps[None, :] >= groups.earliest[:, None], coords=[group, period])
    serving = xr.DataArray(open_.values[cells.group], coords=[cell, period])
    most = xr.DataArray(np.repeat(groups.count[cells.group][:, None], len(steps), 1), coords=[cell, period])
    x = model.add_variables(0, most.where(serving, 0), coords=[cell, period], name="x", integer=True)
    arrivals = xr.DataArray(np.repeat(groups.count[:, None], len(steps), 1), coords=[group, period])
    a = model.add_variables(0, arrivals.where(open_, 0), coords=[group, period], name="a", integer=True)
    wanted = xr.DataArray(demand.wanted, coords=[row, period])
    minimum = xr.DataArray(demand.minimum, coords=[row, period])
    short = model.add_variables(0, wanted, coords=[row, period], name="short")
    critical = model.add_variables(0, minimum, coords=[row, period], name="critical")

    persons = xr.DataArray(groups.persons[cells.group], coords=[cell])
    people = persons * x
    of_row = xr.DataArray(cells.row, coords=[cell], name="row")
    served = np.unique(cells.row)
    covered = people.groupby(of_row).sum()
    model.add_constraints(covered + short.sel(row=served) >= wanted.sel(row=served), name="cover")
    model.add_constraints(critical - short >= minimum - wanted, name="critical")
    idle = np.setdiff1d(np.arange(len(row)), served)
    if len(idle):
        model.add_constraints(short.sel(row=idle) >= wanted.sel(row=idle), name="cover_none")

    _presence(model, instance, x, a, group, cell, period)
    _limits(model, instance, people, a)
    objective = CRITICAL * (_weights(instance, row) * critical).sum() + SHORT * (_weights(instance, row) * short).sum()
    objective = objective + (_cost(instance, cell) * x).sum() + _cohesion(model, instance, x, cell)
    objective = objective + _medical(model, instance, x, people)
    model.add_objective(objective)
    return model


def _indexes(instance: Instance) -> tuple[pd.Index, pd.Index, pd.Index, pd.Index]:
    sizes = {"group": len(instance.groups.name), "row": len(instance.demand.unit)}
    sizes |= {"cell": len(instance.cells.group), "period": len(instance.calendar)}
    return tuple(pd.RangeIndex(n, name=name) for name, n in sizes.items())  # pyright: ignore[reportReturnType]


def _presence(model, instance, x, a, group, cell, period) -> None:
    """Who serves must be in theatre: arrived within the last tour, and never more than are on offer."""
    groups, steps = instance.groups, np.arange(len(instance.calendar))
    since = steps[None, :, None] - steps[None, None, :]
    within = xr.DataArray(
        ((since >= 0) & (since < groups.tour[:, None, None])).astype(float),
        coords=[group, period, pd.RangeIndex(len(steps), name="arrival")],
    )
    count = xr.DataArray(np.repeat(groups.count[:, None].astype(float), len(steps), 1), coords=[group, period])
    here = model.add_variables(0, count, coords=[group, period], name="here")
    model.add_constraints((within * a.rename(period="arrival")).sum("arrival") - here == 0, name="available")
    used = np.unique(instance.cells.group)
    of_group = xr.DataArray(instance.cells.group, coords=[cell], name="group")
    model.add_constraints((1 * x).groupby(of_group).sum() - here.sel(group=used) <= 0, name="on_hand")
    model.add_constraints(a.sum("period") <= xr.DataArray(groups.tours.astype(float), coords=[group]), name="tours")


def _limits(model: linopy.Model, instance: Instance, people: linopy.LinearExpression, a: linopy.Variable) -> None:
    """What the whole force and each contributor may not exceed."""
    groups, limits, cell = instance.groups, instance.limits, people.indexes["cell"]
    period = people.indexes["period"]
    most = np.where(np.isfinite(limits.strength), limits.strength, _potential(instance).sum())
    force = model.add_variables(0, xr.DataArray(most, coords=[period]), coords=[period], name="force")
    model.add_constraints(people.sum("cell") - force == 0, name="strength")
    of = xr.DataArray(groups.contributor[instance.cells.group], coords=[cell], name="contributor")
    sent = np.unique(of)
    mine = people.groupby(of).sum()
    ceiling = np.minimum(limits.contributor, _potential(instance))[sent]
    model.add_constraints(mine <= xr.DataArray(ceiling, coords=[mine.indexes["contributor"]]), name="ceiling")
    if limits.shares:
        rule = pd.Index([r.name for r in limits.shares], name="rule")
        sign = np.array([1.0 if r.least else -1.0 for r in limits.shares])
        members = xr.DataArray(
            sign[:, None] * [r.members[sent] for r in limits.shares], coords=[rule, mine.indexes["contributor"]]
        )
        share = xr.DataArray(sign * [r.share for r in limits.shares], coords=[rule])
        model.add_constraints((members * mine).sum("contributor") - share * force >= 0, name="shares")
    _lift(model, instance, a)
    _budget(model, instance, people)


def _potential(instance: Instance) -> np.ndarray:
    """Persons each contributor offers at once."""
    groups = instance.groups
    return np.bincount(groups.contributor, groups.count * groups.persons, len(instance.contributors))


def _lift(model: linopy.Model, instance: Instance, a: linopy.Variable) -> None:
    """Units coming take lift, and units going home after their tour take as much."""
    limits, period, steps = instance.limits, a.indexes["period"], np.arange(len(instance.calendar))
    if not np.isfinite(limits.lift).any():
        return
    since = steps[None, :, None] - steps[None, None, :]
    moved = (since == 0) | (limits.outbound & (since == instance.groups.tour[:, None, None]))
    weight = xr.DataArray(
        instance.groups.lift[:, None, None] * moved,
        coords=[a.indexes["group"], period, pd.RangeIndex(len(steps), name="arrival")],
    )
    total = (weight * a.rename(period="arrival")).sum(["arrival", "group"])
    model.add_constraints(total <= xr.DataArray(limits.lift, coords=[period]), name="lift")


def _budget(model: linopy.Model, instance: Instance, people: linopy.LinearExpression) -> None:
    """What the force costs in each year of 52 weeks."""
    budget, groups = instance.limits.budget, instance.groups
    if not np.isfinite(budget).any():
        return
    year = pd.RangeIndex(len(budget), name="year")
    when = (instance.calendar.start[None, :] // 52 == np.arange(len(budget))[:, None]) * instance.calendar.months
    each = xr.DataArray((groups.cost / groups.persons)[instance.cells.group], coords=[people.indexes["cell"]])
    spent = (xr.DataArray(when, coords=[year, people.indexes["period"]]) * (each * people).sum("cell")).sum("period")
    model.add_constraints(1e-6 * spent <= 1e-6 * xr.DataArray(budget, coords=[year]), name="budget")


def _medical(model: linopy.Model, instance: Instance, x: linopy.Variable, people: linopy.LinearExpression):
    """The price of people in a sector beyond what its hospitals cover."""
    limits, cells, demand = instance.limits, instance.cells, instance.demand
    if limits.medical is None:
        return 0
    cell, sectors = people.indexes["cell"], demand.sector[cells.row]
    hospital = instance.groups.unit[cells.group] == limits.hospital
    load = xr.DataArray(np.where(hospital, 0.0, 1.0), coords=[cell]) * people
    beds = xr.DataArray(np.where(hospital, limits.medical, 0.0), coords=[cell]) * x
    of = xr.DataArray(sectors, coords=[cell], name="sector")
    sector = pd.Index(np.unique(sectors), name="sector")
    uncovered = model.add_variables(0, coords=[sector, people.indexes["period"]], name="uncovered")
    model.add_constraints((load - beds).groupby(of).sum() - uncovered <= FIRST_AID, name="medical")
    return UNCOVERED * uncovered.sum()


def _weights(instance: Instance, row: pd.Index) -> xr.DataArray:
    return xr.DataArray(instance.demand.weight, coords=[row])


def _cost(instance: Instance, cell: pd.Index) -> xr.DataArray:
    """A small price for every person used: dearer ones more, doubtful ones more, and most where leave is needed.

    Between equal pledges the first by name is a hair cheaper. That says which of many equal plans is meant, and
    lets the solver prove its optimum: plans that tie are what it would otherwise have to search through.
    """
    groups, cells = instance.groups, instance.cells
    dear = groups.cost / groups.persons
    dear = dear / max(dear.max(initial=0.0), 1.0)
    rank = np.arange(len(dear)) / max(len(dear), 1)
    each = COST * (dear + DOUBT * (1 - groups.reliability) + NAME * rank)
    return xr.DataArray(groups.persons[cells.group] * (each[cells.group] + ASKED * cells.asked), coords=[cell])


def _cohesion(model: linopy.Model, instance: Instance, x: linopy.Variable, cell: pd.Index) -> linopy.LinearExpression:
    """The price of many contributors in one sector."""
    groups, cells = instance.groups, instance.cells
    if not instance.limits.cohesion:
        return 0 * x.sum()
    pair = groups.contributor[cells.group] * len(instance.sectors) + instance.demand.sector[cells.row]
    present, which = np.unique(pair, return_inverse=True)
    place = pd.RangeIndex(len(present), name="place")
    b = model.add_variables(coords=[place], name="b", binary=True)
    units = np.bincount(groups.contributor, groups.count, len(instance.contributors))
    most = xr.DataArray(units[present // len(instance.sectors)], coords=[place])
    there = (1 * x).groupby(xr.DataArray(which, coords=[cell], name="place")).sum()
    model.add_constraints(there - most * b <= 0, name="cohesion")
    return PRESENCE * len(instance.calendar) * b.sum()
