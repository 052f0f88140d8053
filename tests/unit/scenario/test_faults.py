"""Everything that can be wrong with how the parts of a scenario fit together, one fault at a time."""

from datetime import date

import pytest

from contingent.evidence.claim import Claim
from contingent.quantities import Estimate, Unit, states
from contingent.scenario.check import faults
from contingent.scenario.check_process import notes
from contingent.scenario.model import ground, sourcing
from contingent.scenario.paths import changed
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


def test_the_shipped_cases_have_no_fault(gaza):
    assert [*faults(gaza), *faults(read("unifil_2006"))] == []


FAULTS = [
    ("process.decider", ["nobody"], "process.decider", "there is no stakeholder `nobody`"),
    ("process.status_quo", {}, "process.status_quo", "says nothing of any issue"),
    ("process.status_quo", {"participation": 101}, "process.status_quo.participation", "101 is outside 0 to 100"),
    ("process.status_quo", {"participation": -1}, "process.status_quo.participation", "-1 is outside 0 to 100"),
    ("process.status_quo", {"partcipation": 1}, "process.status_quo", "there is no issue `partcipation`"),
    ("baseline", "declin", "baseline", "there is no option `declin`"),
    ("contributor", "XXX", "contributor", "`XXX` is not an ISO 3166 alpha-3 country code"),
    ("horizon", 78, "mandate.phases.handover.start", "begins in week 78, the scenario ends in week 78"),
    ("mandate.phases.main.start", 20, "mandate.phases.main.start", "while phase `entry` lasts until week 26"),
    ("mandate.phases.main.end", 70, "mandate.phases.handover.start", "phase `main` ends in week 70: nobody is planned"),
    ("mandate.phases.entry.end", 0, "mandate.phases.entry", "runs from week 0 to week 0"),
    ("mandate.phases.entry.start", -1, "mandate.phases.entry", "runs from week -1 to week 26"),
    ("theatre.sectors.gaza.neighbours", ["gazza"], "theatre.sectors.gaza.neighbours", "there is no sector `gazza`"),
    ("requirements", "double", "requirements.{id}.id", "2 requirements are called `{id}`"),
    ("pledges", "double", "pledges.{id}.id", "2 pledges are called `{id}`"),
    ("pledges.pak_infantry.tour", 0, "pledges.pak_infantry.tour", "a tour lasts longer than 0 months"),
    ("pledges.pak_infantry.unit", "tanks", "pledges.pak_infantry.unit", "there is no unit type `tanks`"),
    ("pledges.pak_infantry.caveats", ["x"], "pledges.pak_infantry.caveats", "there is no caveat `x`"),
    ("pledges.pak_infantry.sectors", ["x"], "pledges.pak_infantry.sectors", "there is no sector `x`"),
    ("pledges.pak_infantry.self_sustains", ["x"], "pledges.pak_infantry.self_sustains", "no kind of support `x`"),
    ("pledges.pak_infantry.rates", ["x"], "pledges.pak_infantry.rates", "there is no rate `x`"),
    ("pledges.pak_infantry.borne_by", {"USA": 0.7, "in_kind": 0.4}, "pledges.pak_infantry.borne_by", "110% of its"),
    ("reimbursement.rates", {"wet_lease": {"rate": 300, "since": "2026-01-01", "assumption": "x"}},
     "reimbursement.rates.wet_lease.since", "after the scenario's date"),
    ("pledges.pak_infantry.contributor", "CHN", "pledges.pak_infantry.contributor", "there is no contributor `CHN`"),
    ("pledges.pak_infantry.notice", 728, "pledges.pak_infantry.notice", "is ready after 104 weeks at the earliest"),
    ("caveats.no_disarmament.excludes_tasks", ["x"], "caveats.no_disarmament.excludes_tasks", "there is no task `x`"),
    ("caveats.no_disarmament.excludes_units", ["x"], "caveats.no_disarmament.excludes_units", "no unit type `x`"),
    ("caveats.no_disarmament.requires", {"mandate.leg": 1}, "caveats.no_disarmament.requires", "`mandate.leg` leads"),
    ("reimbursement.budget", {"entri": 1}, "reimbursement.budget", "there is no phase `entri`"),
    ("lift", {"entri": 1}, "lift.entri", "there is no phase `entri`"),
    ("lift", {"entry": -1}, "lift.entry", "-1 is negative"),
    ("mandate.authorized_strength", 100, "mandate.authorized_strength", "may be authorized at most"),
    ("criteria.cost.best", 5000, "criteria.cost", "worst and best are the same performance"),
    ("options.decline.terms", {"size": 1}, "options.decline.terms", "there is no issue `size`"),
    ("options.decline.judgements", {"size": 1}, "options.decline.judgements", "there is no criterion `size`"),
    ("options.decline.overrides", {"a.b": 1}, "options.decline.a.b", "leads nowhere: there is no `a`"),
    ("options.decline.overrides", {"mandate.duration": "x"}, "options.decline.mandate.duration", "`x` is not a number"),
    ("as_of", date(2024, 1, 1), "claims.{claim}.date", "is after the scenario's date 2024-01-01"),
    ("mandate.claims", ["C999"], "mandate.claims", "there is no claim `C999`"),
    ("mandate.duration", {"best": 24, "claims": ["C999"]}, "mandate.duration", "there is no claim `C999`"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "what"), FAULTS, ids=[f"{f[0]}-{i}" for i, f in enumerate(FAULTS)])
