"""What does the kernel need to know of one option, in every run?

Every uncertain number of the theatre and of the contributors' publics, drawn by its dotted path, and the force plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import zeta

from contingent.ensemble.design import Design
from contingent.mission import state
from contingent.mission.eq02_violence import USUAL_NEED
from contingent.mission.kernel import Layout, Records
from contingent.mission.opening import armed_people, ceasefire_times, check_theatre, extents, first_rate, neighbours
from contingent.mission.parameters import authorized, draw
from contingent.mission.presence import Presence, changes, check_presence, sort_by_channel
from contingent.scenario.model import Scenario
from contingent.scenario.paths import value_at
from contingent.streams import Streams, key

RECORDS = {"theatre": "theatre", "sector": "sectors", "crossing": "crossings", "contributor": "publics"}
"""Where the inputs hold the given fields of each record of data/state.csv."""
AXES = {
    "theta": "parameter run", "theatre": "run", "sectors": "run sector", "crossings": "run crossing",
    "publics": "run contributor", "neighbours": "sector sector", "serves": "crossing sector", "sector_luck": "sector",
    "crossing_luck": "crossing", "luck": "contributor", "when": "change", "pledge": "change",
    "change": "change channel sector", "owner": "pledge", "delivered": "run pledge", "delay": "run pledge",
}  # fmt: skip
"""The axes of every array that enters the kernel; sectors, crossings and contributors in the order of their names."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the kernel is given; axes in `AXES`, names in the order of their axes.

    `parts` are those of the model that are told. `planned` (pledge, channel, week, sector), in persons, is the plan
    from which `when`, `pledge` and `change` of the layout follow.
    """

    seed_key: np.uint64
    runs: np.ndarray
    weeks: int
    parts: frozenset[str]
    sector_names: tuple[str, ...]
    parameters: tuple[str, ...]
    theta: np.ndarray
    theatre: np.ndarray
    sectors: np.ndarray
    crossings: np.ndarray
    publics: np.ndarray
    contributors: tuple[str, ...]
    planned: np.ndarray
    layout: Layout

    def parameter(self, name: str) -> np.ndarray:
        """The values of a parameter; shape (run,)."""
        return self.theta[self.parameters.index(name)]

    @property
    def given(self) -> Records:
        """What is drawn, as the kernel takes it."""
        records = (self.theatre[:, None], self.sectors, self.crossings, self.publics)
        parameters = np.ascontiguousarray(self.theta.T[:, None])
        return Records(parameters, *(state.plain(np.ascontiguousarray(each)) for each in records))


def prepare(
    scenario: Scenario,
    presence: Presence,
    design: Design,
    parts: frozenset[str] | None = None,
    days: Mapping[str, np.ndarray] | None = None,
) -> Inputs:
    """Check what is given and draw every uncertain number of the mission.

    Goods crossings only: people's crossings carry no trucks and take no part in the equations. `parts` are told, those
    of the scenario's own options if not given. `days` (run) is when each event of the process happens, from the
    scenario's date on, inf where it does not: for a cease-fire that comes with one.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    check_theatre(scenario.theatre)
    check_presence(presence, scenario, len(design.index))
    theta = authorized(draw(scenario, design), scenario.mandate)
    theatre = scenario.theatre
    parts = scenario.parts if parts is None else parts
    here = theatre.parts | scenario.mandate.parts
    for shield, part in (("support_shield", "people"), ("consent_shield", "armed")):
        if part not in here:  # whose support, or consent, would there be
            theta[shield] = np.zeros(len(design.index))
    names = tuple(sorted(theatre.sectors))
    goods = {name: crossing for name, crossing in sorted(theatre.crossings.items()) if crossing.goods and "aid" in here}
    planned, owner, contributors = sort_by_channel(presence, scenario)
    sensitivity = [
        design.sample(f"contributors.{code}.casualty_sensitivity", scenario.contributors[code].casualty_sensitivity)
        for code in contributors
    ]
    armed = armed_people(theatre, design)
    of_sector = from_paths(state.SECTOR, scenario, names, design)
    of_sector["need_start"][:, [theatre.sectors[name].need is None for name in names]] = USUAL_NEED
    fire = ceasefire_times(scenario, design, days or {})
    worked_out = {
        "theatre": {
            "attack_size": mean_attack_size(theta["attack_tail"], theta["attack_largest"])[:, None],
            "first_rate": first_rate(theatre, theta, armed[0], of_sector["need_start"], design)[:, None],
            "aided": np.full((len(design.index), 1), float("aid" in here)),
            "governed": np.full((len(design.index), 1), float("governing" in here)),
            **{name: values[:, None] for name, values in fire.items()},
        },
        "sector": dict(zip(("armed_start", "weapons_start"), armed, strict=True))
        | {"extent": extents(theatre, of_sector["population"], theta, design)},
        "crossing": {},
        "contributor": {"sensitivity": theta["home_sensitivity"][:, None] * columns(sensitivity, design)},
    }
    items = {"theatre": [""], "crossing": list(goods), "contributor": contributors}
    of_paths = {name: from_paths(state.TYPES[name], scenario, each, design) for name, each in items.items()}
    of_paths["sector"] = of_sector
    serves = [[float(name in crossing.serves) for name in names] for crossing in goods.values()]
    drawn = {RECORDS[name]: kind.record(of_paths[name] | worked_out[name]) for name, kind in state.TYPES.items()}
    return Inputs(
        seed_key=Streams(design.seed).counter_key("mission"),
        runs=design.index.astype(np.int64),
        weeks=scenario.horizon,
        parts=parts,
        sector_names=names,
        parameters=tuple(theta),
        theta=np.stack(list(theta.values())),
        **drawn | {"theatre": drawn["theatre"][:, 0]},
        contributors=contributors,
        planned=planned,
        layout=Layout(
            neighbours(theatre, names), np.reshape(serves, (len(goods), len(names))),
            luck(names), luck(tuple(goods)), luck(contributors), *changes(planned), owner,
            delivered=np.ascontiguousarray(presence.delivered.values, np.float64),
            delay=np.rint(presence.delay.values).astype(np.int64, order="C"),  # so the kernel is compiled for it
        ),
    )  # fmt: skip


