"""A force on the shipped scenario's ground, spread plainly over sectors and tasks, without the optimiser."""

import numpy as np
import xarray as xr

from contingent.mission.presence import Presence


def plain_presence(scenario, runs, *, scale=1.0, seed=1):
    """Every pledge arrives after its notice and spreads evenly over the sectors and the tasks open to it."""
    sectors, tasks = list(scenario.theatre.sectors), list(scenario.mandate.tasks)
    planned = np.zeros((len(scenario.pledges), scenario.horizon, len(sectors), len(tasks)))
    for p, pledge in enumerate(scenario.pledges):
        barred = {task for name in pledge.caveats for task in scenario.caveats[name].excludes_tasks}
        open_tasks = [k for k, task in enumerate(tasks) if task not in barred]
        arrival = int(np.ceil(pledge.notice.best / 7))
        for k in open_tasks:
            planned[p, arrival:, :, k] = scale * pledge.strength.best / len(sectors) / len(open_tasks)
    ids = [pledge.id for pledge in scenario.pledges]
    rng = np.random.default_rng(seed)
    shape = (runs, len(ids))
    return Presence(
        xr.DataArray(
            planned,
            dims=("pledge", "week", "sector", "task"),
            coords={"pledge": ids, "week": np.arange(scenario.horizon), "sector": sectors, "task": tasks},
        ),
        xr.DataArray(rng.uniform(0.5, 1, shape), dims=("run", "pledge")),
        xr.DataArray(rng.integers(0, 8, shape), dims=("run", "pledge")),
        xr.DataArray([pledge.contributor for pledge in scenario.pledges], dims=("pledge",)),
    )
