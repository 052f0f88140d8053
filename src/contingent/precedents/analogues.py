"""Which past decisions are closest to this one, and how often did countries join in cases of its kind?

Nearest analogues and reference classes. Near cases are read before any probability: a handful says more than a
regression over far ones. Classes are nested: all asks; led by the UN or not; the kind of task; the mandate. A class's
rate is pulled towards its parent's as if the parent had been observed `WEIGHT` more times.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from scipy.special import betaincinv

from contingent.precedents.cases import CODES, Case, Query

_CODES = tomllib.loads((files("contingent.precedents") / "data" / "codes.toml").read_text("utf-8"))
SAME_COUNTRY = 2.5
"""What another country costs, on the same footing: a country's own record comes first. A judgement."""
WEIGHT = 6.0  # cases' worth of the parent's rate; a judgement


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past decision beside the one at hand; `distance` 0 means the same codes and the same country."""

    case: Case
    distance: float
    alike: tuple[str, ...]
    unlike: tuple[str, ...]


def word(code: str, value: float) -> str:
    """What a code's value means."""
    return _CODES[code]["words"].get(f"{value:g}", f"{code} {value:g}")


def nearest(query: Query, cases: Sequence[Case], count: int = 8) -> tuple[Precedent, ...]:
    """The closest decisions, nearest first; among equals the latest first."""
    found = [compared(query, case) for case in cases]
    return tuple(sorted(found, key=lambda p: (p.distance, -p.case.year, p.case.case_id))[:count])


def compared(query: Query, case: Case) -> Precedent:
    """One past decision beside the one at hand."""
    distance, alike, unlike = 0.0, [], []
    for code in CODES:
        ours, theirs = getattr(query, code), getattr(case.query, code)
        gap = abs(ours - theirs) / _CODES[code].get("span", 1.0)
        distance += _CODES[code]["importance"] * gap
        if gap == 0:
            alike.append(word(code, theirs))
        else:
            unlike.append(f"{word(code, theirs)} (here: {word(code, ours)})")
    if case.query.iso3 == query.iso3:
        alike.insert(0, "the same country")
    else:
        distance += SAME_COUNTRY
    return Precedent(case, distance, tuple(alike), tuple(unlike))


@dataclass(frozen=True, slots=True)
class Rate:
    """One reference class: how many of `n` joined, the 90 % Jeffreys interval of that rate, and the shrunk rate."""

    label: str
    joined: int
    n: int
    low: float
    high: float
    shrunk: float


def lineage(query: Query) -> tuple[str, ...]:
    """The classes a decision belongs to, widest first."""
    led = "led by the UN" if query.un_led else "not led by the UN"
    if query.coerce_kin:
        task = "the task may coerce kin"
    elif query.kin_or_religious_tie_with_host:
        task = "kin to protect"
    else:
        task = "no kin concerned"
    if query.un_led:
        return ("all asks", led, f"{led}, {task}")
    explicit = "explicit UN mandate" if query.un_mandate >= 1 else "no or ambiguous UN mandate"
    asked_by = "US-led or asked by the US" if query.us_request_or_lead else "without the US"
    return (
        "all asks",
        led,
        f"{led}, {task}",
        f"{led}, {task}, {explicit}",
        f"{led}, {task}, {explicit}, {asked_by}",
    )


def rates(query: Query, cases: Sequence[Case]) -> tuple[Rate, ...]:
    """The rates of a decision's classes, widest first; the last one's `shrunk` is the class forecast."""
    parent, out = 0.5, []
    lines = [lineage(case.query) for case in cases]
    for label in lineage(query):
        members = [case.joined for case, line in zip(cases, lines, strict=True) if label in line]
        k, n = sum(members), len(members)
        low, high = betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95])
        weight = WEIGHT if out else 1.0
        parent = (k + weight * parent) / (n + weight)
        out.append(Rate(label, k, n, float(low), float(high), parent))
    return tuple(out)
