from pathlib import Path

import numpy as np
import pytest
from freeze_terms import fit, reach_of

from contingent.consultation.deu_backtest import design_matrix, deu, fingerprint, read_deu_issues
from contingent.consultation.terms import (
    FEATURES,
    GRID,
    SHIPPED,
    WITHOUT,
    interval,
    masses,
    term_features,
)
from contingent.errors import DataError

DATA = Path(__file__).parents[3] / "../shared/data/deu"


def random_issue(rng, count=8):
    weight = rng.dirichlet(np.ones(count))
    return rng.choice([0.0, 25.0, 40.0, 70.0, 100.0], count), weight


def test_features_have_names_and_no_gaps():
    rng = np.random.Generator(np.random.Philox(1))
    found = term_features(*random_issue(rng))
    assert found.shape == (len(GRID), len(FEATURES))
    assert np.isfinite(found).all()
    assert np.isfinite(term_features(np.full(3, 50.0), np.full(3, 1 / 3))).all()


def test_features_do_not_depend_on_the_order_of_stakeholders():
    rng = np.random.Generator(np.random.Philox(2))
    x, w = random_issue(rng)
    order = rng.permutation(len(x))
    assert np.allclose(term_features(x, w), term_features(x[order], w[order]), atol=1e-12)


def test_the_fit_finds_what_made_the_outcomes():
    rng = np.random.Generator(np.random.Philox(3))
    features = np.array([term_features(*random_issue(rng)) for _ in range(400)])
    slope = np.zeros(len(FEATURES))
    slope[FEATURES.index("an end")] = 2.0
    slope[FEATURES.index("distance from mean")] = -6.0
    p = masses(features, slope)
    outcome = GRID[(np.cumsum(p, 1) > rng.random((400, 1))).argmax(1)]
    found = masses(features, fit(features, outcome))
    flat = np.full_like(p, 1 / len(GRID))
    apart = lambda q: np.abs(q - p).sum(1).mean()  # noqa: E731
    assert apart(found) < 0.35 * apart(flat)


def test_a_calibrated_interval_covers_its_share():
    rng = np.random.Generator(np.random.Philox(4))
    p = masses(np.array([term_features(*random_issue(rng)) for _ in range(600)]), SHIPPED.slope)
    outcome = GRID[(np.cumsum(p, 1) > rng.random((600, 1))).argmax(1)]
    reach = reach_of(p[:300], outcome[:300])
    ends = np.array([interval(row, reach) for row in p[300:]])
    covered = ((ends[:, 0] <= outcome[300:]) & (outcome[300:] <= ends[:, 1])).mean()
    assert 0.72 < covered < 0.88


def test_the_shipped_distribution_is_one():
    assert len(SHIPPED.slope) == len(FEATURES)
    found = SHIPPED.over(term_features(np.array([0.0, 100.0, 100.0]), np.array([0.2, 0.4, 0.4])))
    assert np.isclose(found.mass.sum(), 1)
    assert found.low <= found.median <= found.high
    assert found.near(100) > found.near(0)
    assert all(len(name) == 12 for name in WITHOUT)


@pytest.mark.skipif(not DATA.exists(), reason="the decided issues are not at hand (../shared/data/deu)")
def test_what_ships_is_what_its_benchmark_fits():
    """The whole fit, two of those without a proposal, and the interval of every issue forecast without its own."""
    issues = read_deu_issues(DATA)
    features, outcome = design_matrix(issues)
    proposal = np.array([i.proposal for i in issues])
    shipped, apart = SHIPPED, WITHOUT
    assert set(apart) == {fingerprint(name) for name in proposal}
    assert shipped.slope == pytest.approx(fit(features, outcome), abs=1e-6)
    for name in (proposal[0], proposal[-1]):
        rest = proposal != name
        assert apart[fingerprint(name)].slope == pytest.approx(fit(features[rest], outcome[rest]), abs=1e-5)
    slopes = [apart[fingerprint(name)].slope for name in proposal]
    mass = np.array([masses(rows, slope) for rows, slope in zip(features, slopes, strict=True)])
    assert shipped.reach == pytest.approx(reach_of(mass, outcome), abs=1e-4)
    rest = proposal != proposal[0]
    assert apart[fingerprint(proposal[0])].reach == pytest.approx(reach_of(mass[rest], outcome[rest]), abs=1e-4)


def layout(tmp_path, issues, cases):
    (tmp_path / "issues.csv").write_text(issues, encoding="utf-8")
    (tmp_path / "cases_with_capability.csv").write_text(cases, encoding="utf-8")
    return tmp_path


def test_bad_cells_are_named_with_their_line(tmp_path):
    issues = "issue_id,proposal_id,outcome\ni1,p1,50\n"
    head = "issue_id,actor,position,salience,capability\n"
    rows = "i1,a,0,50,10\ni1,b,100,50,ten\ni1,c,100,150,10\n"
    with pytest.raises(DataError) as caught:
        read_deu_issues(layout(tmp_path, issues, head + rows))
    assert "cases_with_capability.csv:3  capability: `ten`" in str(caught.value)
    assert "cases_with_capability.csv:4  salience: `150`" in str(caught.value)
    with pytest.raises(DataError, match="there is no column outcome"):
        read_deu_issues(layout(tmp_path, "issue_id,proposal_id\n", head + "i1,a,0,50,10\n"))
    with pytest.raises(DataError, match="cannot be read"):
        read_deu_issues(tmp_path / "nowhere")


@pytest.mark.skipif(not DATA.exists(), reason="the decided issues are not at hand (../shared/data/deu)")
def test_the_distribution_beats_the_weighted_empirical_one_unseen():
    record = deu(DATA)
    ours, empirical = record.scores, record.baselines["weighted_empirical"]
    assert ours["crps"].value <= 0.88 * empirical["crps"].value
    assert ours["crps_difference"].high < 0
    assert ours["crps_difference_to_smoothed"].high < 0
    assert ours["left_out_issues"].value == record.n
    assert 0.77 <= ours["coverage80"].value <= 0.83
    assert ours["brier_yes_no"].value <= record.baselines["weighted_mean"]["brier_yes_no"].value
    issues = read_deu_issues(DATA)
    by_hand = np.mean(
        [abs((i.capability * i.salience) @ i.position / (i.capability @ i.salience) - i.outcome) for i in issues]
    )
    assert np.isclose(record.baselines["weighted_mean"]["mae"].value, by_hand)
