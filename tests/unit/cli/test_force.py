"""`contingent force` says what it was asked, in words and as one JSON value."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO

import pytest

from contingent.cli.entry import run

pytestmark = pytest.mark.xdist_group("cli")

ASKED = ["force", "isf_gaza", "--option", "un_mandate_no_disarmament"]


def command(*words: str) -> str:
    with redirect_stdout(StringIO()) as out:
        assert run(list(words)) == 0
    return out.getvalue()


def test_reasons_are_told_in_the_scenarios_words() -> None:
    told = command(*ASKED, "--why")
    assert "short even if nothing else counted" in told
    assert "barred by its caveats (no_disarmament): pak_infantry" in told
    assert "could be met instead of Explosive ordnance disposal company" in told
    assert "Takes no part in disarming Hamas" in told
    assert "Pakistan alone" in told


def test_a_plan_against_withdrawals_is_told_and_is_one_value() -> None:
    words = ["force", "unifil_2006", "--option", "infantry", "--withdrawals", "1"]
    told = command(*words)
    assert "ordinary plan, worst loss: Italy" in told
    assert "price of robustness" in told
    found = json.loads(command(*words, "--json"))
    robust = found["robust"]
    assert robust["robust_worst"]["short"] < robust["ordinary_worst"]["short"]
    assert robust["solver"]["gap"] <= 0.01
    assert robust["price"]["critical"] == pytest.approx(
        robust["robust"]["critical"] - robust["ordinary"]["critical"], abs=0.11
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["force", "isf_gaza", "--why"], "name one --option"),
        (["force", "isf_gaza", "--withdrawals", "1"], "name one --option"),
        ([*ASKED, "--withdrawals", "0"], "ask for 1 to"),
        ([*ASKED, "--gap", "2"], "a share above 0 and below 1"),
        (["force"], "give a SCENARIO"),
        (["force", "isf_gaza", "--option", "none"], "there are decline"),
    ],
)
def test_bad_input_names_the_way_out(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert says in capsys.readouterr().err
