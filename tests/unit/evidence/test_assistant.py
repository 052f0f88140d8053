"""May a model add anything that is not in the text, or that nobody can trace to it?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from contingent.errors import InputError
from contingent.evidence.assistant import Cassette, Suggestion, extractor_from, ground
from contingent.evidence.ingest import Settings, read_all
from contingent.evidence.ledger import Ledger
from contingent.evidence.ledger_view import assist, ledger_view
from contingent.evidence.pack import shipped_pack

TEXT = "Foreign Minister Leena Aho said the cabinet would decide on a mandate soon. Rain fell. Rain fell."
PACK = shipped_pack()


@dataclass
class Spoken:
    """A model that says what a test wants, and counts how often it is asked."""

    claims: object
    asked: list[dict] = field(default_factory=list)

    def __call__(self, request: dict) -> dict:
        self.asked.append(request)
        return {"choices": [{"message": {"content": json.dumps({"claims": self.claims})}}]}


def test_words_that_are_not_in_the_text_are_dropped_and_counted():
    suggestions = [
        Suggestion("Rain fell."),
        Suggestion("Rain fell."),
        Suggestion("Rain fell."),
        Suggestion("rain"),
        Suggestion(" "),
    ]
    found = ground(TEXT, suggestions)
    assert [TEXT[a:b] for (a, b), _ in found.kept] == ["Rain fell.", "Rain fell."]
    assert len({span for span, _ in found.kept}) == 2
    assert found.dropped == 3


def test_suggestions_are_recorded_with_the_model_and_played_back_without_it(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text(TEXT, "utf-8")
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(article, ledger, Settings(PACK))
    live = Spoken(
        [
            {
                "exact": "the cabinet would decide on a mandate soon",
                "says": "A decision is near.",
                "modality": "possibility",
                "factors": ["public opinion", "invented"],
                "grade": "A1",
                "start": 3,
            },
            {"exact": "Rain fell.", "says": "It rained."},
            {"exact": "The cabinet has decided", "says": "Made up."},
            "nonsense",
        ]
    )
    tape = tmp_path / "tape.json"
    extractor = extractor_from("", "small-model", tape, PACK)
    assert isinstance(extractor.send, Cassette)
    extractor.send.live = live
    assist(ledger, article, extractor, Settings(PACK))
    found = ledger_view(ledger, article)
    first, second = found.suggestions
    assert first["claim"] == found.claims[0].key
    assert first["disagrees"] == ["modality", "factors"]
    assert first["factors"] == ["public opinion"]
    assert "grade" not in first
    assert (second["claim"], second["disagrees"]) == ("", ["found"])
    use = found.assistance[0]
    assert (use["kept"], use["dropped"], use["method"]["name"]) == (2, 1, "small-model")
    assert "small-model: 2 suggestions kept, 1 dropped" in found.to_text()
    other = Ledger.open(tmp_path / "other.jsonl")
    read_all(article, other, Settings(PACK))
    assist(other, article, extractor_from("", "small-model", tape, PACK), Settings(PACK))
    assert len(live.asked) == 1
    assert (tmp_path / "other.jsonl").read_bytes() == (tmp_path / "ledger.jsonl").read_bytes()


@pytest.mark.parametrize("claims", [None, 7, [1, 2], [{"exact": 5}], [{}]])
def test_an_answer_of_another_shape_is_no_answer(claims, tmp_path):
    extractor = extractor_from("", "m", tmp_path / "t.json", PACK)
    assert isinstance(extractor.send, Cassette)
    extractor.send.live = Spoken(claims)
    assert list(extractor.suggest(TEXT)) == []


def test_what_cannot_be_asked_is_said(tmp_path):
    with pytest.raises(InputError, match="--model-name is missing"):
        extractor_from("http://localhost", "", None, PACK)
    with pytest.raises(InputError, match="holds no answer"):
        extractor_from("", "m", tmp_path / "none.json", PACK).suggest(TEXT)
    with pytest.raises(InputError, match="must be an http"):
        extractor_from("file:///etc", "m", None, PACK).suggest(TEXT)
