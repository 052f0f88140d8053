"""Questions that resolve, sealed before and scored after: rules, the chain, and the arithmetic by hand."""

from __future__ import annotations

import datetime as dt
import json
import random
from itertools import pairwise
from pathlib import Path

import pytest

from contingent.cli import run
from contingent.cli.forecasts import COLUMNS
from contingent.errors import InputError
from contingent.evidence.ledger import Ledger, line_of, sealed
from contingent.scenario.read import read, shipped
from contingent.scoring.scores import LEVELS, scored
from contingent.study.forecasts import NOTHING, Forecast, Question, faults, forecasts, questions, resolve, seal

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
NOW = dt.datetime(2030, 6, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("case", ["isf_gaza", "unifil_2006", "mss_haiti", "mnf_ukraine", "amm_aceh"])
def test_every_question_has_a_rule_a_source_and_days_that_fit(case):
    asked = questions(read(case))
    assert len({one.id for one in asked}) == len(asked) > 10
    for one in asked:
        assert one.rule
        assert one.source
        assert one.opens < one.closes
        assert "{" not in one.wording + one.rule + one.source


def test_chances_sum_to_one_later_never_lowers_and_more_is_never_likelier(result):
    found = {(*one.question.about, one.question.closes): one for one in forecasts(result)}
    for one in found.values():
        assert one.quantiles is None or all(a <= b for a, b in pairwise(one.quantiles))
        assert one.chances is None or sum(one.chances.values()) == pytest.approx(1)
        assert one.chances is None or min(one.chances.values()) >= -1e-12
    reached = {key: one.chances["yes"] for key, one in found.items() if key[0] == "reached"}
    closing = sorted({key[3] for key in reached})
    rungs = list(dict.fromkeys(key[2] for key in reached))
    for (_, stage, rung, day), chance in reached.items():
        later, more = closing.index(day) + 1, rungs.index(rung) + 1
        assert later == len(closing) or chance <= reached["reached", stage, rung, closing[later]] + 1e-9
        assert more == len(rungs) or chance >= reached["reached", stage, rungs[more], day] - 1e-9
        assert chance <= reached["reached", "decided", rung, day] + 1e-9
    last = found["decided_on", closing[-1]]
    assert last.chances[NOTHING] == pytest.approx(1 - reached["reached", "decided", rungs[0], closing[-1]])


def body(number, *chances, day="2030-01-01", **more):
    """A sealing of one question in plain values."""
    ask = {"id": f"q{number}", "about": ["event", "x"], "opens": "2030-01-01", "closes": "2030-03-01", "wording": "w",
           "rule": "r", "source": "s", "answers": ["yes", "no"], "unit": "", **more}  # fmt: skip
    if chances:
        ask["chances"] = {"yes": chances[0], "no": 1 - chances[0]}
    return {"case": "c", "title": "t", "as_of": day, "run": "abc", "runs": 2, "seed": 1, "version": "v",
            "sealed_at": f"{day}T00:00:00+00:00", "sealed_on": day, "questions": [ask]}  # fmt: skip


def test_of_500_tamperings_every_one_is_found(tmp_path):
    file, rng = tmp_path / "forecasts.jsonl", random.Random(1)
    days = [f"2030-01-{day:02d}" for day in range(1, 29)]
    Ledger.open(file).append([("forecast", body(n, 0.5, day=days[n])) for n in range(20)])
    held = Ledger.open(file)
    resolve(held, "q3", "yes", "an example", dt.date(2030, 2, 1), NOW)
    whole, published = file.read_bytes().splitlines(keepends=True), held.seal
    assert faults(Ledger.open(file), published) == []
    for _ in range(500):
        lines, at = list(whole), rng.randrange(len(whole) - 1)
        match rng.choice(["edit", "drop", "cut", "swap", "twice", "backdate", "rewrite"]):
            case "edit":
                record = json.loads(lines[at])
                record["body"]["questions"][0]["chances"]["yes"] = rng.random()
                lines[at] = json.dumps(record).encode() + b"\n"
            case "drop":
                del lines[at]
            case "cut":
                del lines[at + 1 :]
            case "swap":
                lines[at], lines[at + 1] = lines[at + 1], lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "backdate":
                lines[at] = lines[at].replace(b"2030-01", b"2029-01")
            case "rewrite":  # and every seal after it made anew
                entries = [json.loads(line) for line in lines]
                entries[at]["body"]["title"] = str(rng.random())
                lines, seal_ = [], Ledger(file).seal
                for number, each in enumerate(entries):
                    entry = sealed(number, each["kind"], each["body"], seal_)
                    lines.append(line_of(entry))
                    seal_ = entry.seal
        file.write_bytes(b"".join(lines))
        assert faults(Ledger.open(file), published)


def test_a_clock_set_back_and_an_answer_to_nothing_are_found(tmp_path):
    ledger = Ledger.open(tmp_path / "f.jsonl")
    ledger.append([("forecast", body(1, 0.5, day="2030-02-01")), ("forecast", body(2, 0.5, day="2030-01-01"))])
    ledger.append([("resolution", {"question": "q9", "answer": "yes", "on": "2030-02-02", "written_at": "2030-03-01"})])
    told = faults(ledger)
    assert "before the line above it" in told[0]
    assert "q9, which was not asked" in told[1]


def test_what_is_sealed_has_a_rule_and_no_clock_is_set_back(tmp_path, result):
    ledger = Ledger.open(tmp_path / "f.jsonl")
    bare = Question("q", ("event", "x"), "2030-01-01", "2030-02-01", "w", "", "s")
    with pytest.raises(InputError, match="no rule"):
        seal(ledger, result, [Forecast(bare, {"yes": 0.5, "no": 0.5})], NOW)
    seal(ledger, result, [*forecasts(result)], NOW)
    with pytest.raises(InputError, match="set the clock"):
        seal(ledger, result, [*forecasts(result)], NOW - dt.timedelta(days=1))
    assert faults(Ledger.open(ledger.path)) == []


@pytest.mark.parametrize(
    ("name", "answer", "source", "on", "why"),
    [
        ("q2", "yes", "s", "2030-02-01", "no such question was sealed; known are q1"),
        ("q1", "maybe", "s", "2030-02-01", "is none of yes, no"),
        ("q1", "yes", " ", "2030-02-01", "say with --source"),
        ("q1", "no", "s", "2030-02-01", "only a yes can come early"),
        ("q1", "yes", "s", "2029-02-01", "before the question opens"),
        ("q1", "yes", "s", "2031-02-01", "lies ahead"),
    ],
)
def test_an_answer_that_cannot_be_one_is_refused(tmp_path, name, answer, source, on, why):
    ledger = Ledger.open(tmp_path / "f.jsonl")
    ledger.append([("forecast", body(1, 0.5))])
    with pytest.raises(InputError) as caught:
        resolve(ledger, name, answer, source, dt.date.fromisoformat(on), NOW)
    assert why in str(caught.value)
    assert not [*ledger.of("resolution")]


def test_a_question_scores_by_the_days_on_which_each_forecast_held():
    sealed_ = [body(1, 0.5, record=0.2), body(1, 0.9, day="2030-01-11")]
    (one,) = scored(sealed_, [{"question": "q1", "answer": "yes", "on": "2030-02-10"}])
    assert one.ours["brier"] == pytest.approx((10 * 0.25 + 30 * 0.01) / 40)
    assert one.beside["even"]["brier"] == 0.25
    assert one.beside["record"]["brier"] == pytest.approx(0.64)
    assert not one.late
    (late,) = scored([body(1, 0.9, day="2030-02-10")], [{"question": "q1", "answer": "yes", "on": "2030-02-10"}])
    assert late.late


@pytest.mark.parametrize("case", sorted(shipped()))
def test_the_forecast_of_every_shipped_case_is_sealed_as_of_its_day_and_published(case):
    held = Ledger.open(REFERENCE / "sealed" / f"{case}.jsonl")
    assert held.seal in (REFERENCE / "track-record.md").read_text("utf-8")
    assert faults(held, held.seal) == []
    (body,) = held.of("forecast")
    assert (body["case"], body["as_of"]) == (case, str(read(case).as_of))
    asked = {one.id: one for one in questions(read(case))}
    assert {one["id"] for one in body["questions"]} <= asked.keys()
    assert all(one["rule"] == asked[one["id"]].rule and one["source"] for one in body["questions"])
    assert not [*held.of("resolution")]


def test_what_a_crowd_said_is_scored_beside_ours(tmp_path):
    ledger = Ledger.open(tmp_path / "f.jsonl")
    ledger.append([("forecast", body(1, 0.5)), ("forecast", body(2, answers=[], quantiles=[0.0] * 9))])
    resolve(ledger, "q1", "yes", "an example", dt.date(2030, 2, 1), NOW, 0.9)
    (one,) = scored(ledger.of("forecast"), ledger.of("resolution"))
    assert one.beside["crowd"]["brier"] == pytest.approx(0.01)
    for question, crowd in (("q1", 1.5), ("q2", 0.5)):
        with pytest.raises(InputError, match="--crowd is a chance of yes"):
            resolve(ledger, question, "yes" if question == "q1" else "1", "s", dt.date(2030, 3, 2), NOW, crowd)


def test_numbers_and_several_answers_score_as_by_hand():
    number = body(1, answers=[], quantiles=[2.0] * len(LEVELS))
    (one,) = scored([number], [{"question": "q1", "answer": 5.0, "on": "2030-02-10"}])
    assert one.ours["crps"] == pytest.approx(3)  # all weight three away
    assert one.inside is False
    several = body(1, answers=["a", "b", "c"])
    several["questions"][0]["chances"] = {"a": 0.5, "b": 0.3, "c": 0.2}
    (two,) = scored([several], [{"question": "q1", "answer": "b", "on": "2030-02-10"}])
    assert two.ours["brier"] == pytest.approx((0.25 + 0.49 + 0.04) / 2)


def test_the_commands_go_together(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = ["mss_haiti", "--runs", "20", "--json"]
    assert run(["questions", *small, "--file", "q.csv"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert (tmp_path / "q.csv").read_text("utf-8").splitlines()[0] == ",".join(COLUMNS)
    name = next(row["id"] for row in rows if row["about"] == ["reached", "decided", "train"])
    codes = [
        run(["forecast", "seal", *small]), run(["forecast", "seal", *small]),
        run(["forecast", "resolve", name, "yes", "--on", "2023-09-20", "--source", "an example", "--json"]),
        run(["forecast", "verify", "--json"]),
    ]  # fmt: skip
    assert codes == [0] * 4
    capsys.readouterr()
    assert run(["forecast", "score"]) == 0
    told = capsys.readouterr().out
    assert "sealed too late to count" in told  # the case is of 2023, and sealed today
    assert run(["forecast", "history", name, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
