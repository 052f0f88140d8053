"""What happened since the case's date, told in the brief: the last of it in a sentence, all of it in an annex."""

from datetime import date
from types import SimpleNamespace

import pytest

from contingent.brief.document.blocks import words
from contingent.brief.sections import watch
from contingent.scenario.option import Happened
from contingent.study.history import RUNS

EVENTS = {"vote": SimpleNamespace(label="The vote")}
TOLD = (
    Happened(on=date(2023, 10, 9), what="court", factor=0.5),
    Happened(on=date(2023, 10, 2), what="vote", came=True, says="It is adopted."),
    Happened(on=date(2023, 10, 20), what="nothing"),
)


def context(tiny, happened, language="en"):
    process = SimpleNamespace(events=EVENTS, gates={"court": SimpleNamespace(label="The court")})
    return tiny.context(scenario={"happened": happened, "process": process}, runs=4_000, language=language)


def test_a_case_in_which_nothing_has_happened_says_nothing_of_it(tiny):
    assert watch.history(context(tiny, ())) == ((), ())


@pytest.mark.parametrize("language", ["en", "ur", "ar"])
def test_every_entry_is_told_by_its_day_with_the_chance_before_and_after(tiny, monkeypatch, language):
    asked = []

    def steps(scenario, design):
        asked.append((design.seed, design.runs))
        for was, now in ((0.4, 0.6), (0.58, 0.5), (0.5, 0.45)):
            yield SimpleNamespace(before={"delivered": was}, after={"delivered": now})

    monkeypatch.setattr(watch, "steps", steps)
    ((last,), (figure,)) = watch.history(context(tiny, TOLD, language))
    assert asked == [(1, RUNS)]
    assert [[words(row[2]), words(row[3])] for row in figure.table.rows] == [
        ["40\u00a0%", "60\u00a0%"], ["58\u00a0%", "50\u00a0%"], ["50\u00a0%", "45\u00a0%"]]  # fmt: skip
    assert [(row["start"], row["value"], row["low"], row["high"]) for row in figure.plot.rows] == [
        (0.4, 0.6, 0.4, 0.6), (0.58, 0.5, 0.5, 0.58), (0.5, 0.45, 0.45, 0.5)]  # fmt: skip
    assert figure.svg.startswith("<svg")
    if language == "en":
        told = [(words(row[0]), words(row[1])) for row in figure.table.rows]
        assert told == [("2 October 2023", "It is adopted."), ("9 October 2023", "A sign of this: The court."),
                        ("20 October 2023", "Only time passed.")]  # fmt: skip
        said = words(last.text).replace("\u00a0", " ")
        assert said.startswith("Last, on 20 October 2023: Only time passed. The chance that people are there by the ")
        assert said.endswith("was 50 % before, and is 45 % after. (A6)")
