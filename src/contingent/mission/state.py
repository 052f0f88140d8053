"""What is known of a theatre while it is simulated, field by field?

The state of the mission model: data/state.csv, one table of fields, from which the kernel's memory, what is drawn,
what is set back every week, the results with their units, the groups of Sobol indices and the docs all follow.

BATCH_WIDTH runs lie side by side, so that one instruction serves several of them. Every number is a field of a
record, and every field has a place for each run: `s.armed[i]` is the armed people of a sector in run i. In equations
`s` is a sector's record, `h` that of the theatre as a whole, `q` the parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contingent.mission.tables import rows

BATCH_WIDTH = 32

GIVEN, KEPT, WEEKLY, SCRATCH = "given", "kept", "weekly", "scratch"
RESETS = {
    GIVEN: "drawn before the first week; does not change",
    KEPT: "carried from week to week; set on the first day, else 0",
    WEEKLY: "0 at the start of every week",
    SCRATCH: "room to work in; holds nothing from one equation to the next",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the table.

    `path` is where in the scenario the number is drawn (a star for the item's name), `times` what it is multiplied
    and then divided by; without a path a given field is worked out in `inputs`. `group` is its group of Sobol indices.
    `output` is its name in the results: of a theatre's field every week, of others at the end. `sums`: whether the
    output adds up over the weeks. `parts`: the parts of the model (`Scenario.parts`) without which it is no result.
    """

    name: str
    unit: str
    reset: str
    path: str
    times: tuple[float, float]
    group: str
    output: str
    sums: bool
    parts: frozenset[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class RecordType:
    """The fields of one kind of record, in the order in which they lie in memory."""

    name: str
    fields: tuple[Field, ...]

    def of(self, reset: str) -> tuple[Field, ...]:
        """The fields reset in one way."""
        return tuple(field for field in self.fields if field.reset == reset)

    @property
    def given(self) -> np.dtype:
        """A record of what is drawn of one run."""
        return np.dtype([(field.name, np.float64) for field in self.of(GIVEN)])

    @property
    def memory(self) -> np.dtype:
        """A record with a place for each run of a batch in every field."""
        return batched(tuple(field.name for field in self.fields))

    @property
    def outputs(self) -> dict[str, int]:
        """The results by name, and which field each is."""
        return {field.output: row for row, field in enumerate(self.fields) if field.output}

    def told(self, parts: frozenset[str]) -> dict[str, int]:
        """The results of a theatre that has these parts, by name, and which field each is."""
        return {name: row for name, row in self.outputs.items() if self.fields[row].parts <= parts}

    @property
    def weekly(self) -> tuple[int, int]:
        """The first field set back every week, and the one after the last."""
        rows = [row for row, field in enumerate(self.fields) if field.reset == WEEKLY]
        return (rows[0], rows[-1] + 1) if rows else (0, 0)

    def record(self, values: Mapping[str, NDArray[np.float64]]) -> NDArray:
        """What is drawn, by field, as records of the common shape; ValueError if it is not what the table gives."""
        wanted = {field.name for field in self.of(GIVEN)}
        if wanted != set(values):
            missing, strange = sorted(wanted - set(values)), sorted(set(values) - wanted)
            raise ValueError(f"{self.name}: given fields not worked out: {missing}; not in data/state.csv: {strange}")
        found = np.zeros(np.broadcast_shapes(*(array.shape for array in values.values())), self.given)
        for name, array in values.items():
            found[name] = array
        return found


def batched(names: tuple[str, ...]) -> np.dtype:
    """A record with a place for each run of a batch in every field."""
    return np.dtype([(name, np.float64, (BATCH_WIDTH,)) for name in names])


def plain(records: NDArray) -> NDArray[np.float64]:
    """The memory of records as plain numbers; shape (*shape of the records, field[, run of the batch])."""
    names, inner = records.dtype.names or (), records.dtype[0].shape if records.dtype.names else ()
    return records.view(np.float64).reshape(*records.shape, len(names), *inner)


def parse(rows: list[dict[str, str]]) -> dict[str, RecordType]:
    """The record types of a table, by name.

    Fields are laid out given first and weekly ones side by side, each otherwise in the table's order.

    Raises:
        ValueError: a field twice, a reset that is none, a count that is carried over, or units that disagree.
    """
    found: dict[str, list[Field]] = {}
    units: dict[str, str] = {}
    for row in rows:
        name = f"{row['record']}.{row['name']}"
        times, _, over = row["times"].partition("/")
        field = Field(
            row["name"], row["unit"], row["reset"], row["path"], (float(times), float(over or 1)), row["group"],
            row["output"], row["sums"] == "1", frozenset(row["part"].split()), row["meaning"],
        )  # fmt: skip
        if field.reset not in RESETS:
            raise ValueError(f"{name}: reset `{field.reset}` is none of {', '.join(RESETS)}")
        if (field.reset == GIVEN) != bool(field.group):
            raise ValueError(f"{name}: what is given belongs to a group of Sobol indices, and nothing else does")
        if row["record"] == "theatre" and field.sums and field.reset != WEEKLY:
            raise ValueError(f"{name}: adds up over the weeks, so it must be set back every week")
        if field.output and units.setdefault(field.output, field.unit) != field.unit:
            raise ValueError(f"{name}: {field.output} is in {units[field.output]} elsewhere, here in {field.unit}")
        fields = found.setdefault(row["record"], [])
        if any(field.name == other.name for other in fields):
            raise ValueError(f"{name}: stands in the table twice")
        fields.append(field)
    order = [*RESETS].index
    return {
        name: RecordType(name, tuple(sorted(each, key=lambda field: order(field.reset))))
        for name, each in found.items()
    }


TYPES = parse(rows("state"))
THEATRE, SECTOR, CROSSING, CONTRIBUTOR = (TYPES[name] for name in ("theatre", "sector", "crossing", "contributor"))


def groups() -> dict[str, list[tuple[str, str]]]:
    """The given fields by their group of Sobol indices, as (record, field)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in TYPES.values():
        for field in kind.of(GIVEN):
            found.setdefault(field.group, []).append((kind.name, field.name))
    return found
