"""Are found statements matched to annotated ones by the measure that is written down?"""

from __future__ import annotations

import json

import numpy as np
import pytest

from contingent.errors import DataError
from contingent.evidence.backtest import Gold, attribution, f1, ledger, read_annotations, read_folder
from contingent.evidence.grammar.attribution import attributions
from contingent.evidence.grammar.statement import THRESHOLD, characters, jaccard, pair


@pytest.mark.parametrize(
    ("left", "right", "share"),
    [
        ([(0, 10)], [(0, 10)], 1.0),
        ([(0, 10)], [(5, 15)], 5 / 15),
        ([(0, 10)], [(10, 20)], 0.0),
        ([(0, 4), (6, 10)], [(2, 8)], 4 / 10),  # two and two of eight and six
        ([], [(0, 10)], 0.0),
        ([(0, 30)], [(0, 10)], 1 / 3),
    ],
)
def test_jaccard(left, right, share):
    assert jaccard(left, right) == pytest.approx(share)
    assert jaccard(right, left) == pytest.approx(share)


def test_lengths():
    assert characters([(0, 4), (6, 10)]) == {0, 1, 2, 3, 6, 7, 8, 9}
    assert characters([(6, 10), (0, 4), (3, 5), (5, 6)]) == {*range(10)}


def test_the_best_overlap_is_matched_first_and_each_is_used_once():
    # found 0 shares 8 of 10 with gold 0 and 2 of 18 with gold 1; found 1 shares all with gold 0
    assert pair([[(0, 8)], [(0, 10)]], [[(0, 10)]]) == {1: 0}
    assert pair([[(0, 8)], [(0, 10)]], [[(0, 10)], [(0, 6)]]) == {1: 0, 0: 1}
    assert pair([[(0, 3)]], [[(0, 10)]]) == {0: 0}  # three tenths are enough
    assert pair([[(0, 29)]], [[(0, 100)]]) == {}
    assert pair([[(0, 29)]], [[(0, 100)]], 0.29) == {0: 0}
    assert THRESHOLD == 0.3


def test_f1_in_percent_with_its_interval_over_articles():
    alike = f1(np.array([[3, 4, 6], [3, 4, 6]], dtype=float))  # 2 * 6 / (8 + 12)
    assert (alike.value, alike.low, alike.high) == pytest.approx((60, 60, 60))
    # two articles, one right and one wrong, one statement each: 0, 50 or 100 by which are drawn, 1 : 2 : 1
    mixed = f1(np.array([[1, 1, 1], [0, 1, 1]], dtype=float))
    assert (mixed.value, mixed.low, mixed.high) == (50, 0, 100)
    # twenty articles, half right: the 90 % interval of a binomial(20, .5) is 6 to 14 of 20
    twenty = f1(np.array([[1, 1, 1], [0, 1, 1]] * 10, dtype=float))
    assert (twenty.value, twenty.low, twenty.high) == (50, 30, 70)
    assert f1(np.zeros((2, 3))).value == 0


def annotated(folder, text: str, notes: str):
    (folder / "text").mkdir()
    (folder / "attributions").mkdir()
    (folder / "text" / "one.txt").write_text(text, "utf-8")
    (folder / "attributions" / "one_ab12.ann").write_text(notes, "utf-8")
    return folder


TEXT = "The mayor said the bridge was open. The clerk said the road was shut."
NOTES = (
    "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 25;26 34\tthe bridge ...\n"
    "E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\nE2\tAttribution:T2 Cue2:T2 Content1:T3\n"
)


def test_annotations_are_read_with_their_roles(tmp_path):
    folder = annotated(tmp_path, TEXT, NOTES)
    ((text, (first, second)),) = read_folder(folder).values()
    assert text == TEXT
    assert first == Gold(((0, 9),), ((10, 14),), ((15, 25), (26, 34)))
    assert second == Gold((), ((10, 14),), ((15, 25), (26, 34)))


def test_the_first_annotator_of_a_text_counts(tmp_path):
    folder = annotated(tmp_path, TEXT, NOTES)
    (folder / "attributions" / "one_zz99.ann").write_text("", "utf-8")
    assert len(read_folder(folder)["one"][1]) == 2


