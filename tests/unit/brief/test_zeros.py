"""A median of 0 beside a bound above it is explained in one sentence, with shares read off the runs."""

import re

import pytest

from contingent.brief.blocks import spans, texts, words
from contingent.brief.number import Number

pytestmark = pytest.mark.xdist_group("brief")


def section(brief, name):
    return next(section for section in brief.sections if section.id == name)


def said(brief, name):
    return " ".join(words(text) for block in section(brief, name).blocks for text in texts(block)).replace(
        "\u00a0", " "
    )


def test_a_median_need_of_nought_says_how_often_need_falls_rises_and_stays(brief, result):
    text = said(brief, "ground")
    shown = [n.trace for b in section(brief, "ground").blocks for n in spans(b) if isinstance(n, Number)]
    option = next(dict(trace.where)["option"] for trace in shown if trace.name == "mission.need_averted")
    name = next(n for n, each in result.scenario.criteria.items() if each.measure == "mission.need_averted")
    change = result.performance.sel(option=option, criterion=name).to_numpy()
    found = re.search(r"need falls in (\d+) % of runs, rises in (\d+) %, and does not change in (\d+) %", text)
    assert bool(found) == (float(sorted(change)[len(change) // 2]) == 0)
    if found:
        told = [int(share) / 100 for share in found.groups()]
        assert told == pytest.approx([(change > 0).mean(), (change < 0).mean(), (change == 0).mean()], abs=0.0051)


def test_every_criterion_whose_median_is_nought_is_told(brief, result):
    text = said(brief, "more-choice")
    sentence = re.search(r"Where a median is 0, .*?\.(?= |$)", text)
    for name, criterion in result.scenario.criteria.items():
        for option in result.options:
            values = result.performance.sel(option=option, criterion=name)
            if criterion.unit != "probability" and not float(values.median()) and float(values.quantile(0.95)) > 0:
                share = f"{result.scenario.options[option].label} {100 * float((values > 0).mean()):.0f} %"
                assert sentence
                assert criterion.label in sentence[0]
                assert share in sentence[0]
