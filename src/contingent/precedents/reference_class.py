"""How often countries joined in cases of the same kind, shrunk towards wider classes.

Classes are nested: all asks; led by the UN or not; the kind of task; the mandate. A class's rate is
pulled towards its parent's as if the parent had been observed `WEIGHT` more times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from contingent.precedents.cases import Case, Query

WEIGHT = 6.0  # cases' worth of the parent's rate; a judgement


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