def test_each_fault_is_found_at_its_place(gaza, path, value, where, what):
    if path == "criteria.cost.best":
        value = gaza.criteria["cost"].worst.best
    names = {"id": "", "claim": next(n for n, c in gaza.claims.items() if c.date and c.date.year > 2024)}
    if value == "double":
        items = getattr(gaza, path)
        names["id"], broken = items[0].id, gaza.model_copy(update={path: (*items, items[0])})
    else:
        broken = changed(gaza, {path: value})
    found = {(at, told) for at, told, _ in faults(broken)}
    where, what = where.format(**names), what.format(**names)
    assert [told for at, told in found if at == where and what in told], sorted(found)[:5]


def gate(scenario, **fields):
    name = next(iter(scenario.process.gates))
    old = scenario.process.gates[name]
    gates = {name: type(old).model_validate({**dict(old), **fields})}
    process = scenario.process.model_copy(update={"gates": gates})
    return name, scenario.model_copy(update={"process": process})


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"kind": "vote", "quota": None}, "is a vote without a quota"),
        ({"kind": "event", "event": None}, "waits for an event but names none"),
        ({"kind": "veto", "members": {}}, "has no members"),
        ({"kind": "bargain", "members": {}}, "has no members"),
        ({"members": {"nobody": {"seats": 1}}}, "there is no stakeholder `nobody`"),
        ({"kind": "event", "event": "thunder"}, "there is no event `thunder`"),
        ({"applies_if": {"mandate.legal": 1}}, "`mandate.legal` leads nowhere"),
    ],
)
def test_a_gate_has_what_its_kind_needs(gaza, fields, what):
    name, broken = gate(gaza, **fields)
    assert any(what in told and at.startswith(f"process.gates.{name}") for at, told, _ in faults(broken))


def test_an_advisory_gate_may_be_empty_and_a_phase_may_end_with_the_scenario(gaza):
    _, fine = gate(gaza, kind="advisory", members={})
    assert not [at for at, *_ in faults(fine) if at.startswith("process")]
    assert not [at for at, *_ in faults(changed(gaza, {"horizon": 104})) if at.startswith("mandate")]


