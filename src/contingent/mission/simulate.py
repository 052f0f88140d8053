"""What happens on the ground under one option, in every run of a design?

The border of the compiled kernel: everything that enters and leaves it is named and its shape is checked here.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission import compiled, state
from contingent.mission.eq01_coverage import ALL, CHANNELS
from contingent.mission.eq04_attacks import LOG_USUAL, WEEKS_A_YEAR
from contingent.mission.inputs import AXES, RECORDS, Inputs, prepare
from contingent.mission.kernel import Memory, Results, run_batches
from contingent.mission.outputs import Mission, Outputs, contributor_rows, headline_arrays, headline_dataset, labelled
from contingent.mission.parameters import USED_BEFORE
from contingent.mission.presence import Presence
from contingent.scenario.model import Scenario
from contingent.streams import Streams

CHUNK = 10_000  # runs held at a time when there are very many
LARGEST_MEAN = 1e6  # of a count a week; larger ones would take too long to draw


def simulate(
    scenario: Scenario,
    presence: Presence,
    design: Design,
    parts: frozenset[str] | None = None,
    days: Mapping[str, np.ndarray] | None = None,
) -> Mission:
    """Simulate the mission of one option (`scenario.under(option)`) with the force that comes.

    The same seed meets the same luck under every option, whatever part of the design is asked for. `parts` and `days`
    as in `inputs.prepare`.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    inputs = prepare(scenario, presence, design, parts, days)
    simulate_into(inputs, outputs := Outputs.empty(inputs))
    return labelled(inputs, outputs, list(scenario.theatre.sectors))


def simulate_into(
    inputs: Inputs,
    outputs: Outputs,
    first: int = 0,
    last: int | None = None,
    trace: tuple[np.ndarray, np.ndarray] | None = None,
) -> None:
    """Run the kernel over some of the runs; releases the interpreter's lock, so threads may share the runs.

    `trace`, the theatre's (week, field) and the sectors' (week, sector, field), receives every state of the first run.

    Raises:
        ValueError: an array does not have the shape or the fields the kernel takes, or a field moves nothing.
        InputError: counts larger than can be drawn.
    """
    check_fields(inputs.parameters)
    check_shapes(inputs, outputs)
    check_counts(inputs)
    memory = Memory.empty(
        inputs.parameters, len(inputs.sector_names), len(inputs.layout.serves), len(inputs.contributors), inputs.weeks,
        len(inputs.layout.when),
    )  # fmt: skip
    last = len(inputs.runs) if last is None else last
    traces = trace or (np.empty((0, 0)), np.empty((0, 0, 0)))
    series = np.array(list(outputs.names.values()), dtype=np.int64)
    results = Results(series, outputs.weekly, outputs.sectors, outputs.contributors, *traces)
    run_batches(inputs.seed_key, inputs.runs, first, last, inputs.given, inputs.layout, memory, results)  # pyright: ignore[reportCallIssue]


