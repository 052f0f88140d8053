"""The backtest on decided issues, at a record small enough to be worked by hand."""

import numpy as np
import pytest

from contingent.consultation import deu_backtest
from contingent.consultation.deu_backtest import (
    CLIMATE,
    SMOOTH,
    DecidedIssue,
    design_matrix,
    deu,
    fingerprint,
    forecast,
    read_deu_issues,
    smoothed,
    weighted_quantile,
)
from contingent.consultation.terms import GRID, SHIPPED, Fit, interval, masses
from contingent.scoring import crps_grid


def issue(position, salience, capability, outcome=50.0, proposal="p"):
    return DecidedIssue("i", proposal, outcome, *(np.array(x, float) for x in (position, salience, capability)))


def test_weights_are_capability_times_salience_in_shares():
    assert issue([0, 50, 100], [50, 100, 100], [2, 1, 2]).weight == pytest.approx([0.25, 0.25, 0.5])
    assert issue([0, 50, 100], [0, 0, 0], [2, 1, 2]).weight == pytest.approx([1 / 3] * 3)


def test_quantiles_of_the_weighted_positions():
    found = issue([100, 0, 50], [100, 100, 50], [1, 1, 4])  # weights .25 at 100, .25 at 0, .5 at 50
    assert [weighted_quantile(found, q) for q in (0.1, 0.25, 0.26, 0.5, 0.75, 0.76, 1.0)] == [
        0,
        0,
        50,
        50,
        50,
        100,
        100,
    ]


