"""How well attributions are found in annotated news articles nobody looked at while writing the rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from contingent.evidence.attribution import attributions
from contingent.evidence.brat import Gold, read_folder
from contingent.evidence.overlap import common, pair
from contingent.evidence.said import Attribution
from contingent.scoring import Score, Scorecard, backtest_task, sha256_of
from contingent.scoring.scores import DRAWS


@backtest_task(data="quotes/*")
def attribution(data: Path) -> Scorecard:
    """The backtest task `attribution` on a folder in PolNeAR's layout; scores in percent.

    Raises:
        DataError: the folder has another layout.

    """
    articles = read_folder(data)
    for text, _ in articles.values():
        attributions(text)  # once unmeasured, so that the word lists are read and the words known
    began = process_time()
    found = {name: attributions(text) for name, (text, _) in articles.items()}
    seconds = process_time() - began
    counts = np.array([_count(found[name], gold) for name, (_, gold) in articles.items()], dtype=float)
    rate = len(articles) / max(seconds, 1e-9)
    return Scorecard(
        task="attribution",
        data_sha256=sha256_of(data),
        cutoff="rules written by hand; nothing is learned, so no article trains on another",
        n=int(counts[:, 3].sum()),
        scores={
            "content_f1": f1(counts[:, [0, 2, 3]]),
            "joint_f1": f1(counts[:, [1, 2, 3]]),
            "content_precision": _ratio(counts[:, 0], counts[:, 2]),
            "content_recall": _ratio(counts[:, 0], counts[:, 3]),
            "articles_per_second": Score(rate, rate, rate),
        },
        notes=("articles_per_second is CPU time on this machine, one process, attributions alone",),
    )


def _count(found: Sequence[Attribution], gold: Sequence[Gold]) -> tuple[int, int, int, int]:
    """Matches in content, matches in content and source, statements found, statements annotated."""
    pairs = pair([one.content for one in found], [one.content for one in gold])
    joint = sum(_same_source(found[i], gold[j]) for i, j in pairs.items())
    return len(pairs), joint, len(found), len(gold)


def _same_source(found: Attribution, gold: Gold) -> bool:
    if found.source is None or not gold.source:
        return found.source is None and not gold.source
    return common([found.source], gold.source) > 0


def f1(counts: NDArray[np.float64]) -> Score:
    """F1 in percent from (article, [matched, found, annotated]), with a 90 % interval resampling articles."""
    return _score(2 * counts[:, 0], counts[:, 1] + counts[:, 2])


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Score:
    return _score(top, bottom)


def _score(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Score:
    rng = np.random.Generator(np.random.Philox(1))
    picks = rng.multinomial(len(top), np.full(len(top), 1 / len(top)), size=DRAWS)
    drawn = 100 * (picks @ top) / np.maximum(picks @ bottom, 1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Score(float(100 * top.sum() / max(bottom.sum(), 1)), float(low), float(high))
