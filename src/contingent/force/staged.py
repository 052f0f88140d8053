"""The plan in two stages: what is settled before anybody withdraws, and what can still be re-planned after it.

The first stage is the programme as it stands if everybody comes. A *loss* is a set of contributors that send nobody; it
adds a copy of the whole programme without them, in which units may be split, tied to the first in the periods that
are settled (the first half-year: whoever is asked only then comes later):

    arrivals   a'[g,t] <= a[g,t]                                      t settled: nobody comes who was not to come
    at work    use'[g,t] <= use[g,t]                                  those who come may be used elsewhere
    common     common'[c,s,t] <= common[c,s,t]                        all t: a sector keeps its language, command, sides
    worst      worst >= goals of the copy
    min  worst

Rules on the composition of the force wait while nobody can be replaced. Two-stage robust optimization: Zeng & Zhao
2013, doi:10.1016/j.orl.2013.05.003.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from contingent.force.instance import Instance
from contingent.force.matrices import Matrices
from contingent.force.programme import Posed, posed

SETTLED = 26  # weeks in which nobody else can be found: replacements need asking, notice and lift (judgement)


@dataclass(frozen=True, slots=True)
class Staged:
    """One instance's programme, and how a copy of it is tied to it."""

    posed: Posed
    later: Matrices
    """The copy: the same columns, nothing whole, no rules on the composition while nobody can be replaced."""
    link: sparse.csr_matrix
    """(tie, column): `link @ copy <= link @ first`."""
    ties: int

    @property
    def settled(self) -> np.ndarray:
        """Columns of the first stage that a copy is tied to."""
        return np.asarray(self.link.sum(axis=0)).ravel() > 0


def staged(instance: Instance) -> Staged:
    """The two stages of an instance."""
    base = posed(instance, merged=True)
    first, columns = base.matrices, base.columns
    settled = np.flatnonzero(instance.calendar.end <= SETTLED)
    kept = np.ones(len(first.lower), bool)
    if "shares" in base.rows:
        kept[base.rows["shares"].reshape(-1, len(instance.calendar))[:, settled]] = False
    later = replace(
        first,
        matrix=first.matrix[np.flatnonzero(kept)], lower=first.lower[kept], upper=first.upper[kept],
        whole=np.zeros(len(first.cost), bool),
    )  # fmt: skip
    at = np.concatenate([*(columns[name][:, settled].ravel() for name in ("a", "use")), columns["common"].ravel()])
    link = sparse.csr_matrix((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), len(first.cost)))
    return Staged(base, later, link, len(at))


def without(parts: Staged, loss: tuple[int, ...]) -> np.ndarray:
    """The upper bounds of a copy's columns if some contributors send nobody."""
    return np.where(np.isin(parts.posed.sender, loss), 0.0, parts.later.high)


def together(parts: Staged, losses: list[tuple[int, ...]], *, whole: bool = True) -> Matrices:
    """Both stages in one programme, a copy for every loss; the last column is the worst of them.

    Units are whole in all of the first stage, or, if not `whole`, in what is settled of it.
    """
    first, later, ties, copies = parts.posed.matrices, parts.later, parts.ties, len(losses)
    goals = sparse.csr_matrix(later.cost[None, :])
    blocks: list[list] = [[first.matrix, *[None] * copies, sparse.csr_matrix((len(first.lower), 1))]]
    for number in range(copies):
        for left, own, last in ((None, later.matrix, None), (-parts.link, parts.link, None), (None, -goals, [[1.0]])):
            row: list = [left, *[None] * copies, last if last is None else sparse.csr_matrix(last)]
            row[1 + number] = own
            blocks.append(row)
    free, zero = np.full(ties, -np.inf), np.zeros(ties)
    return Matrices(
        sparse.csr_matrix(sparse.block_array(blocks, format="csr")),
        np.concatenate([first.lower, *[later.lower, free, [0.0]] * copies]),
        np.concatenate([first.upper, *[later.upper, zero, [np.inf]] * copies]),
        np.concatenate([np.zeros(len(first.cost) + copies * len(later.cost)), [1.0]]),
        np.concatenate([first.low, *[later.low] * copies, [0.0]]),
        np.concatenate([first.high, *[without(parts, loss) for loss in losses], [np.inf]]),
        np.concatenate([first.whole & (whole | parts.settled), *[later.whole] * copies, [False]]),
    )  # fmt: skip