def write(folder, issues, stakes):
    lines = ["issue_id,proposal_id,outcome", *(f"{i},{p},{y}" for i, p, y in issues)]
    (folder / "issues.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [
        f"{i},{who},{x},{s},{c}" for i, cells in stakes.items() for who, (x, s, c) in zip("abcdef", cells, strict=False)
    ]
    head = "issue_id,actor,position,salience,capability"
    (folder / "cases_with_capability.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


def test_issues_without_an_outcome_or_with_fewer_than_three_stakes_are_left_out(tmp_path):
    three, two = [(0, 50, 1), (50, 50, 1), (100, 50, 1)], [(0, 50, 1), (50, 50, 1)]
    issues = [("a", "p", 10), ("b", "p", ""), ("c", "p", 20), ("d", "q", 30)]
    stakes = {"a": three, "b": three, "c": two, "d": [*two, ("", "", ""), (100, 25, 2)]}
    found = read_deu_issues(write(tmp_path, issues, stakes))
    assert [(i.issue, i.proposal, i.outcome) for i in found] == [("a", "p", 10), ("d", "q", 30)]
    assert found[1].position.tolist() == [0, 50, 100]
    assert found[1].salience.tolist() == [50, 50, 25]
    assert found[1].capability.tolist() == [1, 1, 2]


@pytest.fixture
def half_seen(monkeypatch):
    """A shipped fit that has seen proposal `seen`, and is another without it."""
    other = Fit(0.2, SHIPPED.slope * 0.5)
    monkeypatch.setattr(deu_backtest, "WITHOUT", {fingerprint("seen"): other})
    return SHIPPED, other


def test_each_issue_is_forecast_by_what_never_saw_its_proposal(half_seen):
    features, _ = design_matrix(
        (issue([0, 40, 100], [50, 50, 50], [1, 2, 3]), issue([0, 10, 20], [9, 50, 50], [1, 2, 3]))
    )
    found, seen = forecast(features, np.array(["fresh", "seen"]))
    assert seen.tolist() == [False, True]
    for k, fit in enumerate(half_seen):
        assert found[k].mass == pytest.approx(masses(features[k], fit.slope))
        assert (found[k].low, found[k].high) == interval(found[k].mass, fit.reach)


def test_both_parts_of_a_file_are_scored_apart(half_seen, tmp_path):
    three = [(0, 50, 1), (40, 50, 2), (100, 50, 3)]
    issues = [("a", "seen", 10), ("b", "fresh", 100), ("c", "fresh", 40)]
    found = deu(write(tmp_path, issues, dict.fromkeys("abc", three))).scores
    assert (found["unseen_issues"].value, found["left_out_issues"].value) == (2, 1)
    features, _ = design_matrix((issue([0, 40, 100], [50, 50, 50], [1, 2, 3]),))
    shipped, other = (masses(features, fit.slope) for fit in half_seen)
    assert found["left_out_crps"].value == pytest.approx(crps_grid(GRID, other, np.array([10.0]))[0])
    by_hand = [crps_grid(GRID, shipped, np.array([y]))[0] for y in (100.0, 40.0)]
    assert found["unseen_crps"].value == pytest.approx(np.mean(by_hand))
    assert found["crps"].value == pytest.approx((found["left_out_crps"].value + sum(by_hand)) / 3)
    low, high = interval(other[0], 0.2)
    assert found["left_out_width80"].value == pytest.approx(high - low)
    assert found["left_out_coverage80"].value == float(low <= 10 <= high)
    median = GRID[(np.cumsum(other[0]) >= 0.5).argmax()]
    assert found["left_out_mae"].value == pytest.approx(abs(median - 10))


def test_the_smoothed_baseline_never_sees_its_own_proposal():
    assert (SMOOTH, CLIMATE) == (18, 0.1)
    three = ([50, 50, 50], [1, 1, 1], [1, 2, 3])  # all at 50: a normal kernel around it
    found = smoothed((issue(*three, 0.0, "p"), issue(*three, 100.0, "q"), issue(*three, 90.0, "q")))
    normal = np.exp(-0.5 * ((GRID - 50) / 18) ** 2)
    assert found.sum(1) == pytest.approx(np.ones(3))
    assert found[0] - 0.9 * normal / normal.sum() == pytest.approx(0.05 * np.isin(GRID, [90, 100]), abs=1e-8)
    assert found[1] - 0.9 * normal / normal.sum() == pytest.approx(0.1 * (GRID == 0), abs=1e-8)
    alone = smoothed((issue(*three, 0.0, "p"),))[0]  # nothing else is known: every point alike
    assert alone - 0.9 * normal / normal.sum() == pytest.approx(np.full(41, 0.1 / 41))


def test_the_record_scores_every_forecast_on_the_same_issues(tmp_path):
    """Three issues: two with positions at the ends only (weighted means 75 and 25, outcomes 100 and 0), one between."""
    ends = [(0, 100, 1), (100, 100, 1), (100, 100, 2)]
    stakes = {"a": ends, "b": [(100 - x, s, c) for x, s, c in ends], "c": [(20, 50, 1), (40, 50, 1), (90, 50, 2)]}
    found = deu(write(tmp_path, [("a", "p1", 100), ("b", "p2", 0), ("c", "p3", 70)], stakes))
    mean, middle = found.baselines["weighted_mean"], found.baselines["median"]
    assert found.n == 3
    # means 75, 25 and (20 + 40 + 180) / 4 = 60: off by 25, 25 and 10
    assert mean["mae"].value == mean["crps"].value == pytest.approx(20)
    assert mean["hit10"].value == pytest.approx(1 / 3)  # ten points away is a hit
    assert deu_backtest.HIT == 10
    # weighted medians 100, 0 and 40: off by 0, 0 and 30
    assert middle["mae"].value == pytest.approx(10)
    assert middle["hit10"].value == pytest.approx(2 / 3)
    empirical = found.baselines["weighted_empirical"]
    # E|X - y| - E|X - X'| / 2: 25 - 100 x 1/4 x 3/4 = 6.25 twice; (50 + 30 + 2 x 20) / 4 = 30 less 20 x 3/16 + 50 x 1/4
    assert empirical["crps"].value == pytest.approx((6.25 + 6.25 + 30 - 20 * 3 / 16 - 50 / 4) / 3)
    assert empirical["coverage80"].value == 1  # 10 % and 90 % of the positions: 0 to 100, 0 to 100, 20 to 90
    ours = found.scores
    # yes or no at the first two: shares .75 and .25 against 1 and 0
    assert ours["brier_yes_no"].value == pytest.approx(0.0625)
    assert ours["crps_difference"].value == pytest.approx(ours["crps"].value - empirical["crps"].value)
    assert 0 < ours["width80"].value <= 100
    assert found.notes[0].startswith("yes or no: 2 issues")
    smooth = found.baselines["smoothed_weights"]["crps"].value
    assert ours["crps_difference_to_smoothed"].value == pytest.approx(ours["crps"].value - smooth)
    assert len(fingerprint("x")) == 12
