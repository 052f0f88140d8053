"""What lies at an edge is told as it is: medians of 0, runs that are the same, the last week of any horizon."""

import re
from types import SimpleNamespace

import pytest

from contingent.brief.context import Context
from contingent.brief.document.blocks import spans, texts, words
from contingent.brief.number import Number
from contingent.brief.sections.ground import points
from contingent.brief.sections.weighing import steps
from contingent.study.insight import adaptive


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


def test_a_way_in_steps_is_told_with_what_it_is_worth_beside_its_parts(briefs, result):
    found = adaptive(result)
    assert found
    for name, way in result.scenario.adaptive.items():
        for language, made in briefs.items():
            text = " ".join(words(each) for each in steps(Context(result, made.catalogue))).replace("\u00a0", " ")
            for other in (way.start, way.then):
                mean, error = found[name].beside[other]
                assert f"{mean:+.3f}".replace("-", "\u2212") in text or round(mean, 3) == 0, language
                assert f"{error:.3f}" in text, language


@pytest.mark.parametrize(("weeks", "shown"), [(20, [8, 16, 20]), (16, [8, 16]), (5, [5])])
def test_the_last_point_is_the_last_week(result, weeks, shown):
    weekly = result.tables["weekly"].isel(week=slice(weeks))
    c = SimpleNamespace(result=SimpleNamespace(tables={"weekly": weekly}))
    found = points(c, "weapons_collected", result.options[-1])
    assert found.week.values.tolist() == shown
    assert (found[:, -1] == weekly["weapons_collected"].sel(option=result.options[-1]).sum("week")).all()
