"""What moves the answer, what to watch, what happens on the ground, and what all of it rests on, reckoned by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal.sensitivity import Gain, Tipping
from contingent.brief import number
from contingent.brief.document import bare
from contingent.brief.document.blocks import Figure, Paragraph, texts, words
from contingent.brief.sections import annexes, drivers, force_generation, ground, trust, watch
from contingent.brief.sections import bottom_line as changed
from contingent.precedents.backtest import before_each
from contingent.precedents.cases import asked, shipped_cases
from contingent.quantities import Estimate
from contingent.scoring.tasks import kept


def plain(text):
    return words(text).replace("\u00a0", " ")


def cells(table):
    return [[plain(cell) for cell in row] for row in table.rows]


class Drawn:
    """What stands for the draws of one number: levels evenly over 0 to 1, in an order of its own."""

    def __init__(self, order):
        self.order = order

    def level(self, design):
        return (self.order + 0.5) / len(self.order)


RUNS = 100
UP, DOWN = np.arange(RUNS), np.arange(RUNS)[::-1]
NOISE = np.random.default_rng(3).permutation(RUNS)


@pytest.fixture
def moved(tiny, monkeypatch):
    """`a` raises the chance from .002 to .992 as it rises, `b` is it upside down, `n` noise, `mission.x` no cause."""
    numbers = {
        "process.a": Estimate(50, 5, 95), "process.b": Estimate(0.5, 0.05, 0.95), "process.n": Estimate(1, 0, 2),
        "mission.x": Estimate(1, 0, 2),
    }  # fmt: skip
    orders = {"process.a": UP, "process.b": DOWN, "process.n": NOISE, "mission.x": UP}
    monkeypatch.setattr(drivers, "streams", lambda scenario: {path: Drawn(order) for path, order in orders.items()})
    monkeypatch.setattr(drivers, "phrased", lambda scenario, path: path)
    passes = tiny.array([np.ones(RUNS), (UP + 0.2) / RUNS, np.ones(RUNS)])
    c = tiny.context(
        tables={"consultation": xr.Dataset({"passes": passes})},
        scenario={"estimates": lambda: tuple(numbers.items())}, design=None,
    )  # fmt: skip
    monkeypatch.setattr(type(c), "signal", lambda self, path: (path,))
    return c


def test_drivers_are_what_moves_the_chance_beyond_noise_the_strongest_first(moved):
    found = drivers.strongest(moved)
    assert [each.path for each in found] == ["process.a", "process.b"], "equals stand by name; noise and others do not"
    # the lowest tenth are runs 0 to 9, mean .047; the highest runs 90 to 99, mean .947
    assert found[0].chances == pytest.approx((0.047, 0.947))
    assert found[1].chances == pytest.approx((0.947, 0.047))
    assert [int(side.sum()) for side in found[0].tails] == [10, 10]


def test_a_tornado_goes_from_the_mean_to_both_tenths(moved):
    made = drivers.tornado(moved)
    rows = [(row["row"], row["side"], row["to"]) for row in made.plot.rows]
    low, high = "in its lowest tenth", "in its highest tenth"
    assert [row[:2] for row in rows] == [
        ("process.a", low), ("process.a", high), ("process.b", low), ("process.b", high)
    ]  # fmt: skip
    assert [row[2] for row in rows] == pytest.approx([0.047, 0.947, 0.947, 0.047])
    assert [row["from"] for row in made.plot.rows] == pytest.approx([0.497] * 4)
    assert "What matters most: process.a." in plain(made.reading)
    assert [row[1:] for row in cells(made.table)] == [["5 %", "95 %", "unsourced"], ["95 %", "5 %", "unsourced"]]


def test_without_a_driver_it_says_so(moved, monkeypatch):
    monkeypatch.setattr(drivers, "strongest", lambda c: [])
    assert isinstance(drivers.tornado(moved), Paragraph)


def test_what_a_driver_rests_on(tiny):
    c = tiny.context()
    said = [
        plain(drivers.grounded(c, "process.x", Estimate(1, 1, 1, claims, words), short=short))
        for claims, words in ((("C1", "C2"), ""), (("C1",), "guess"), ((), "guess"))
        for short in (True, False)
    ]
    assert said == [
        "inferred from [C1] [C2]", "Inferred from the words of [C1] [C2] (number not there).",
        "judgement beside [C1]", "The author's judgement (number not in [C1]): guess",
        "judgement", "The author's judgement: guess",
    ]  # fmt: skip


def test_a_signal_tells_the_chance_where_its_number_is_at_its_end(moved, monkeypatch):
    monkeypatch.setattr(watch, "streams", drivers.streams)
    sign = lambda path, to, by=None: SimpleNamespace(says=f"{path} {to}.", source="press", by=by, moves=path, to=to)  # noqa: E731
    moved.result.scenario.signals = (
        sign("process.a", "up", date(2025, 11, 5)), sign("process.a", "down"), sign("process.n", "up"),
        sign("gone", "up"),
    )  # fmt: skip
    assert [plain(each) for each in watch.events_to_watch(moved)] == [
        "process.a up. Watch: press, by 5 November 2025. The chance would rise from 50 % to about 95 %.",
        "process.a down. Watch: press. The chance would fall from 50 % to about 5 %.",
        "process.n up. Watch: press. No clear effect on the chance.",
    ]


def stakeholder(label, position, salience, capability, kind="domestic"):
    stake = SimpleNamespace(position=Estimate(*position), salience=Estimate(salience, salience, salience))
    return SimpleNamespace(
        label=label, stakes={"join": stake}, capability=Estimate(capability, capability, capability), kind=kind
    )


@pytest.fixture
def positions(tiny):
    people = {
        "army": stakeholder("Army", (30, 20, 40), 50, 90),  # weighs 45
        "house": stakeholder("House", (80, 70, 90), 90, 40),  # weighs 36
        "ally": stakeholder("Ally", (95, 90, 99), 100, 10, "outside"),  # weighs 10
        "street": SimpleNamespace(label="Street", stakes={}, capability=None, kind="domestic"),
    }
    issue = SimpleNamespace(label="Joining", anchors={0: "stay out", 100: "join"})
    return tiny.context(scenario={"stakeholders": people, "issues": {"join": issue}})


def test_who_weighs_most_and_who_stand_furthest_apart(positions):
    (said,) = drivers.who_counts(positions)
    assert plain(said) == "Who counts most: Army, leaning to “stay out”. Furthest apart: Army; Ally."


def test_a_ladder_has_the_stakeholders_from_most_to_least_in_favour(positions):
    made = drivers.ladder(positions, "join")
    assert [(row["row"], row["value"], row["low"], row["high"], row["weight"]) for row in made.plot.rows] == [
        ("Ally", 95, 90, 99, 10), ("House", 80, 70, 90, 36), ("Army", 30, 20, 40, 45)
    ]  # fmt: skip
    assert [row["kind"] for row in made.plot.rows] == ["abroad", "at home", "at home"]
    assert made.plot.words["sizes"] == [11, 22, 45]
    assert plain(made.reading).startswith("Of most weight: Army.")
    assert cells(made.table)[0] == ["Ally", "95", "90 to 99", "10"]


@pytest.fixture
def insight(tiny, monkeypatch):
    point = lambda name, at, share, above, set_to: Tipping(name, at, above, "support", share, set_to)  # noqa: E731
    weights = tiny.array([[0.2, 0.8], [0.4, 0.6]], ("weight", "criterion"), criterion=["deaths", "need"])
    anchor = lambda value: SimpleNamespace(best=value)  # noqa: E731
    counted = {
        "need": SimpleNamespace(label="Need", measure="mission.need_averted", unit="person-weeks", better="higher",
                                worst=anchor(-5), best=anchor(25)),
        "deaths": SimpleNamespace(label="Deaths", measure="mission.own_deaths", unit="deaths", better="lower",
                                  worst=anchor(30), best=anchor(0)),
    }  # fmt: skip
    c = tiny.context(appraisal={"weights": weights}, scenario={"criteria": counted})
    monkeypatch.setattr(type(c), "signal", lambda self, path: (path,))
    monkeypatch.setattr(watch, "record", lambda c, group: group)
    c.__dict__["insight"] = SimpleNamespace(
        tipping=(point("b", 7, 0.4, False, 2), point("a", 3, 0.1, True, None)),
        information={"army": Gain(0.02, 0.004), "house": Gain(0.0001, 0.00001), "street": Gain(0.00009, 0.00001)},
        facts=Gain(0.0456, 0.001), weights=Gain(0.003, 0.002), both=Gain(0.06, 0.001),
    )  # fmt: skip
    return c


def test_tipping_points_say_on_which_side_and_how_they_were_seen(insight):
    table = watch.tipping(insight)
    assert cells(table) == [
        ["b", "below 7", "Send support", "40 %", "with it at 2, new runs bear it out"],
        ["a", "above 3", "Send support", "10 %", "runs kept apart from the search bear it out"],
    ]
    insight.insight.tipping = ()
    assert isinstance(watch.tipping(insight), Paragraph)


def test_only_what_is_worth_asking_is_named(insight):
    made = watch.calls(insight)
    assert cells(made.table) == [["army", "0.0200", "0.0040"], ["house", "0.0001", "0.0000"]], "least: a ten-thousandth"
    assert "know all about “army” would be worth 0.0200 (standard error 0.0040)" in plain(made.reading)
    assert "every fact would be worth 0.0456 on the scale from 0 to 1; to settle" in plain(made.reading)
    assert "how much each criterion counts, no more than chance may give; both, 0.0600." in plain(made.reading)
    insight.insight.information = {"army": Gain(0.02, 0.004)}
    assert not isinstance(watch.calls(insight), Figure), "one is said in a sentence"
    insight.insight.information = {"street": Gain(0.00009, 0.00001)}
    insight.insight.weights = Gain(0.005, 0.002)
    said = plain(watch.calls(insight))
    assert said.startswith("No single record is worth asking about before deciding, as far as 4 runs can tell it")
    assert "to settle how much each criterion counts, 0.005" in said


def weekly(tiny, **series):
    found = xr.Dataset({
        name: tiny.array(values, ("option", "run", "week"), week=list(range(1, np.shape(values)[-1] + 1)))
        for name, values in series.items()
    })  # fmt: skip
    left = tiny.array(np.zeros((3, 4, 1)), ("option", "run", "contributor"), contributor=["AAA"])
    return {"weekly": found, "contributors": xr.Dataset({"withdrew": left})}


def theatre(start=None):
    """A theatre whose cease-fire began on a day, or is hoped for."""
    return {"theatre": SimpleNamespace(ceasefire=SimpleNamespace(start=start)), "as_of": date(2025, 10, 28)}


def test_a_ceasefire_has_fallen_if_it_is_down_in_any_week(tiny):
    held = np.ones((3, 4, 3))
    held[1, 0, 1] = 0  # down in the middle, up again at the end
    c = tiny.context(tables=weekly(tiny, ceasefire=held), scenario=theatre(date(2025, 10, 10)))
    (told,) = ground._states(c, ground._truce(c))
    assert plain(told) == (
        "A ceasefire is in force. That it falls within six months: unlikely (25 %). "
        "That one is in force at the end of that time: >99 %."
    )


def test_a_ceasefire_that_is_hoped_for_comes_falls_or_stays_away(tiny):
    states = np.zeros((3, 4, 3))
    states[1] = [[0, 1, 1], [1, 1, 1], [1, 0, 0], [0, 0, 0]]
    killed = np.zeros((3, 4, 3))
    killed[1] = [[1, 0, 0], [3, 0, 0], [50, 0, 0], [900, 0, 0]]
    c = tiny.context(tables=weekly(tiny, ceasefire=states, civilian_deaths=killed), scenario=theatre())
    found = ground._truce(c)
    (told,) = ground._states(c, found)
    assert plain(told) == (
        "No ceasefire is in force. That one comes within six months: likely (75 %). "
        "That one is in force at the end of that time: 50 %."
    )
    _, lines = ground._harmed(c, found)
    assert [plain(line) for line in lines.items] == [
        "If one comes and holds (50 % of runs): civilians in security incidents 2 (90 % interval 1.1 to 2.9).",
        "If it falls at some time (25 % of runs): civilians in security incidents 50 (90 % interval 50 to 50).",
        "If none comes (25 % of runs): civilians in security incidents 900 (90 % interval 900 to 900).",
    ]


def test_without_a_ceasefire_nothing_is_said_of_one(tiny):
    c = tiny.context(tables=weekly(tiny, events=np.ones((3, 4, 3))))
    assert ground._states(c, {}) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([9, 2, 2, -1], "Basic needs: met about as well with us as without."),  # of those where people go, one each way
        ([-9, -9, 2, 1], "Basic needs: better met with us in >99 % of futures."),
        ([9, 9, -2, -1], "Basic needs: worse met with us in >99 % of futures."),
    ],
)
def test_needs_are_compared_where_people_go(tiny, monkeypatch, change, said):
    values = tiny.array([[0] * 4, change, [0] * 4])
    monkeypatch.setattr(ground.measures, "result", lambda name, evidence: values)
    tables = {"deployment": xr.Dataset({"contributor_troops": tiny.array([[0] * 4, [0, 0, 5, 5], [0] * 4])}),
              "sectors": {"unmet_need_weeks": None}}  # fmt: skip
    assert [plain(each) for each in ground._averted(tiny.context(tables=tables, evidence=None))] == [said]
    assert ground._averted(tiny.context(tables={**tables, "sectors": {}})) == []


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ([900, 900, 20, 20], "about 20 if our people go, 10 if not; mostly more."),
        ([900, 900, 1, 1], "about 1 if our people go, 10 if not; mostly fewer."),
        ([900, 900, 9, 11], "about 10, whether our people go or not."),
    ],
)
def test_people_killed_are_compared_where_people_go(tiny, ours, said):
    killed = np.zeros((3, 4, 2))
    killed[1, :, 0], killed[0, :, 0] = ours, 10
    troops = xr.Dataset({"contributor_troops": tiny.array([[0] * 4, [0, 0, 5, 5], [0] * 4])})
    c = tiny.context(tables={**weekly(tiny, civilian_deaths=killed), "deployment": troops})
    assert [plain(each) for each in ground._killed(c)] == [f"Killed, civilians in incidents: {said}"]


def test_people_harmed_are_summed_over_the_weeks_of_a_run(tiny):
    civil = np.zeros((3, 4, 2))
    civil[1] = [[1, 2], [10, 20], [10, 20], [100, 210]]  # 3, 30, 30, 310
    none = np.zeros((3, 4, 2))
    c = tiny.context(tables=weekly(tiny, civilian_deaths=civil, own_deaths=none))
    (block,) = ground._harmed(c, {})
    said = plain(block.text)
    assert "civilians in security incidents 30 (90 % interval 7.1 to 268)" in said  # 3 + .15 * 27; 30 + .85 * 280
    assert "members of the whole force 0 (90 % interval 0 to 0)" in said
    assert "outside" not in said


def test_counts_are_summed_and_goods_are_by_day(tiny):
    ones = np.ones((3, 1, 10))
    c = tiny.context(
        tables=weekly(tiny, weapons_collected=ones, own_deaths=ones, trucks_delivered=7 * ones, events=ones)
    )
    assert ground.points(c, "own_deaths", "mandate").values.tolist() == [[8, 10]]
    assert ground.points(c, "trucks_delivered", "mandate").values.tolist() == [[1, 1]]
    assert ground.points(c, "events", "mandate").week.values.tolist() == [8, 10]
    assert ground.points(c, "events", "mandate").values.tolist() == [[1, 1]]


def test_most_need_remains_where_its_median_is_highest(tiny):
    places = {
        "north": SimpleNamespace(label="North", need=Estimate(0.9, 0.8, 1)),
        "south": SimpleNamespace(label="South", need=Estimate(0.4, 0.3, 0.5)),
    }
    need = np.zeros((3, 4, 2))
    need[1] = [[0.2, 0.5], [0.2, 0.5], [0.2, 0.7], [0.2, 0.9]]
    table = xr.Dataset({"need": tiny.array(need, ("option", "run", "sector"), sector=["north", "south"])})
    made = ground.sectors(
        tiny.context(tables={"sectors": table}, scenario={"theatre": SimpleNamespace(sectors=places)})
    )
    assert "Most remains in South: 60 % of basic needs unmet at the end, 40 % at the start." in plain(made.reading)
    assert cells(made.table) == [["North", "90 %", "20 %", "20 % to 20 %"], ["South", "40 %", "60 %", "50 % to 87 %"]]
    row = made.plot.rows[1]
    assert (row["start"], row["low"], row["value"], row["high"]) == pytest.approx((0.4, 0.5, 0.6, 0.87))


LABELS = {
    "phases": {"early": SimpleNamespace(label="Early"), "late": SimpleNamespace(label="Late")},
    "tasks": {"guard": SimpleNamespace(label="Guarding"), "clear": SimpleNamespace(label="Clearing")},
}


@pytest.fixture
def planned(tiny):
    """Wanted and short in persons, (phase, sector, task); three pledges of two contributors."""
    coords = {"phase": ["early", "late"], "sector": ["north"], "task": ["guard", "clear"]}
    dims = ("phase", "sector", "task")
    required = xr.DataArray([[[100.0, 0.0]], [[200.0, 50.0]]], dims=dims, coords=coords)
    short = xr.DataArray([[[25.0, 0.0]], [[20.0, 0.5]]], dims=dims, coords=coords)
    assigned = xr.DataArray(
        np.array([[[[70.0, 0]], [[90.0, 10]]], [[[5.0, 0]], [[90.0, np.nan]]], [[[0.0, 0]], [[0.0, 0]]]]),
        dims=("pledge", *dims), coords={"pledge": ["p1", "p2", "p3"], **coords},
    )  # fmt: skip
    pledges = [
        SimpleNamespace(id=name, contributor=who, strength=Estimate(size, size, size), caveats=(), status="")
        for name, who, size in (("p1", "IT", 120), ("p2", "IT", 100), ("p3", "FR", 60))
    ]
    countries = {
        code: SimpleNamespace(label=label) for code, label in (("FR", "France"), ("IT", "Italy"), ("ES", "Spain"))
    }
    theatre = SimpleNamespace(sectors={"north": SimpleNamespace(label="North")})
    scenario = {
        "mandate": SimpleNamespace(**LABELS, command="coalition", likes=("coalition",)),
        "theatre": theatre,
        "contributors": countries,
        "pledges": pledges,
        "composition": {},
        "caveats": {},
        "answering": lambda code: code,  # no services: everyone answers for itself
        "state_of": lambda code: code,
    }
    c = tiny.context(scenario=scenario)
    c.result.scenarios = {"mandate": c.result.scenario}
    return c, xr.Dataset({"required": required, "shortfall": short, "assigned": assigned})


def test_what_is_filled_is_one_less_short_over_wanted(planned):
    c, plan = planned
    made = force_generation.filled(c, plan)
    assert cells(made.table) == [["Guarding", "75 %", "90 %"], ["Clearing", "not wanted", "99 %"]]
    assert plain(made.reading) == (
        "If every pledge is kept, the task covered least is Guarding in phase “Early”: 75 %."
    )
    assert [row["value"] for row in made.plot.rows] == pytest.approx([0.75, 0.9, 0.99])


def test_what_is_offered_beside_what_the_largest_phase_uses(planned):
    c, plan = planned
    made = force_generation.offered(c, plan)
    rows = [(row["row"], row["most"], row["value"]) for row in made.plot.rows]
    assert rows == [("Italy", 220, 190), ("France", 60, 0)]  # 100 + 90 in the later phase
    assert "in the offer of France: 0 of 60 persons" in plain(made.reading)


def test_shortfalls_of_one_person_or_more_the_largest_first(planned):
    c, plan = planned
    assert cells(force_generation.shortfalls(c, plan)) == [
        ["Early, North", "Guarding", "25", "100"], ["Late, North", "Guarding", "20", "200"]
    ]  # fmt: skip


def test_what_comes_hangs_on_the_event_that_matters_most(tiny):
    events = {"vote": SimpleNamespace(label="The Council votes"), "fund": SimpleNamespace(label="A fund pays")}
    worlds = xr.DataArray(["vote fund", "no_vote no_fund", "no_vote fund", "no_vote no_fund"], dims="run")
    coverage = tiny.array([[0] * 4, [0.9, 0.2, 0.3, 0.7], [0] * 4])
    c = tiny.context(
        tables={"worlds": xr.Dataset({"world": worlds}), "deployment": xr.Dataset({"coverage": coverage})},
        scenario={"process": SimpleNamespace(events=events), "changing": ("vote", "fund")},
    )
    said = plain(force_generation._by_world(c))
    assert said == "It hangs on whether the Council votes: then about 90 %, otherwise 40 %."
    c.result.tables["worlds"] = xr.Dataset({"world": xr.DataArray(["vote fund"] * 4, dims="run")})
    assert force_generation._by_world(c) == ()


def test_the_record_by_class(tiny):
    passes = xr.Dataset({"passes": tiny.array([[1] * 4, [0.2, 0.3, 0.3, 0.4], [1] * 4])})
    rate = SimpleNamespace(label="Asked by the UN", n=40, shrunk=0.35, low=0.2, high=0.5)
    record = SimpleNamespace(classes=(rate,), probability=0.42, n=120)
    made = trust.classes(tiny.context(tables={"consultation": passes}), record)
    assert cells(made.table) == [["Asked by the UN", "40", "35 %", "20 % to 50 %"]]
    assert "alone says 42 % for “Go with a mandate”, the forecast above 30 %" in plain(made.reading)
    assert made.plot.rows[0] == {"row": "Asked by the UN (n=40)", "value": 0.35, "low": 0.2, "high": 0.5}


def test_the_track_record_in_five_groups_by_what_was_said(monkeypatch):
    said = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
    columns = {"month": ["1999-12"] * 10 + ["2000-01"], "said": [*said, 1.0], "base": [0.5] * 11,
               "came": [0] * 6 + [1] * 5}  # fmt: skip
    monkeypatch.setattr(trust, "kept", lambda: [{"task": "precedents"}, {"task": "precedents", "forecasts": columns}])
    assert trust.track_record(date(2000, 2, 1)).cases == 11
    assert trust.track_record(date(1999, 12, 31)).groups == ()  # of that month, none was known
    found = trust.track_record(date(2000, 1, 1))
    assert (found.base_brier, found.cases, len(found.groups)) == (0.25, 10, 5)
    # squares: .81 .64 .49 .36 .25 .16 .49 .64 .81 .9025 = 5.5525
    assert found.brier == pytest.approx(0.55525)
    assert [group.said for group in found.groups] == pytest.approx([0.075, 0.25, 0.45, 0.65, 0.85])
    assert [group.happened for group in found.groups] == [1, 1, 0, 0, 0]
    from scipy.stats import beta  # Jeffreys at 2 of 2: quantiles of Beta(2.5, .5)

    assert (found.groups[0].low, found.groups[0].high) == pytest.approx(beta.ppf([0.05, 0.95], 2.5, 0.5))
    assert found.groups[4].high == pytest.approx(1 - found.groups[0].low)


def test_the_brief_tells_the_record_that_ships_and_that_is_of_the_shipped_decisions():
    record = next(one for one in kept() if one["task"] == "precedents" and one["fit"] == "folds")
    found, said = trust.track_record(date(9000, 1, 1)), record["forecasts"]
    scores = record["scores"]["brier_as_of"]["value"], record["baselines"]["base_rate"]["brier_as_of"]["value"]
    assert (found.brier, found.base_brier) == pytest.approx(scores, abs=1e-4)
    assert sum(group.cases for group in found.groups) == found.cases == len(said["said"])
    cases = asked(shipped_cases())
    told = np.concatenate([rows for rows, _ in before_each(cases, cases)])
    assert sorted((cases[row].month[:7], int(cases[row].joined)) for row in told) == sorted(
        zip(said["month"], said["came"], strict=True)
    )


def test_the_monte_carlo_error_is_in_points(tiny):
    # .2 .3 .3 .4: s = sqrt(.02 / 3) = .08165, over 2: .0408, 4.1 points
    passes = xr.Dataset({"passes": tiny.array([[1] * 4, [0.2, 0.3, 0.3, 0.4], [1] * 4])})
    assert trust._error(tiny.context(tables={"consultation": passes})).text == "4.1"


def earlier(tiny, passes):
    return SimpleNamespace(
        options=tiny.options[:2], question=SimpleNamespace(id="aaaaaaaaaaaa"), scenario=None,
        tables={"consultation": xr.Dataset({"passes": tiny.array([*passes, [0] * 4])})},
    )  # fmt: skip


def test_what_changed_is_now_less_then(tiny, monkeypatch):
    passes = xr.Dataset({"passes": tiny.array([[1] * 4, [0.2, 0.3, 0.3, 0.4], [1] * 4])})
    c = tiny.context(tables={"consultation": passes})
    changes = [SimpleNamespace(path=f"process.x{k}", before=k, after=k + 1) for k in range(7)]
    monkeypatch.setattr(changed, "changes", lambda before, after: changes)
    monkeypatch.setattr(changed, "phrased", lambda scenario, path: path)
    monkeypatch.setattr(changed, "shown", str)
    monkeypatch.setattr(changed, "grouped", lambda moving: [moving])
    monkeypatch.setattr(changed, "same_ensemble", lambda before, after: False)
    box = changed.since(c, earlier(tiny, [[1] * 4, [0.5] * 4]))
    lines = [plain(text) for block in box.blocks for text in texts(block)]
    assert lines[0] == "Beside run aaaaaaaaaaaa:"
    assert lines[1] == "Go with a mandate: 50 % then, 30 % now (−20 points)."
    assert 0 < changed.LISTED < 7
    assert len([line for line in lines if "→" in line]) == changed.LISTED
    assert lines[3] == "process.x0: 0 → 1"
    assert f"and {7 - changed.LISTED} more; “contingent compare” lists all." in lines
    assert any("differ in seed or size" in line for line in lines)
    monkeypatch.setattr(changed, "same_ensemble", lambda before, after: True)
    monkeypatch.setattr(changed, "changes", lambda before, after: [])
    lines = [
        plain(text) for block in changed.since(c, earlier(tiny, [[1] * 4, [0.5] * 4])).blocks for text in texts(block)
    ]
    assert not any("differ in seed or size" in line for line in lines)
    assert any("No assumption changed" in line for line in lines)


def test_what_a_brief_carries_of_a_change_is_told_in_points(tiny, monkeypatch):
    parts = [
        SimpleNamespace(group="process.deadline", carried={"mandate": -0.12}),
        SimpleNamespace(group="x.army", carried={"mandate": 0.034}),
    ]
    asked = []
    monkeypatch.setattr(changed, "attribute", lambda before, after, runs: asked.append(runs) or parts)
    monkeypatch.setattr(changed, "_group", lambda c, group: group)
    said = plain(changed._carried(tiny.context(runs=2000), SimpleNamespace(question=None)))
    assert said.endswith("in points: process.deadline −12, x.army +3.")
    assert asked == [500]


def numbers():
    return (
        ("mandate.one", Estimate(1, 0, 2, claims=("C1",))), ("options.one", Estimate(3, 3, 3)),
        ("process.one", Estimate(1, 0, 2, assumption="A guess.")), ("mandate.two", Estimate(5, 4, 6, claims=("C1",))),
        ("theatre.one", Estimate(1, 0, 2)),
    )  # fmt: skip


@pytest.fixture
def sources(tiny, monkeypatch):
    for module in (annexes, drivers):
        monkeypatch.setattr(module, "unsaid", lambda scenario: {})
    monkeypatch.setattr(
        annexes, "described", lambda scenario, path: f"{path.partition('.')[0].upper()}: {path.rpartition('.')[2]}"
    )
    return tiny.context(
        scenario={"estimates": numbers},
        influence={"mandate.one": 0.03, "mandate.two": 0.04, "theatre.one": 0.2, "options.one": 0.0099},
    )


def test_numbers_are_listed_unsourced_first_then_by_what_moves_with_them(sources):
    entries = annexes.assumptions(sources).blocks[1].items
    assert [plain(entry.title) for entry in entries] == ["Theatre", "Options", "Mandate", "Process"]
    assert [entry.flag for entry in entries] == ["unsourced", "unsourced", "", ""]
    assert [entry.anchor for entry in entries] == ["p3", "p1", "p0", "p2"]
    said = [[plain(line) for line in entry.lines] for entry in entries]
    assert said[0][1] == "Share of the answer's spread: 20 %."
    assert not any("spread" in line for line in said[1]), "less than a hundredth is not told"
    assert said[1] == ["Unsourced: neither a claim nor a stated reason.", "OPTIONS: one 3"]
    assert said[3][0] == "The author's judgement: A guess."
    inferred = "Inferred from the words of [C1] (number not there)."
    assert said[2] == [
        inferred,
        "Share of the answer's spread: 7 %.",
        "MANDATE: one 1 (0 to 2)",
        "MANDATE: two 5 (4 to 6)",
    ]


def test_every_number_of_one_result_shares_an_entry(sources, monkeypatch):
    monkeypatch.setattr(annexes, "rests_on", lambda result, name, option: [(p, e) for p, e in numbers()[:4]])
    monkeypatch.setattr(annexes, "formula_of", lambda name: f"how {name}")
    monkeypatch.setattr(annexes, "phrased", lambda scenario, path: path)
    made = [
        number.percent(0.1, number.result("r.x", "mean", option="a")), number.count(5, number.parameter("options.one")),
        number.percent(0.2, number.result("r.x", "median")), number.exact(4, number.on_card("runs")),
        number.percent(0.2, number.result("r.y")),
    ]  # fmt: skip
    found = annexes.references(sources, made)
    assert [each.anchor for each in found] == ["n1", "p1", "card-runs", "n4"]
    assert found[0].formula == "how r.x"
    assert [plain(line) for line in found[0].rests] == [
        "Moves with mandate.one, 1 (0 to 2). Inferred from the words of [C1] (number not there). (A9)",
        "Moves with options.one, 3. Unsourced: neither a claim nor a stated reason. (A9)",
    ]
    assert bare(made[0].trace) == number.result("r.x")
    assert [entry.anchor for entry in annexes.numbers(sources, found[:0]).blocks[0].items] == []


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["Army: weight", "Army: notice"], "Army"), (["Army, Corps: weight", "Army, Wing: weight"], "Army"),
        (["Army: weight", "Navy: weight"], "Army"),
    ],
)  # fmt: skip
def test_what_names_begin_with_is_said_once(names, title):
    assert annexes.common(names) == title
