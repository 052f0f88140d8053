"""Where a task's data are found, and how its record is told."""

import importlib.util
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from contingent.errors import DataError, InputError
from contingent.scoring import Score, Scorecard, auc, cluster_bootstrap, resampled, sha256_of, tasks
from contingent.scoring.tasks import data_of, kept, run_task, task_names

ROOT = Path(__file__).parents[3]

RECORD = Scorecard(
    task="t", data_sha256="0" * 64, cutoff="none", n=3,
    scores={"brier": Score(0.123456, 0.05, 0.2), "width": Score(2.0, 2.0, 2.0), "none": Score(float("nan"), 0.0, 1.0)},
    baselines={"base": {"brier": Score(0.2, 0.1, 0.3)}, "other": {"mae": Score(1, 0, 2)}},
    notes=("a loss is a loss",),
)  # fmt: skip


def test_tasks_are_found_by_name():
    assert task_names() == sorted(task_names())
    assert {"deu", "ktab", "precedents"} <= set(task_names())
    with pytest.raises(InputError, match="did you mean `precedents`"):
        run_task("precedent", Path())
    with pytest.raises(InputError, match="no backtest task `zzz`; known are all, attribution"):
        run_task("zzz", Path())


def test_a_missing_path_is_the_users_to_mend(tmp_path):
    with pytest.raises(InputError, match="nothing there"):
        run_task("precedents", tmp_path / "no.csv")


@pytest.mark.parametrize(
    ("task", "lies"),
    [
        ("ktab", "ktab"),
        ("deu", "deu"),
        ("attribution", "quotes/attribution"),
        ("contributors", "tcc"),
        ("fill_up", "tcc"),
        ("ledger", "article"),
        ("losses", "peacekeeper_fatalities"),
        ("precedents", "precedents"),
        ("relapse", "recurrence"),
        ("truce", "gaza/deaths_daily_2026.csv"),
    ],
)
def test_a_folder_of_all_data_holds_each_task_in_its_place(tmp_path, task, lies):
    assert data_of(task, tmp_path) is None
    path = tmp_path / lies
    path.parent.mkdir(exist_ok=True)
    path.write_text("x", encoding="utf-8")
    assert data_of(task, tmp_path) == path
    assert data_of(task, path) is None  # a file is what it is


def test_a_folder_named_as_the_task_comes_first(tmp_path):
    (tmp_path / "tcc").mkdir()
    (tmp_path / "contributors").mkdir()
    assert data_of("contributors", tmp_path) == tmp_path / "contributors"
    assert data_of("fill_up", tmp_path) == tmp_path / "tcc"


def test_the_first_of_several_files_is_taken(tmp_path):
    (tmp_path / "gaza").mkdir()
    for name in ("deaths_daily_b.csv", "deaths_daily_a.csv", "a.csv"):
        (tmp_path / "gaza" / name).write_text("x", encoding="utf-8")
    assert data_of("truce", tmp_path) == tmp_path / "gaza" / "deaths_daily_a.csv"


def test_a_record_as_plain_values():
    found = RECORD.to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["scores"]["brier"] == {"value": 0.123456, "low": 0.05, "high": 0.2}
    assert found["scores"]["none"] == {"value": None, "low": 0.0, "high": 1.0}
    assert found["baselines"]["base"]["brier"] == {"value": 0.2, "low": 0.1, "high": 0.3}
    assert (found["task"], found["n"], found["cutoff"], found["notes"]) == ("t", 3, "none", ["a loss is a loss"])
    assert "notes" not in Scorecard("t", "0" * 64, "none", 0).to_dict()


def test_a_record_as_a_table_shows_scores_beside_baselines():
    lines = RECORD.to_text().splitlines()
    assert lines[0] == "t: 3 cases; none"
    assert lines[1].split() == ["brier", "0.1235", "(0.05", "to", "0.2)"]
    assert lines[2].split() == ["base", "0.2", "(0.1", "to", "0.3)"]
    assert lines[3].split() == ["width", "2"]  # an exact number has no interval
    assert lines[4].split() == ["none", "-"]
    assert lines[5] == "  note: a loss is a loss"


def test_one_hash_of_files_whatever_their_order(tmp_path):
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    a.write_bytes(b"1")
    b.write_bytes(b"2")
    by_hand = sha256(b"a.csv\0" + sha256(b"1").digest() + b"b.csv\0" + sha256(b"2").digest()).hexdigest()
    assert sha256_of(a, b) == sha256_of(b, a) == sha256_of(tmp_path) == by_hand
    b.write_bytes(b"3")
    assert sha256_of(a, b) != by_hand
    b.rename(tmp_path / "c.csv")
    (tmp_path / "c.csv").write_bytes(b"2")
    assert sha256_of(tmp_path) != by_hand


