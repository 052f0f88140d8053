"""How the runs of a block lie side by side in memory, so that one instruction serves several of them.

A block holds LANES runs. Every number is a field of a record, and every field has a lane a run:
`sector.armed[i]` is the armed people of that sector in run i of the block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LANES = 32

PLACE = ("population", "need_start", "debris_start", "homes", "armed_start", "weapons_start")
TOTALS = (
    "events", "civilian_deaths", "disarmed", "weapons", "recruited", "trucks_delivered", "trucks_lost",
    "unmet_need_weeks",
)  # fmt: skip
STATES = ("armed", "weapons", "need", "support", "debris", "rebuilt")
SECTOR = (
    *PLACE,
    *(f"total_{name}" for name in TOTALS),
    *STATES,
    "weight", "heat", "cover", "cover_disarm", "cover_aid", "near", "sent", "wanting", "expected",
    "happened", "killed", "disarmed", "effects", "u", "z", "p", "so_far",
)  # fmt: skip
"""The first are given, the totals add up over the weeks, the states move on, the rest is this week's."""

SERIES = (
    "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "weapons", "trucks_delivered",
    "trucks_lost", "need", "debris_removed", "homes_rebuilt", "support", "legitimacy", "capacity", "ceasefire",
    "crossings_open", "coverage", "troops", "consent", "armed", "queue", "trucks_turned_back",
)  # fmt: skip
HISTORY = (
    *SERIES,
    "people", "armed_at_start", "debris_at_start", "need_at_start", "usual_events", "able", "arrivals", "attack_size",
    "odds", "start_odds", "fallen", "threat", "log_threat", "gone", "govern", "cross", "pace", "clash", "calming",
    "outside_ratio", "outside_shock", "full", "passed", "used", "expected", "attacks", "risk", "u", "z", "p", "so_far",
    "rate", "fading",
)  # fmt: skip
"""The first are the series given back every week; the rest belongs to the theatre as a whole."""

CROSSING = ("capacity", "opened", "gate", "u", "through")
CONTRIBUTOR = (
    "home_start", "sensitivity", "home", "dead", "risk", "least_risk", "hazard", "threshold", "present", "strength",
    "left",
)  # fmt: skip


def lanes(names: tuple[str, ...]) -> np.dtype:
    """A record with a lane a run in every field."""
    return np.dtype([(name, np.float64, (LANES,)) for name in names])


@dataclass(frozen=True, slots=True)
class Block:
    """Room for the runs of one block; what a thread works in.

    Each record array comes with the same memory as plain numbers, (record, field, lane), to copy in and out.
    """

    parameters: np.ndarray
    history: np.ndarray
    sectors: np.ndarray
    crossings: np.ndarray
    contributors: np.ndarray
    key: np.ndarray
    here: np.ndarray
    force: np.ndarray
    touched: np.ndarray
    due: np.ndarray
    following: np.ndarray
    moved: np.ndarray

    @classmethod
    def empty(
        cls, parameters: tuple[str, ...], sectors: int, crossings: int, contributors: int, weeks: int, changes: int
    ) -> Block:
        """Zeros of the right shapes."""
        return cls(
            np.zeros(1, lanes(parameters)),
            np.zeros(1, lanes(HISTORY)),
            np.zeros(sectors, lanes(SECTOR)),
            np.zeros(crossings, lanes(CROSSING)),
            np.zeros(contributors, lanes(CONTRIBUTOR)),
            np.zeros(LANES, np.uint64),
            np.zeros((LANES, contributors, 6, sectors)),
            np.zeros((LANES, 6, sectors)),
            np.zeros(sectors, np.bool_),
            np.zeros((LANES, weeks), np.int64),
            np.zeros((LANES, changes), np.int64),
            np.zeros(LANES, np.bool_),
        )


def plain(records: np.ndarray) -> np.ndarray:
    """The memory of records as plain numbers; shape (record, field, lane)."""
    return records.view(np.float64).reshape(len(records), len(records.dtype.names or ()), LANES)
