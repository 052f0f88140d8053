"""Is the seal of each line the hash that is written down, and is a change at any place found and named?"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from toy_claims import held

from contingent.errors import InputError, LedgerError
from contingent.evidence.claim import Claim, LedgerClaim, Speaker
from contingent.evidence.export import EDITABLE, as_csv, as_decided, decisions_from
from contingent.evidence.ledger import GENESIS, Ledger, claims_now, line_of, record, sealed

LITERALS = (
    "25389b34185120e170ae8f2e81b516f6db6cd0e646729cd5f4d79f2066ae8c79",
    "b264abe359a3be92c47b34f01ebd2458db31addc4ae4ea773dd4559a332d4e82",
    "8a7dd9ea5be2add9844fc992bbefe136a86540874876723d2fdb7a729ad54aee",
)


def test_the_chain_of_two_lines_worked_out_by_hand():
    # sha256 of "contingent-ledger/1"; then of the seal before, in hexadecimal, and [number,kind,body] in canonical JSON
    assert hashlib.sha256(b"contingent-ledger/1").hexdigest() == GENESIS
    first = sealed(0, "claim", {"id": "x", "a": 1}, GENESIS)
    assert first.seal == hashlib.sha256(GENESIS.encode() + b'[0,"claim",{"a":1,"id":"x"}]').hexdigest()
    second = sealed(1, "flag", {"reason": "é"}, first.seal)
    assert second.seal == hashlib.sha256(first.seal.encode() + '[1,"flag",{"reason":"é"}]'.encode()).hexdigest()
    assert (GENESIS, first.seal, second.seal) == LITERALS


def test_a_line_is_canonical_json_with_its_seal():
    entry = sealed(0, "claim", {"id": "x", "a": 1}, GENESIS)
    assert line_of(entry) == f'{{"body":{{"a":1,"id":"x"}},"kind":"claim","n":0,"seal":"{entry.seal}"}}\n'.encode()


@pytest.fixture
def ledger(tmp_path):
    made = Ledger.open(tmp_path / "ledger.jsonl")
    made.append([("note", {"id": "a"}), ("note", {"id": "b"})])
    made.append([("remark", {"id": "c"})])
    return made


def test_what_was_written_is_read_again(ledger):
    again = Ledger.open(ledger.path)
    assert [(entry.number, entry.kind, entry.body["id"]) for entry in again.entries] == [
        (0, "note", "a"), (1, "note", "b"), (2, "remark", "c"),
    ]  # fmt: skip
    assert again.seal == ledger.seal == again.entries[2].seal
    assert [body["id"] for body in again.of("note")] == ["a", "b"]
    assert again.append([]) == []
    (added,) = again.append([("remark", {"id": "d"})])
    assert added.number == 3
    assert [entry.body["id"] for entry in Ledger.open(ledger.path).entries] == ["a", "b", "c", "d"]


CHANGES = ("n", "kind", "body", "seal", "taken out", "twice", "swapped", "a bit", "no JSON", "nested", "another shape")


@pytest.fixture
def long(tmp_path):
    made = Ledger.open(tmp_path / "ledger.jsonl")
    made.append([("note", {"id": number}) for number in range(6)])
    return made


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("line", [0, 2, 4])
def test_whatever_was_done_to_a_line_it_is_named_and_the_others_live(long, line, change):
    lines = long.path.read_bytes().splitlines(keepends=True)
    fault, lost = line, {line}
    if change == "taken out":
        del lines[line]
    elif change == "twice":
        lines.insert(line, lines[line])
        fault, lost = line + 1, set()
    elif change == "swapped":
        lines[line : line + 2] = lines[line + 1], lines[line]
    elif change in ("n", "kind", "body", "seal"):
        entry = json.loads(lines[line])
        entry[change] = {"n": 9, "kind": "other", "body": {"id": "z"}, "seal": "0" * 64}[change]
        lines[line] = json.dumps(entry).encode() + b"\n"
        lost = set() if change == "n" else lost
    else:
        spoilt = {"a bit": bytes([lines[line][0] ^ 1]) + lines[line][1:], "no JSON": b"\xff\n",
                  "nested": b"[" * 99_999 + b"\n",
                  "another shape": b'{"n":true,"kind":1,"body":[],"seal":{}}\n'}  # fmt: skip
        lines[line] = spoilt[change]
    long.path.write_bytes(b"".join(lines))
    found = Ledger.open(long.path)
    assert fault + 1 in found.faults
    assert {entry.body["id"] for entry in found.entries} >= set(range(6)) - lost
    assert any(f"ledger.jsonl:{fault + 1}: " in warning for warning in found.warnings)
    found.append([("note", {"id": "later"})])  # a damaged ledger takes what is new
    again = Ledger.open(long.path)
    assert again.entries[-1].body == {"id": "later"}
    assert again.faults == found.faults

    damaged = long.path.read_bytes()
    aside = again.repair()
    assert aside.read_bytes() == damaged
    whole = Ledger.open(long.path)
    assert (whole.faults, whole.warnings) == ({}, [])
    assert [entry.body for entry in whole.entries[:-1]] == [entry.body for entry in again.entries]
    assert whole.entries[-1].kind == "repair"
    assert whole.entries[-1].body["as_it_was"] == aside.name


def test_a_file_of_other_lines_is_no_ledger(tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"{}\n[]\n")
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:1: not a line of a ledger"):
        Ledger.open(path)


def test_a_whole_last_line_of_which_an_editor_took_the_end_is_kept(ledger):
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:-1])
    cut = Ledger.open(ledger.path)
    assert (len(cut.entries), cut.warnings) == (3, [])
    cut.append([("note", {"id": "d"})])
    assert ledger.path.read_bytes().startswith(whole)
    assert len(Ledger.open(ledger.path).entries) == 4


def test_a_last_line_cut_off_anywhere_is_dropped_and_written_over(ledger):
    whole = ledger.path.read_bytes()
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for stop in (start + 1, start + 20, len(whole) - 2):
        ledger.path.write_bytes(whole[:stop])
        cut = Ledger.open(ledger.path)
        assert len(cut.entries) == 2
        assert cut.warnings == ["ledger.jsonl: the last line was cut off while being written and is dropped"]
        cut.append([("remark", {"id": "c"})])
        assert ledger.path.read_bytes() == whole


def decided(claim: str, verdict: str = "edit", **changes: object) -> dict:
    return {"claim": claim, "verdict": verdict, "changes": changes, "reason": "because", "by": "mk", "at": "2025-10-28"}


@pytest.fixture
def claims(tmp_path):
    made = Ledger.open(tmp_path / "claims.jsonl")
    made.append([("claim", held(name).to_row()) for name in ("d/c01", "d/c02")])
    return made


def test_the_last_decision_on_a_claim_holds_and_earlier_edits_stay(claims):
    record(claims, [decided("d/c01", letter="C"), decided("d/c01", polarity=-1), decided("d/c01", "accept")])
    now = claims_now(claims)
    assert shown(now["d/c01"]) == ("C", 2, "because", "firm", -1, "accept")
    assert shown(now["d/c02"]) == ("B", 2, "minister", "firm", 1, "")
    record(claims, [decided("d/c02", "reject"), decided("d/c02", number=5)])
    assert shown(claims_now(claims)["d/c02"]) == ("B", 5, "minister", "because", 1, "edit")


def shown(one) -> tuple:
    return (one.letter, one.number, one.letter_reason, one.number_reason, one.polarity, one.verdict)


def test_a_decision_on_a_claim_that_is_not_there_is_refused_and_nothing_written(claims):
    before = claims.path.read_bytes()
    with pytest.raises(InputError, match="holds no claim d/c09; were these"):
        record(claims, [decided("d/c01", "accept"), decided("d/c09", "accept")])
    assert claims.path.read_bytes() == before


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"by": ""}, "`by` is missing"),
        ({"at": None}, "`at` is missing"),
        ({"claim": ""}, "`claim` is missing"),
        ({"claim": ["d/c01"]}, "`claim` is no text"),
        ({"at": 20251028}, "`at` is no text"),
        ({"changes": ["letter"]}, "`changes` is not a record"),
        ({"changes": {"number": 7}}, "number `7` is none of 1, 2, 3, 4, 5, 6"),
        ({"changes": {"polarity": 2}}, "polarity `2` is none of -1, 0, 1"),
        ({"changes": {"record": "secret"}}, "record `secret` is none of on-the-record, background"),
        ({"changes": {"id": "x"}}, "`id` cannot be edited; these can: attribution, record"),
    ],
)
def test_a_faulty_decision_is_named(tmp_path, row, complaint):
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps({"decisions": [decided("d/c01"), {**decided("d/c01"), **row}]}), "utf-8")
    with pytest.raises(InputError, match=r"decision 2: ") as caught:
        decisions_from(file)
    assert complaint in str(caught.value)
    file.write_text(json.dumps({"decisions": [7]}), "utf-8")
    with pytest.raises(InputError, match="decision 1: not a record"):
        decisions_from(file)
    file.write_text('{"decisions": 7}', "utf-8")
    with pytest.raises(InputError, match="not a file of decisions"):
        decisions_from(file)


def test_only_what_a_decision_needs_is_kept_of_it(tmp_path):
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps({"decisions": [{**decided("d/c01", "accept"), "mood": "good"}]}), "utf-8")
    assert decisions_from(file) == [decided("d/c01", "accept")]


def test_a_claim_is_read_back_as_it_was_written():
    whole = held(
        "d/c02",
        "F3",
        spans=[{"start": 2, "end": 6, "exact": "they", "prefix": "so", "suffix": "go"}, {"start": 8, "end": 9}],
        speaker_span=[0, 1], cue=[1, 2], channel="Radio Nord", date="Monday", day="2025-10-27", negated=True,
        condition="if so", conditional=True, hedges=["may"], quantities=[{"value": 2.0, "op": ">=", "unit": "men"}],
        factors=["cost", "honour"], polarity=-1, about="d/c01", relay=["Aas", "Aho"], free_indirect=True,
    )  # fmt: skip
    row = whole.to_row()
    assert LedgerClaim.from_row(json.loads(json.dumps(row))) == whole
    assert LedgerClaim.from_row(row).to_row() == row
    assert (whole.key, whole.id, whole.about, whole.grade) == ("d/c02", "c02", "c01", "F3")
    assert whole.spans == ((2, 6), (8, 9))
    assert (whole.letter, whole.number, whole.source) == ("F", 3, Speaker("Leena Aho", "person", "minister"))
    assert "says" not in row


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"modality": "hopeful"}, "claim d/c01: modality"),
        ({"spans": [{"start": 9, "end": 3}]}, "a span must be"),
        ({"spans": [{"start": 0}]}, "claim d/c01: not a claim of a ledger"),
        ({"proposal": {"letter": "G", "number": 1, "letter_reason": "", "number_reason": ""}}, "claim d/c01: grade"),
        ({"speaker": "Leena Aho"}, "claim d/c01: not a claim of a ledger"),
        ({"mood": "good"}, "claim d/c01: mood: Extra inputs are not permitted"),
    ],
)
def test_a_row_that_is_no_claim_is_named(change, complaint):
    row = held().to_row()
    with pytest.raises(LedgerError, match=re.escape(complaint)):
        LedgerClaim.from_row({**row, **change})


def test_an_edited_speaker_is_a_name_with_the_kind_and_office_there_were(claims):
    record(claims, [decided("d/c01", speaker="Anna Berg", says="She will.", factors=["honour"], condition="if asked")])
    now = claims_now(Ledger.open(claims.path))["d/c01"]
    assert now.source == Speaker("Anna Berg", "person", "minister")
    assert (now.says, now.factors, now.condition) == ("She will.", ("honour",), "if asked")
    assert now.to_row()["says"] == "She will."


def test_a_ledger_into_which_a_speaker_was_once_written_as_text_can_be_read(claims):
    claims.append([("decision", decided("d/c01", speaker="Anna Berg", factors="intention"))])
    now = claims_now(Ledger.open(claims.path))["d/c01"]
    assert (now.speaker, now.factors) == ("Anna Berg", ("intention",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "start", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
HELD = held("d/c01").to_row()


@settings(max_examples=100, deadline=None)
@given(key=st.sampled_from([*EDITABLE, "spans", "x"]), value=JSON, inside=st.booleans())
@example(key="group", value=None, inside=True)
@example(key="number", value=True, inside=True)
@example(key="polarity", value=1.0, inside=True)
@example(key="speaker", value={}, inside=True)
def test_no_decision_of_any_kind_can_leave_a_ledger_that_is_not_read(key, value, inside):
    """Refused in one line and nothing written, or written and read again; and what another let in is read."""
    decision = decided("d/c01", **{key: value}) if inside else {**decided("d/c01"), key: value}
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.jsonl")
        ledger.append([("claim", held(name).to_row()) for name in ("d/c01", "d/c02")])
        before = ledger.path.read_bytes()
        with suppress(LedgerError):
            record(ledger, [decided("d/c02", "accept"), decision])
        assert ledger.path.read_bytes() in (before, b"".join(map(line_of, ledger.entries)))
        assert Ledger.open(ledger.path).faults == {}
        with suppress(ValueError):  # no JSON: infinity
            ledger.path.write_bytes(before + line_of(sealed(2, "decision", decision, Ledger.open(ledger.path).seal)))
        now = Ledger.open(ledger.path)
    assert set(claims_now(now)) == {"d/c01", "d/c02"}
    assert as_csv([], list(now.claims.values())).count("d/c0") >= 2 - ("reject" in str(decision))
    assert [as_decided(one)["id"] for one in now.claims.values()] == ["d/c01", "d/c02"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [("claim", {"id": "a"}), ("claim", {**HELD, "group": None}), ("document", {"id": "a"}), ("flag", {"claims": 7}),
     ("skipped", {}), ("suggestion", {"document": 1}), ("assistance", {"kept": "x"}), ("decision", {"verdict": 1})],
)  # fmt: skip
def test_no_record_is_written_that_could_not_be_read(ledger, kind, body):
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match="nothing was written"):
        ledger.append([("note", {}), (kind, body)])
    assert ledger.path.read_bytes() == before
    assert ledger.append([("note", {})])[0].number == 3


def test_a_scenarios_claim_is_the_ledgers_without_what_is_empty():
    text = "so they will not go home at all this year or the next, she said"
    one = held("d/c01", "B2", spans=[{"start": 3, "end": 53}], polarity=0, group="leena_aho@x")
    cited = one.cited("paper", text, None)
    assert cited == {
        "document": "paper", "says": "Leena Aho, intention: “they will not go home at all this year or ...”",
        "quote": "they will not go home at all this year or", "spans": [[3, 53]], "speaker": "Leena Aho",
        "attribution": "named-official", "record": "on-the-record", "form": "indirect", "modality": "intention",
        "factors": ["cost"], "polarity": 0, "grade": "B2", "reason": "proposed: minister; firm",
        "group": "leena_aho_x",
    }  # fmt: skip
    assert Claim.model_validate(cited).speaker == "Leena Aho"
    broken = held("d/c01", spans=[{"start": 3, "end": 7}, {"start": 13, "end": 16}])
    assert "quote" not in broken.cited("paper", text, None)  # not one piece of the text
