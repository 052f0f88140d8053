"""Which past decisions are closest to this one, and how often did countries join in cases of its kind?

Nearest analogues and reference classes.

Near cases are read before any probability: a handful says more than a regression over far ones. Classes are nested: all
asks; led by the UN or not; the kind of task; the mandate. A class's rate is pulled towards its parent's as if the
parent had been observed `WEIGHT` more times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from contingent.precedents.cases import CODES, Case, Query

IMPORTANCE = {
    "coerce_kin": 3.0,
    "un_led": 2.0,
    "combat_expected": 1.0,
    "un_mandate": 1.5,
    "kin_or_religious_tie_with_host": 1.5,
    "us_request_or_lead": 1.0,
    "host_consent": 1.0,
    "material_benefit": 0.5,
    "regional_neighbour": 0.5,
}
"""How much a full step of difference counts; a judgement in the order in which the features moved past decisions."""
SAME_COUNTRY = 2.5
"""What another country costs, on the same footing: a country's own record comes first. A judgement."""
SPAN = {"combat_expected": 2.0, "material_benefit": 2.0}
WORDS = {
    "coerce_kin": {0: "the task cannot coerce kin", 1: "the task may coerce kin"},
    "un_led": {0: "not led by the UN", 1: "led by the UN"},
    "un_mandate": {0: "no UN mandate", 0.5: "ambiguous UN mandate", 1: "explicit UN mandate"},
    "kin_or_religious_tie_with_host": {0: "no kin or religious tie", 1: "kin or religious tie"},
    "us_request_or_lead": {0: "without the US", 1: "asked or led by the US"},
    "host_consent": {0: "no consent of the host", 0.5: "disputed consent of the host", 1: "full consent of the host"},
    "combat_expected": {0: "no combat expected", 1: "combat possible", 2: "war expected"},
    "material_benefit": {0: "no material benefit known", 1: "some material benefit", 2: "large material benefit"},
    "regional_neighbour": {0: "not a neighbour", 1: "neighbour"},
}
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
    return WORDS[code].get(value, f"{code} {value:g}")


def nearest(query: Query, cases: Sequence[Case], count: int = 8) -> tuple[Precedent, ...]:
    """The closest decisions, nearest first; among equals the latest first."""
    found = [compared(query, case) for case in cases]
    return tuple(sorted(found, key=lambda p: (p.distance, -p.case.year, p.case.case_id))[:count])


def compared(query: Query, case: Case) -> Precedent:
    """One past decision beside the one at hand."""
    distance, alike, unlike = 0.0, [], []
    for code in CODES:
        ours, theirs = getattr(query, code), getattr(case.query, code)
        gap = abs(ours - theirs) / SPAN.get(code, 1.0)
        distance += IMPORTANCE[code] * gap
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