def luck(names: tuple[str, ...]) -> np.ndarray:
    """A number below 2**24 for every name, by which its random numbers are found; no two are the same."""
    found: dict[str, int] = {}
    for name in sorted(names):
        number = key(name) % (1 << 24)
        while number in found.values():
            number = (number + 1) % (1 << 24)
        found[name] = number
    return np.array([found[name] for name in names], dtype=np.int64)


def from_paths(
    kind: state.RecordType, scenario: Scenario, names: Sequence[str], design: Design
) -> dict[str, np.ndarray]:
    """The given fields of a record that are drawn under a path of the scenario, by field; shape (run, record)."""
    return {
        field.name: columns([sampled(scenario, field.path.replace("*", name), field, design) for name in names], design)
        for field in kind.of(state.GIVEN)
        if field.path
    }


def sampled(scenario: Scenario, path: str, field: state.Field, design: Design) -> np.ndarray:
    """A field as drawn at a path, in its own unit; 0 where left out; shape (run,). ValueError: no such path."""
    try:
        estimate = value_at(scenario, path)
    except KeyError:
        raise ValueError(f"data/state.csv, field {field.name}: a scenario has nothing at {path}") from None
    times, over = field.times
    return np.zeros(len(design.index)) if estimate is None else design.sample(path, estimate) * times / over


def columns(drawn: list[np.ndarray], design: Design) -> np.ndarray:
    """One column an item; shape (run, item), also where there is none."""
    return np.stack(drawn, axis=1) if drawn else np.zeros((len(design.index), 0))


def mean_attack_size(tail: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Mean deaths an attack of the cut discrete Pareto, sum of n**-tail up to the largest; shape (run,)."""
    return zeta(tail, 1) - zeta(tail, np.floor(largest) + 1)
