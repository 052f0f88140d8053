"""Do attributions and the article's ledger reach their bars where the annotated texts are at hand?"""

from __future__ import annotations

from pathlib import Path

import pytest

from contingent.evidence.backtest import attribution, ledger

DATA = Path(__file__).parents[2] / "../shared/data"


def test_attributions_on_the_development_articles():
    folder = DATA / "quotes/polnear_dev"
    if not folder.is_dir():
        pytest.skip("the annotated articles have no licence and are not in this clone (../shared/data/quotes)")
    record = attribution(folder)
    assert record.n == 2193
    assert record.scores["content_f1"].value >= 72
    assert record.scores["joint_f1"].value >= 60


def test_the_ledger_of_the_article():
    folder = DATA / "article"
    if not folder.is_dir():
        pytest.skip("the article is its publisher's and is not in this clone (../shared/data/article)")
    scores = {name: score.value for name, score in ledger(folder).scores.items()}
    assert scores["claims_found"] >= 36
    assert min(scores[f"{name}_accuracy"] for name in ("class", "record", "channel")) >= 95
    assert scores["modality_accuracy"] >= 85
    assert scores["factor_f1"] >= 85
    assert scores["flags_found"] >= 11
