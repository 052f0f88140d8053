from pathlib import Path

import pytest

from contingent.errors import InputError
from contingent.scoring import Score, Scorecard
from contingent.scoring.tasks import run_task, task_names


def test_tasks_are_found_by_name():
    assert "precedents" in task_names()
    with pytest.raises(InputError, match="did you mean `precedents`"):
        run_task("precedent", Path())


def test_a_missing_path_is_the_users_to_mend(tmp_path):
    with pytest.raises(InputError, match="nothing there"):
        run_task("precedents", tmp_path / "no.csv")


def test_a_record_shows_scores_beside_baselines():
    record = Scorecard(
        "t", "0" * 64, "none", 3, {"brier": Score(0.1, 0.05, 0.2)}, {"base": {"brier": Score(0.2, 0.1, 0.3)}}
    )
    text = record.to_text()
    assert text.index("brier") < text.index("base")
    assert "0.05 to 0.2" in text