def empty_trace(inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """Room for every state of one run; fields in the order of `state.THEATRE` and `state.SECTOR`."""
    weeks, sectors = inputs.weeks, len(inputs.sector_names)
    return np.zeros((weeks, len(state.THEATRE.fields))), np.zeros((weeks, sectors, len(state.SECTOR.fields)))


def check_fields(parameters: tuple[str, ...]) -> None:
    """Refuse (ValueError) a field or a parameter that no equation reads: it would be drawn and move no number."""
    fields = [(field.name, kind.name) for kind in state.TYPES.values() for field in kind.fields]
    known = [(name, f"{kind}.{name} of data/state.csv") for name, kind in fields]
    known += [(name, f"parameter {name} of data/priors.csv") for name in parameters if name not in USED_BEFORE]
    if idle := [said for name, said in known if name not in compiled.NAMES]:
        raise ValueError("no equation reads " + ", ".join(idle))


def check_shapes(inputs: Inputs, outputs: Outputs) -> None:
    """Refuse (ValueError) arrays whose shapes do not fit each other, or whose fields are not those of the table."""
    layout = inputs.layout
    size = {
        "run": len(inputs.runs), "sector": len(inputs.sector_names), "crossing": len(layout.serves),
        "week": inputs.weeks, "contributor": len(inputs.contributors), "pledge": len(layout.owner),
        "change": len(layout.when),
        "channel": len(CHANNELS), "parameter": len(inputs.parameters), "series": len(outputs.names),
        "total": len(state.SECTOR.outputs), "end": len(state.CONTRIBUTOR.outputs),
    }  # fmt: skip
    given = {name: getattr(layout if name in layout._fields else inputs, name) for name in AXES}
    arrays = {name: (each, AXES[name]) for name, each in given.items()} | {
        "weekly": (outputs.weekly, "series week run"), "by sector": (outputs.sectors, "total sector run"),
        "by contributor": (outputs.contributors, "end contributor run"),
    }  # fmt: skip
    faults = [
        f"{name}: has shape {array.shape}, needs {shape}"
        for name, (array, axes) in arrays.items()
        if array.shape != (shape := tuple(size[axis] for axis in axes.split()))
    ]
    faults += [
        f"{name}: has fields {array.dtype.names}, needs {state.TYPES[kind].given.names}"
        for kind, name in RECORDS.items()
        if (array := getattr(inputs, name)).dtype != state.TYPES[kind].given
    ]
    if faults:
        raise ValueError("what enters the kernel does not fit:\n  " + "\n  ".join(faults))


def check_counts(inputs: Inputs) -> None:
    """Refuse (InputError) a theatre whose weekly counts could have a mean beyond LARGEST_MEAN."""
    at = inputs.parameter
    troops = inputs.planned[:, ALL].sum(axis=(0, 2)).max(initial=0.0)
    war = (1 + at("fallen_outside")) / (1 + at("fallen_outside") * inputs.theatre["fights_at_start"])
    outside = at("outside_rate") * np.maximum(war, (1 + inputs.theatre["age_at_start"]) ** at("outside_decay"))
    events = at("event_ceiling") * at("armed_ceiling") * inputs.sectors["armed_start"].max(1, initial=0.0) / 1000
    killed = len(inputs.sector_names) * events * at("civilian_deaths_per_event") + outside
    level = np.log1p(WEEKS_A_YEAR * killed) - LOG_USUAL
    worst = np.exp((at("support_shield") + at("consent_shield")) / 2 + at("threat_elasticity") * level)
    means = {
        "event_ceiling": events,
        "outside_rate and fallen_outside": outside,
        "attack_risk": troops * at("attack_risk") / 52_178.57 * worst,
    }
    faults = [
        f"theatre.parameters, {name}: up to {mean.max():,.0f} a week; at most {LARGEST_MEAN:,.0f} are counted"
        for name, mean in means.items()
        if mean.size and mean.max() > LARGEST_MEAN
    ]
    if faults:
        raise InputError("\n".join(faults))


def chunks(seed: int, runs: int) -> list[Design]:
    """The designs of a stack of Latin hypercubes with `runs` runs in all; the first is that of the seed itself."""
    sizes = [min(CHUNK, runs - start) for start in range(0, runs, CHUNK)]
    seeds = [seed, *(int(Streams(seed).counter_key(f"mission.batch.{b}")) for b in range(1, len(sizes)))]
    return [Design(*pair) for pair in zip(seeds, sizes, strict=True)]


def headlines(
    scenario: Scenario,
    presence: Callable[[Design], Presence],
    *,
    seed: int,
    runs: int,
    workers: int = 1,
    parts: frozenset[str] | None = None,
    days: Callable[[Design], Mapping[str, np.ndarray]] | None = None,
) -> xr.Dataset:
    """The headline outcomes of every run, and the deciding contributor's deaths; float32, for any number of workers.

    Very many runs: one chunk after another, of which only headlines are kept. `presence` gives the force that comes in
    the runs of a design, `days` when each event happens in them; `parts` are told. Memory grows by about 100 bytes a
    run, and by 100 MB a worker.
    """

    def one(design: Design) -> dict[str, np.ndarray]:
        inputs = prepare(scenario, presence(design), design, parts, days(design) if days else None)
        simulate_into(inputs, outputs := Outputs.empty(inputs))
        rows = headline_arrays(inputs, outputs) | contributor_rows(inputs, outputs, scenario.contributor)
        return {name: values.astype(np.float32) for name, values in rows.items()}

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(one, chunks(seed, runs)))
    whole = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    return headline_dataset(whole, np.arange(runs))