def test_a_phase_that_is_only_cut_is_noted_and_not_refused(gaza):
    assert [at for at, *_ in notes(gaza)] == ["claims"]  # claims of the article that no number rests on
    cut = changed(gaza, {"horizon": 100})
    assert not [at for at, *_ in faults(cut) if at.startswith("mandate")]
    assert [(at, what) for at, what, _ in notes(cut) if at != "claims"] == [
        ("mandate.phases.handover.end", "ends in week 104 of the force; the scenario is cut in week 100 (`horizon`)")
    ]
    _, short = notes(changed(gaza, {"mandate.duration": "12 months"}))
    assert short[1] == "ends in week 104; the mandate lasts 52 weeks (`mandate.duration`)"


def test_numbers_are_sorted_by_what_they_rest_on_a_claim_first(gaza):
    claim = next(iter(gaza.claims))
    base = sourcing(gaza)
    assert base.unsourced == {}
    bare = changed(gaza, {"mandate": {**gaza.mandate.model_dump(), "claims": [], "assumption": "", "duration": 5}})
    found = sourcing(bare)
    assert "mandate.duration" in found.unsourced
    both = changed(gaza, {"mandate.duration": {"best": 5, "claims": [claim], "assumption": "too"}})
    assert "mandate.duration" in sourcing(both).claimed
    assert len(sourcing(both).claimed) + len(sourcing(both).assumed) == len([*gaza.estimates()])


UNITS = {"person": Unit("person", 0), "share": Unit("1", 0, 1), "scale": Unit("1", 0, 100), "plain": Unit("1"),
         "day": Unit("day", 0), "USD/person/month": Unit("USD/person/month", 0)}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "best", "stated"),
    [
        ("A force of at least 4,000 is being prepared.", "person", 4000, True),
        ("Some twenty thousand soldiers were offered.", "person", 20_000, True),
        ("2,439 people were killed by 15 August 2023.", "person", 2400, True),
        ("2,439 people were killed by 15 August 2023.", "person", 2390, False),
        ("A resolution of 17 September 2025 asks for it.", "person", 17, False),
        ("In 2008 it had fewer.", "person", 2008, False),
        ("88.7 per cent of the trucks were stopped.", "share", 0.887, True),
        ("Two thirds of them came; the third team left.", "share", 2 / 3, True),
        ("The third team left.", "share", 1 / 3, False),
        ("The government holds 232 of the 333 seats.", "share", 232 / 333, True),
        ("55 per cent are against it.", "scale", 55, False),  # a scale of our own is in no text
        ("55 per cent are against it.", "plain", 55, False),
        ("It is one of the main questions.", "plain", 1, False),
        ("It takes two to three weeks.", "day", 14, True),
        ("It takes two to three weeks.", "day", 17, False),
        ("They asked for 1,700 dollars a soldier and month.", "USD/person/month", 1700, True),
        ("Whether the mission will have a mandate is open.", "share", 0.6, False),
    ],
)
def test_a_claim_states_a_number_in_digits_words_or_another_unit(text, unit, best, stated):
    estimate = Estimate(best, best / 2, best * 1.7 if unit != "share" else 1, unit=UNITS[unit])
    assert states(text, estimate) == stated


def test_what_a_number_rests_on_is_told_in_classes():
    said, quoted = (Claim(document="d", says=says, quote=quote, grade="B2")
                    for says, quote in (("It offered 850.", ""), ("It offered many.", "850 men")))  # fmt: skip
    claims, person = {"said": said, "quoted": quoted}, Unit("person", 0)

    def kind(best, cited, words=""):
        return ground(Estimate(best, best, best, cited, words, person), claims)

    assert kind(850, ("said", "quoted"), "beside") == ("quoted", ("quoted",))
    assert kind(850, ("said",)) == ("stated", ("said",))
    assert kind(851, ("said", "quoted"), "A guess.") == ("judged", ())
    assert kind(851, ("said",)) == ("inferred", ())
    assert kind(851, (), "Posterior of twelve missions.") == ("data", ())
    assert kind(851, ()) == ("unsourced", ())
    both = Estimate(17, 14, 21, ("weeks",), "", UNITS["day"])
    weeks = Claim(document="d", says="It takes two to three weeks.", grade="B2")
    assert ground(both, {"weeks": weeks})[0] == "stated", "both ends of the interval are"


