"""KTAB's and Scholz's own published answers, met at every turn."""

import csv
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from contingent.consultation.aggregators import Contest
from contingent.consultation.spatial.ktab_backtest import ktab
from contingent.errors import DataError

DATA = Path(__file__).parents[2] / "../shared/data"
needs_ktab = pytest.mark.skipif(
    not (DATA / "ktab").exists(), reason="KTAB's results are not at hand (../shared/data/ktab)"
)
needs_bdm = pytest.mark.skipif(
    not (DATA / "bdm").exists(), reason="the published rounds are not at hand (../shared/data/bdm)"
)


def rows(name):
    return list(csv.DictReader((DATA / "bdm" / name).read_text(encoding="utf-8").splitlines()))


@needs_ktab
def test_every_turn_of_every_reproducible_scenario_equals_ktabs():
    record = ktab(DATA / "ktab")
    assert record.scores["max_abs_difference"].value <= 1e-9
    assert record.scores["stopped_same_turn"].value == 1
    assert record.n >= 56


@needs_ktab
def test_a_list_of_positions_alone_is_a_result_too(tmp_path):
    for name in ("inputs/SOE-Pol-Comp.csv", "reference/SOE-Pol-Comp_positions.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((DATA / "ktab" / name).read_text(encoding="utf-8"), encoding="utf-8")
    record = ktab(tmp_path)
    assert record.n == 1
    assert record.scores["max_abs_difference"].value <= 1e-9
    (tmp_path / "reference/SOE-Pol-Comp_positions.csv").write_text("turn,actor\n0,a\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column dim, position"):
        ktab(tmp_path)


def test_a_folder_without_results_is_the_users_to_mend(tmp_path):
    with pytest.raises(DataError, match="KTAB's results"):
        ktab(tmp_path)


@needs_bdm
def test_the_challenge_model_meets_the_published_rounds():
    actors = rows("ExampleActors.csv")
    rounds = rows("ExampleActors_rounds.csv")
    c, x, s = (np.array([float(a[k]) for a in actors]) for k in ("Capability", "Position", "Salience"))
    published = np.array([float(r["position"]) for r in rounds]).reshape(-1, len(actors))
    exponents = np.array([float(r["risk_exponent"]) for r in rounds]).reshape(-1, len(actors))
    contest = Contest(c, s, float(np.ptp(x)))
    position, exponent = map(np.array, zip(*islice(contest.rounds(x), len(published)), strict=True))
    assert np.allclose(position, published, atol=1e-9)
    assert np.allclose(exponent, exponents, atol=1e-9)
    assert np.allclose([contest.median(at) for at in position[1:5]], [8.416, 9.611, 9.962, 9.962], atol=5e-4)