def test_other_layouts_are_refused_with_file_and_line(tmp_path):
    with pytest.raises(DataError, match="expected text"):
        read_folder(tmp_path)
    folder = annotated(tmp_path, TEXT, NOTES)
    (folder / "text" / "two.txt").write_text("x", "utf-8")
    with pytest.raises(DataError, match="no file of that name"):
        read_folder(folder)
    bad = tmp_path / "bad.ann"
    bad.write_text("T1\tSource 0 9\tx\nT2\tCue ten\n", "utf-8")
    with pytest.raises(DataError, match=r"bad\.ann:2: not a line"):
        read_annotations(bad)


def test_the_attribution_backtest_counts_content_and_source_apart(tmp_path):
    # two statements are found; one is annotated, with its content but another source
    notes = "T1\tSource 35 44\tThe clerk\nT2\tCue 10 14\tsaid\nT3\tContent 15 34\tx\nE1\tA:T2 Source:T1 Content:T3\n"
    assert len(attributions(TEXT)) == 2
    record = attribution(annotated(tmp_path, TEXT, notes))
    scores = {name: score.value for name, score in record.scores.items()}
    assert record.n == 1
    assert scores["content_f1"] == pytest.approx(200 / 3)  # 2 * 1 / (2 + 1)
    assert scores["joint_f1"] == 0
    assert scores["content_precision"] == 50
    assert scores["content_recall"] == 100


@pytest.mark.parametrize(("source", "joint"), [("Source:T1 ", 200 / 3), ("", 0)])
def test_a_source_must_be_right_and_none_where_none_is_annotated(tmp_path, source, joint):
    notes = f"T1\tSource 0 9\tThe mayor\nT3\tContent 15 34\tx\nE1\tA:T2 {source}Content:T3\n"
    scores = attribution(annotated(tmp_path, TEXT, notes)).scores
    assert scores["content_f1"].value == pytest.approx(200 / 3)
    assert scores["joint_f1"].value == pytest.approx(joint)


CLAIM = {
    "id": "G1", "content_spans": [[15, 34]], "factors": ["public opinion"], "attribution_class": "named-official",
    "record": "on-the-record", "channel": None, "modality": "fact-asserted", "form": "indirect", "polarity": 0,
}  # fmt: skip


def scored(folder, claims: list[dict], wanted: list[dict] = []) -> dict[str, float]:  # noqa: B006
    (folder / "article.txt").write_text(TEXT, "utf-8")
    (folder / "gold.json").write_text(json.dumps({"claims": claims, "inconsistencies": wanted}), "utf-8")
    return {name: score.value for name, score in ledger(folder).scores.items()}


def test_the_ledger_backtest_scores_each_property_of_matched_claims(tmp_path):
    found = scored(tmp_path, [CLAIM, {**CLAIM, "id": "G2", "content_spans": [[36, 38]]}])
    assert found["claims_found"] == 1
    assert found["claims_extra"] == 1  # the clerk's
    assert found["class_accuracy"] == 100
    assert found["record_accuracy"] == 100
    assert found["channel_accuracy"] == 100
    assert found["form_accuracy"] == 100
    assert found["factor_f1"] == 0
    assert found["flags_found"] == 0
    wrong = {"attribution_class": "poll", "record": "background", "channel": "Radio", "modality": "preference",
             "form": "direct", "polarity": 1}  # fmt: skip
    other = scored(tmp_path, [{**CLAIM, **wrong}], [{"id": "I1", "kind": "undated", "claims": ["G1"]}])
    accuracies = ("class", "record", "channel", "modality", "form", "polarity")
    assert [other[f"{name}_accuracy"] for name in accuracies] == [0] * 6
    assert other["flags_found"] == 1


def test_a_gold_file_of_another_layout_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"expected gold\.json"):
        ledger(tmp_path)
    with pytest.raises(DataError, match="polarity"):
        scored(tmp_path, [{key: value for key, value in CLAIM.items() if key != "polarity"}])