@pytest.fixture(scope="module")
def lebanon():
    return read("unifil_2006")


RAIN = {"label": "Rain", "probability": 0.5, "delay": 3}
PUT_IN_PLACE = [
    {"theatre.sectors.sector_east": "none"}, {"mandate.tasks.monitoring": "none"}, {"mandate.phases.main": "none"},
    {"unit_types.infantry_battalion": "none"}, {"pledges.ita_infantry.unit": "tank"}, {"contributors.ITA": "none"},
    {"caveats.no_weapons_control": "none"}, {"pledges.ITA.caveats": ["nothing_such"]},
    {"stakeholders.government": "none"},
    {"process.decider": ["nobody"]}, {"issues.rules": "none"}, {"pledges.ita_infantry.id": "ita_new"},
    {"theatre.sectors.sector_new": {"label": "New", "population": 100, "area": 10}}, {"lift.main": -5},
    {"mandate.authorized_strength": 1000}, {"horizon": 10}, {"options.support_only": "none"},
    {"process.gates.cabinet.kind": "vote"},
]  # fmt: skip


@pytest.mark.parametrize("brings", PUT_IN_PLACE, ids=lambda each: next(iter(each)))
def test_what_an_option_or_an_event_puts_in_place_is_checked_as_the_base_is(lebanon, brings):
    (path,) = brings
    for where, changes in (
        ("options.infantry", {"options.infantry.overrides": brings}),
        ("process.events.rain.sets", {"process.events.rain": {**RAIN, "sets": brings}}),
    ):
        found = [(at, what) for at, what, _ in faults(changed(lebanon, changes))]
        assert [at for at, _ in found if at == f"{where}.{path}"], found
    assert not list(faults(lebanon))


EMPTY = [
    ({"criteria": {}, "weight_sets": {}}, "criteria", "is empty"),
    ({"contributor": "DEU"}, "contributor", "there is no contributor `DEU`"),
    ({"mandate.phases": {}}, "mandate.phases", "is empty"),
    ({"issues.idle": {"label": "N", "question": "N?", "anchors": {0: "a", 100: "b"}}}, "issues.idle", "nobody has a"),
    ({"pledges.ita_infantry.strength": 0}, "pledges.ita_infantry.strength", "offers nobody"),
    ({"theatre.armed_groups.hizbollah.sectors": {}}, "theatre.armed_groups.hizbollah.sectors", "are nowhere"),
    ({"unit_types.infantry_battalion.strength": -850}, "unit_types.infantry_battalion.strength", "are no unit"),
    ({"adaptive.later": {"label": "L", "start": "suport_only", "trigger": "event.x", "then": "infantry"}},
     "adaptive.later.start", "there is no option `suport_only`"),
    ({"options.infantry": "none", "options.support_only": "none"}, "options", "none but the baseline"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "what"), EMPTY, ids=[where for _, where, _ in EMPTY])
def test_what_no_engine_can_do_without_is_asked_for(lebanon, changes, where, what):
    found = [(at, told) for at, told, _ in faults(changed(lebanon, changes))]
    assert [told for at, told in found if at == where and what in told], found


def test_amounts_are_in_the_currency_of_the_case(gaza):
    euro = changed(gaza, {"currency": "EUR"})
    assert euro.money == "EUR"
    assert gaza.money == "US dollars"
    assert ("criteria.cost.unit", "`unit: million EUR`, or `currency: USD`") in {
        (at, fix) for at, _, fix in faults(euro)
    }
    told = changed(euro, {"criteria.cost.unit": "million EUR of 2025"})
    assert [*faults(told)] == []