def paired(values, clusters=(1, 1, 2, 3, 4, 5)):
    return cluster_bootstrap(np.array(values, dtype=float), np.array(clusters))


def test_a_difference_has_its_own_interval_and_a_loss_is_called_one():
    ours = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])  # a tenth better in every case: no doubt about it
    card = Scorecard(
        "t", "0" * 64, "none", 6, {"brier": paired(ours), "hit10": paired([1, 0, 0, 1, 1, 0])},
        {"base": {"brier": paired(ours + 0.1), "hit10": paired([1, 1, 0, 1, 1, 0])},
         "short": {"brier": paired([0.1], [1])}, "elsewhere": {"brier": paired(ours + 0.1, (1, 2, 3, 4, 5, 6))}},
    )  # fmt: skip
    apart = card.differences["base"]
    assert (apart["brier"].value, apart["brier"].low, apart["brier"].high) == pytest.approx((-0.1, -0.1, -0.1))
    assert card.scores["brier"].high > card.baselines["base"]["brier"].low  # though the intervals of both overlap
    assert card.differences.keys() == {"base"}
    found = card.to_dict()
    assert found["won"] == ["brier beside base", "brier beside elsewhere"]
    assert found["clearly_won"] == ["brier beside base"]
    assert found["lost"] == ["hit10 beside base", "brier beside short"]
    assert found["clearly_lost"] == []
    assert found["seen"] is False
    assert "LOST" in card.to_text()


def test_a_ranking_is_paired_resample_by_resample_with_another_or_with_chance_and_four_clusters_make_nothing_clear():
    clusters, came = np.repeat(np.arange(8), 6), np.tile([0, 1, 0, 1, 0, 1], 8)
    sure, unsure = came + 0.0, np.tile([0.5, 0.6, 0.7, 0.2, 0.3, 0.4], 8)

    def ranked(said, rows):
        return resampled(lambda at: auc(said[rows][at], came[rows][at]), clusters[rows])[0]

    def card(rows):
        told = {"other": {"auc": ranked(unsure, rows)}, "chance": {"auc": Score.exactly(0.5)}}
        return Scorecard("t", "0" * 64, "none", 1, {"auc": ranked(sure, rows)}, told)

    every = card(clusters < 8)
    apart = every.differences
    assert apart["chance"]["auc"] == Score(0.5, 0.5, 0.5)  # ranked without a fault in every resample
    theirs = every.baselines["other"]["auc"]
    assert (apart["other"]["auc"].low, apart["other"]["auc"].high) == pytest.approx((1 - theirs.high, 1 - theirs.low))
    assert every.verdicts["clearly_won"] == ["auc beside other", "auc beside chance"]
    assert card(clusters < 4).verdicts["clearly_won"] == []
    assert len(card(clusters < 4).verdicts["won"]) == 2


def test_all_tasks_of_a_folder_are_told_those_without_data_too(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "c").mkdir()

    def refuses(data):
        raise DataError(f"{data.name}: no table")

    known = {"a": lambda data: Scorecard("a", "0", "none", 3), "b": refuses, "c": refuses}
    monkeypatch.setattr(tasks, "task_names", lambda: [*known])
    monkeypatch.setattr(tasks, "task_of", known.get)
    told = [(card.task, card.n, card.cutoff) for card in tasks.run_all(tmp_path)]
    assert told == [("a", 3, "none"), ("b", 0, "left out: no data of it in this folder"),
                    ("c", 0, "left out: c: no table")]  # fmt: skip
    with pytest.raises(InputError, match="no task is fitted so"):
        list(tasks.run_all(tmp_path, "shipped"))


def test_data_that_were_at_hand_are_told_as_seen():
    for one in kept():
        told = Scorecard(one["task"], one["data_sha256"], "", 0)
        assert told.seen is one["seen"]
        assert ("seen:" in told.to_text()) is one["seen"]
    assert {one["task"] for one in kept()} == set(task_names())


def test_the_page_of_the_track_record_is_written_from_the_records():
    spec = importlib.util.spec_from_file_location("track_record", ROOT / "benchmarks" / "track_record.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.page(kept())
    bad = [{**kept()[0], "lost": ["brier beside chance"]}]
    assert "LOST: `attribution`: brier beside chance" in module.page(bad)
    assert module.page(kept()).count("never scored") >= 5
    assert module.WORDS["what"].keys() == set(task_names())
