"""Is the ledger append-only, sealed, resumable and the same for any number of workers?"""

from __future__ import annotations

import json

import pytest

from contingent.cli import run
from contingent.errors import InputError
from contingent.evidence.corroborate import origins, overlap, sketch
from contingent.evidence.export import decisions_from
from contingent.evidence.ingest import Settings, read_all
from contingent.evidence.ledger import Ledger, claims_now, record
from contingent.evidence.ledger_view import ledger_view
from contingent.evidence.pack import shipped_pack

TEXT = (
    "Foreign Minister Leena Aho said on Monday that the cabinet would decide on a mandate soon. "
    "Officials close to the talks said parliament may be consulted.\n"
    "“We should take this opportunity,” Aho told Radio Nord. Many citizens oppose the plan and fear combat."
)
SETTINGS = Settings(shipped_pack())


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "articles"
    place.mkdir()
    for number in range(7):
        (place / f"a{number}.txt").write_text(
            f"{TEXT}\nThe minister said the mandate of case {number} was open.", "utf-8"
        )
    (place / "b.bin.txt").write_bytes(b"\x00\x01\x02")
    (place / "c.txt").write_text("", "utf-8")
    return place


def test_the_same_bytes_for_any_number_of_workers_and_after_an_interruption(folder, tmp_path):
    one, four, cut = (tmp_path / f"{name}.jsonl" for name in ("one", "four", "cut"))
    read_all(folder, Ledger.open(one), SETTINGS)
    read_all(folder, Ledger.open(four), SETTINGS, workers=2)
    assert one.read_bytes() == four.read_bytes()
    whole = one.read_bytes()
    documents = [i for i, line in enumerate(whole.splitlines()) if b'"kind":"document"' in line]
    kept = b"\n".join(whole.splitlines()[: documents[3]]) + b"\n"
    cut.write_bytes(kept + whole[len(kept) : len(kept) + 37])
    again = Ledger.open(cut)
    assert again.warnings
    read_all(folder, again, SETTINGS)
    assert cut.read_bytes() == whole
    assert read_all(folder, Ledger.open(cut), SETTINGS) == 0


def test_a_changed_line_is_named_and_kept_aside_and_the_rest_lives(folder, tmp_path, capsys):
    path = tmp_path / "ledger.jsonl"
    read_all(folder, Ledger.open(path), SETTINGS)
    path.write_bytes(
        path.read_bytes().replace(b'"number":6', b'"number":1', 1).replace(b'"letter":"B"', b'"letter":"A"', 1)
    )
    found = Ledger.open(path)
    assert all("was changed after it was written" in why for why in found.faults.values())
    assert 1 <= len(found.faults) <= 2
    assert [warning for warning in ledger_view(found, folder).warnings if "b.bin.txt" in warning]
    assert run(["ledger", "verify", str(tmp_path)]) == 1
    assert f"ledger.jsonl:{min(found.faults)}: was changed" in capsys.readouterr().out
    assert run(["ledger", "repair", str(path)]) == 1
    assert "nothing is written yet" in capsys.readouterr().out
    assert run(["ledger", "repair", str(path), "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_it_was"] == str(tmp_path / "ledger.jsonl.damaged")
    assert run(["ledger", "verify", str(path)]) == 0


def test_unreadable_files_are_recorded_with_their_reason(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(folder, ledger, SETTINGS)
    reasons = {body["name"]: body["reason"] for body in ledger.of("skipped")}
    assert "binary" in reasons["b.bin.txt"]
    assert "empty" in reasons["c.txt"]
    lone = Ledger.open(tmp_path / "lone.jsonl")
    read_all(folder / "c.txt", lone, SETTINGS)
    with pytest.raises(InputError, match="empty"):
        ledger_view(lone, folder / "c.txt")


def test_copies_and_rewrites_share_their_groups(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(folder, ledger, SETTINGS)
    groups = {one.group for one in ledger_view(ledger, folder).claims if one.record == "background"}
    assert len(groups) == 1
    other = sketch("A wholly different report about fish quotas in the northern sea and their price in spring markets")
    assert overlap(sketch(TEXT), other) == 0
    assert overlap(sketch(TEXT), sketch("Update. " + TEXT.replace("on Monday", "earlier"))) > 0.5
    assert origins({"b": sketch(TEXT), "a": sketch(TEXT), "z": other}) == {"b": "a", "a": "a", "z": "z"}


def test_an_exact_copy_adds_no_claims(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(folder, ledger, SETTINGS)
    before = len(list(ledger.of("claim")))
    (folder / "zz.txt").write_bytes((folder / "a0.txt").read_bytes())
    read_all(folder, ledger, SETTINGS)
    assert len(list(ledger.of("claim"))) == before
    assert [body["copy_of"] for body in ledger.of("document") if body.get("copy_of")]


def test_decisions_are_lines_and_the_last_one_holds(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(folder / "a0.txt", ledger, SETTINGS)
    name = next(iter(claims_now(ledger)))
    changes = {"letter": "C", "modality": "prediction"}
    row = {
        "claim": name,
        "verdict": "edit",
        "changes": changes,
        "reason": "new in office",
        "by": "mk",
        "at": "2025-10-28",
    }
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps({"decisions": [row]}), "utf-8")
    assert record(ledger, decisions_from(file)) == 1
    assert record(ledger, decisions_from(file)) == 0
    now = claims_now(Ledger.open(ledger.path))[name]
    assert (now.letter, now.letter_reason) == ("C", "new in office")
    assert (now.modality, now.verdict) == ("prediction", "edit")


def test_bad_decisions_are_all_named_at_once(tmp_path):
    file = tmp_path / "decisions.json"
    file.write_text(
        json.dumps({"decisions": [{"claim": "x", "verdict": "maybe", "changes": {"spans": [], "letter": "Z"}}]}),
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        decisions_from(file)
    for words in ("`reason` is missing", "verdict `maybe`", "`spans` cannot be edited", "letter `Z`"):
        assert words in str(caught.value)
    file.write_text("[]", "utf-8")
    with pytest.raises(InputError, match="not a file of decisions"):
        decisions_from(file)


def test_several_articles_show_recycled_text_and_quotations_in_other_words(tmp_path):
    place = tmp_path / "articles"
    place.mkdir()
    (place / "a.txt").write_text(TEXT, "utf-8")
    (place / "b.txt").write_text("Update: " + TEXT, "utf-8")
    answer = "“This opportunity is one that we really should take up now,” Leena Aho said in Turku."
    (place / "c.txt").write_text(
        f"{answer} Snow fell on the harbour all night and the ferries were late again.", "utf-8"
    )
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(place, ledger, SETTINGS)
    kinds = [(flag.kind, flag.reason) for flag in ledger_view(ledger, place).flags]
    assert any(kind == "recycled-text" and "copies or rewrites" in reason for kind, reason in kinds)
    assert any(kind == "quote-fidelity" and "different words" in reason for kind, reason in kinds)
