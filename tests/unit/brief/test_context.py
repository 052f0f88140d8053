"""Intervals at their exact level, shares of runs, and how chances, medians and sources are said."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.brief.context import ANNEXES, BEHIND, happens
from contingent.brief.document.blocks import Foreign, See, words


def runs(values):
    return xr.DataArray(np.array(values, dtype=float), dims="run")


def plain(text):
    return words(text).replace("\u00a0", " ")


EVEN = np.arange(21) / 20  # its 5 % quantile is the second value, .05; its 95 % quantile the last but one, .95


def test_a_spread_is_the_median_and_the_middle_nine_tenths(tiny):
    found = tiny.context().spread("a.b", runs(20 * EVEN), option="mandate")
    assert [each.value for each in found] == pytest.approx([10, 1, 19])
    assert [each.trace.how for each in found] == ["median", "5 % quantile", "95 % quantile"]
    assert {each.trace.label for each in found} == {"a.b[option=mandate]"}


def test_a_spread_leaves_out_runs_that_have_no_number(tiny):
    found = tiny.context().spread("a.b", runs([*(20 * EVEN), np.nan, np.nan]))
    assert [each.value for each in found] == pytest.approx([10, 1, 19])


def test_a_probability_has_its_mean_and_the_middle_nine_tenths(tiny):
    squared = EVEN**2  # mean 2870 / 21 / 400 = .3417; quantiles .05**2 and .95**2
    found = tiny.context().shares("a.b", runs(squared))
    assert [each.value for each in found] == pytest.approx([2870 / 8400, 0.0025, 0.9025])
    assert [each.text for each in found] == ["34\u00a0%", "<1\u00a0%", "90\u00a0%"]
    assert [each.trace.how for each in found] == ["mean", "5 % quantile", "95 % quantile"]


def test_what_happens_or_does_not_has_the_interval_of_its_share(tiny):
    # 30 of 100: s = sqrt(.21 * 100 / 99) = .460566; z90 * s / 10 = 1.644854 * .0460566 = .075756
    found = tiny.context().shares("a.b", runs([1] * 30 + [0] * 70))
    assert [each.value for each in found] == pytest.approx([0.3, 0.224244, 0.375756], abs=1e-6)
    assert [each.trace.how for each in found][1:] == [
        "share of runs, less its Monte Carlo error", "share of runs, plus its Monte Carlo error"
    ]  # fmt: skip


@pytest.mark.parametrize(("some", "bounds"), [([1, 0, 0, 0], (0, 0.661213)), ([1, 1, 1, 0], (0.338787, 1))])
def test_the_interval_of_a_share_ends_at_nothing_and_at_all(tiny, some, bounds):
    # s = .5, so the error is 1.644854 * .5 / 2 = .411213
    _, low, high = tiny.context().shares("a.b", runs(some))
    assert (low.value, high.value) == pytest.approx(bounds, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "so"), [([0, 1], True), ([0, 0], False), ([1, 1], False), ([0, 0.5], False), ([0, 1, 0.5], False)]
)
def test_what_happens_in_some_runs(values, so):
    assert happens(runs(values)) == so


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.6, 0.7], "is likely (65 %; 90 % interval 60 % to 70 %)"),
        ([0.0, 0.0], "has almost no chance (<1 %; 90 % interval <1 % to <1 %)"),
        ([1.0, 1.0], "is almost certain (>99 %; 90 % interval >99 % to >99 %)"),
        ([0, 1] * 50, "has a roughly even chance (50 % of runs; with another seed 42 % to 58 %)"),
    ],
)
def test_a_chance_is_said_with_its_word_number_and_interval(tiny, values, said):
    assert plain(tiny.context().chance("a.b", runs(values))) == said


def test_a_count_is_said_with_its_interval(tiny):
    middle, said = tiny.context().ranged("a.b", runs(20 * EVEN))
    assert (middle.text, plain(said)) == ("10", "90 % interval 1 to 19")


def test_of_a_median_of_nought_the_share_of_runs_above_it_is_said(tiny):
    middle, said = tiny.context().ranged("a.b", runs([0, 0, 0, 8]))
    assert middle.text == "0"
    assert plain(said) == "90 % interval 0 to 6.8; more than 0 in 25 % of runs"  # .95 * 3 = 2.85: .85 of the way to 8
    assert plain(tiny.context().ranged("a.b", runs([0, 0, 0, 0]))[1]) == "90 % interval 0 to 0"


def test_above_counts_runs_with_more_than_nothing(tiny):
    found = tiny.context().above("a.b", runs([-1, 0, 0, 2, 3]))
    assert (found.value, found.trace.how) == (0.4, "share of runs above 0")


def test_somebody_is_sent_where_troops_of_the_contributor_are_there(tiny):
    troops = tiny.array([[0, 0, 0, 0], [0, 5, 0, 9], [1, 1, 1, 1]])
    c = tiny.context(tables={"deployment": xr.Dataset({"contributor_troops": troops})})
    assert c.sent("mandate").values.tolist() == [False, True, False, True]


def test_first_is_the_first_rank(tiny):
    ranks = tiny.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1], [0.1, 0.5, 0.4]], ("option", "rank"), rank=[1, 2, 3])
    found = tiny.context(appraisal={"ranks": ranks}).first("mandate")
    assert (found.text, found.trace.label) == ("70\u00a0%", "appraisal.ranks[option=mandate, rank=1]")


def test_passing_is_the_options_own_chance_by_run(tiny):
    c = tiny.context(tables={"consultation": xr.Dataset({"passes": tiny.array([[1, 1], [0.2, 0.4], [0.6, 0.8]])})})
    assert c.passes("support").values.tolist() == [0.6, 0.8]
    assert c.active == ("mandate", "support")


def test_annexes_are_numbered_in_their_order(tiny):
    c = tiny.context()
    assert c.see("passing") == See("more-passing", "A1")
    assert c.see("trust").section == "more-trust"
    assert c.see("evidence") == See("evidence", "A8")
    assert c.see("bibliography").words == "A12"
    assert ANNEXES[:7] == BEHIND
    assert plain(c.more(("So.",), "ground")) == "So. (A4)"


def test_sources_name_each_result_once_and_the_runs(tiny):
    c = tiny.context(runs=2000)
    assert plain(c.source("a.b", "a.b", "c.d")) == "Source: a.b, c.d; 2\u202f000 runs."
    assert plain(c.source("a.b", planned=True)) == "Source: a.b; the plan is the same in all runs."


def test_a_world_is_told_by_its_events(tiny):
    events = {"vote": SimpleNamespace(label="The Council votes"), "truce": SimpleNamespace(label="A truce holds")}
    c = tiny.context(scenario={"process": SimpleNamespace(events=events)})
    assert plain(c.world_words("vote no_truce")) == "the Council votes; it does not come about that a truce holds"
    assert plain(c.world_words("")) == "as the scenario describes it"


def test_words_of_the_scenario_are_marked_where_the_brief_is_in_another_language(tiny):
    assert tiny.context().option("mandate") == ("Go with a mandate",)
    assert tiny.context(language="ur").option("mandate") == (Foreign("Go with a mandate"),)
    assert tiny.context().weeks.text == "26"
