"""Past decisions replayed row by row: how rows are read, what they move, and what is scored."""

import pytest

from contingent.errors import DataError
from contingent.scenario.read import read
from contingent.study.history import case_of, points, sign, timelines

HEAD = "date,kind,actor,record,what,direction,source_url,confidence\n"
ROWS = """2011-03-01,statement,"President, Fiji",on-the-record,Says the country is ready to send a battalion.,1,u,high
2011-03-10,statement,"Opposition leader, Fiji",on-the-record,Calls it a mistake.,-1,u,high
2011-04-01,vote,"Parliament, Fiji",document,Approves the deployment.,1,u,high
2011-04-20,attack,"Rebels, Elsewhere",on-the-record,A convoy is hit.,0,u,high
2011-05-01,deployment,"Army, Fiji",on-the-record,First 200 soldiers land.,1,u,high
"""


@pytest.mark.parametrize(("kind", "actor", "what", "way"), [
    ("statement", "President, X", "Refuses to release money that would support it.", -1),
    ("statement", "President, X", "Lifts the ban.", 1),
    ("court", "High Court, X", "Extends the order.", -1),
    ("statement", "Opposition, X", "Says it is ready.", -1),
    ("offer", "Ministry, X", "Two frigates.", 1),
])  # fmt: skip
def test_a_row_points_where_its_first_word_does_or_its_kind(kind, actor, what, way):
    assert points(kind, actor, what) == way


def test_a_timeline_without_a_case_moves_the_record_and_is_scored_by_day(tmp_path):
    (tmp_path / "one.csv").write_text(HEAD + ROWS)
    found = timelines(tmp_path)
    assert found.n == 3  # rows that point somewhere, after the first day
    assert found.scores["right_way_hit"].value == 1
    assert found.baselines["always up"]["right_way_hit"].value == pytest.approx(2 / 3)
    assert found.scores["brier"].value < found.baselines["first day's forecast"]["brier"].value
    assert "the record of FJI alone" in found.notes[0]
    (tmp_path / "one.csv").write_text(HEAD + ROWS.replace("deployment", "statement"))  # nobody came after all
    lost = timelines(tmp_path)
    assert lost.scores["brier"].value > lost.baselines["first day's forecast"]["brier"].value
    (tmp_path / "one.csv").write_text(HEAD + ROWS.replace(", Fiji", "").replace(", Elsewhere", ""))
    with pytest.raises(DataError, match="no actor's state is known"):
        timelines(tmp_path)


def test_rows_of_a_case_are_about_its_own_events_and_gates():
    import pandas as pd

    case = read("mss_haiti")
    assert case_of("KEN", pd.Timestamp("2023-07-01").date(), pd.Timestamp("2024-06-25").date()).name == case.name
    assert case_of("KEN", pd.Timestamp("2023-10-01").date(), pd.Timestamp("2024-06-25").date()) is None

    def read_as(kind, actor, what, past=()):
        row = {"date": pd.Timestamp("2023-10-13"), "kind": kind, "actor": actor, "what": what}
        return sign(row, "KEN", case, list(past))

    vote = read_as("vote", "National Assembly, Kenya", "Adopts the report.")
    assert (vote.what, vote.came) == ("assembly", True)
    assert (
        read_as("un_resolution", "Security Council, United Nations", "Authorises the mission.").what
        == "unsc_resolution"
    )
    ruling = read_as("court", "High Court, Kenya", "Bars sending police.")
    assert (ruling.what, ruling.came) == ("court", None)
    assert ruling.factor < 1
    assert read_as("court", "Petitioner, Kenya", "Files a petition.").what == "decision"
    once = read_as("statement", "President, Kenya", "Is ready.")
    assert once.factor > read_as("statement", "President, Kenya", "Is ready.", [once]).factor > 1
    assert once.factor > read_as("statement", "President, Chad", "Is ready.").factor > 1
