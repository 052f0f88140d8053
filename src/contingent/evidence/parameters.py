"""What the claims of a ledger say about a scenario's numbers, one interval a number and condition.

A claim that argues for joining is read as an observation in the upper part of the 0 to 100 scale, one against in
the lower; both places are judgements. Conditions become branches named by the domain pack, never one number.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from contingent.evidence.credence import Belief, Observation, branches
from contingent.evidence.links import relation_of
from contingent.evidence.pack import Pack, pattern

FOR, AGAINST = 75.0, 25.0
MIDDLE = 50.0  # base belief where none is given


def observation(claim: Mapping[str, Any], pack: Pack, day: dt.date | None) -> Observation | None:
    """What a claim says of the numbers its factors bear on; None where it takes no side or was rejected."""
    relation, _ = relation_of(claim)
    if relation not in {"shifts", "bounds", "sets"} or not claim["polarity"]:
        return None
    value = FOR if claim["polarity"] > 0 else AGAINST
    grade = claim["proposal"]
    return Observation(
        claim["id"], claim["group"], value, grade["letter"], grade["number"], claim["modality"], claim["record"], day,
        branch_of(claim["condition"], pack),
    )  # fmt: skip


def branch_of(condition: str, pack: Pack) -> str:
    """The pack's name for a condition, the condition's own words where it has none."""
    for name, found in ((name, pattern(words)) for name, words in pack.branches.items()):
        if found and found.search(condition):
            return name
    return condition


def parameters(
    claims: Iterable[Mapping[str, Any]],
    pack: Pack,
    *,
    days: Mapping[str, dt.date] | None = None,
    base: Mapping[str, float] | None = None,
    as_of: dt.date | None = None,
) -> dict[str, dict[str, Belief]]:
    """For each path that claims bear on, a belief for each branch.

    `days` are the documents' dates, `base` the values believed without claims. A claim changes only the paths its
    factors bear on; a lost or downgraded one never narrows an interval (`contingent.evidence.credence`).
    """
    seen: dict[str, list[Observation]] = defaultdict(list)
    for claim in claims:
        one = observation(claim, pack, (days or {}).get(claim["document"]))
        paths = dict.fromkeys(path for factor in claim["factors"] for path in pack.parameters.get(factor, ()))
        for path in paths if one else ():
            seen[path] += [one] if one else []
    return {
        path: branches((base or {}).get(path, MIDDLE), observations, as_of=as_of)
        for path, observations in sorted(seen.items())
    }
