"""The backtest on decided issues, at a record small enough to be worked by hand."""

import numpy as np
import pytest

from contingent.consultation import deu_backtest
from contingent.consultation.deu_backtest import (
    FOLDS,
    DecidedIssue,
    design_matrix,
    deu,
    fingerprint,
    fold_of,
    intervals,
    out_of_fold,
    read_deu_issues,
    weighted_quantile,
)
from contingent.consultation.terms import GRID, fit, interval, masses, reach_of


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


def test_whole_proposals_are_dealt_into_ten_folds_by_their_fingerprints():
    names = [f"p{k}" for k in range(23)]
    fold = dict(zip(names, fold_of(np.array(names)), strict=True))
    ranked = sorted(names, key=fingerprint)
    assert [fold[name] for name in ranked] == [k % 10 for k in range(23)]
    assert FOLDS == 10
    assert len(fingerprint("x")) == 12


@pytest.fixture
def decided():
    """Thirty issues of fifteen proposals, decided near their weighted means."""
    rng = np.random.Generator(np.random.Philox(8))
    found = []
    for k in range(30):
        position, capability = rng.choice([0.0, 30.0, 70.0, 100.0], 5), rng.uniform(1, 9, 5)
        mean = float((capability * position).sum() / capability.sum())
        found.append(issue(position, np.full(5, 50.0), capability, round(mean / 10) * 10.0, f"p{k // 2}"))
    return tuple(found)


def test_every_fold_is_forecast_from_the_others(decided):
    features, outcome = design_matrix(decided)
    proposal = np.array([i.proposal for i in decided])
    mass, fold = out_of_fold(features, outcome, proposal, None), fold_of(proposal)
    for number in (0, 7):
        test = fold == number
        assert mass[test] == pytest.approx(masses(features[test], fit(features[~test], outcome[~test])))
    low, high = intervals(mass, outcome, proposal, None)
    test = fold == 3
    reach = reach_of(mass[~test], outcome[~test])
    assert list(zip(low[test], high[test], strict=True)) == [interval(row, reach) for row in mass[test]]


def test_one_proposal_alone_is_forecast_by_what_ships(decided):
    features, outcome = design_matrix(decided)
    alone = np.array(["p"] * 30)
    shipped, _ = deu_backtest.shipped_fit()
    assert out_of_fold(features, outcome, alone, shipped) == pytest.approx(masses(features, shipped.slope))
    assert out_of_fold(features, outcome, alone, None) == pytest.approx(np.full((30, len(GRID)), 1 / len(GRID)))
    low, high = intervals(masses(features, shipped.slope), outcome, alone, 0.3)
    assert (low[0], high[0]) == interval(masses(features, shipped.slope)[0], 0.3)


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
