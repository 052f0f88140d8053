"""What people write into a scenario by mistake: a text of `mss_haiti` and what stands in its place, the line that is
wrong (a text on it), what `check` says of it, and what it says to write instead (regular expressions).
"""

from typing import NamedTuple


class Wrong(NamedTuple):
    """One mistake."""

    old: str
    new: str
    at: str
    what: str
    write: str


WRONG = {
    # names
    "key with a typo": Wrong("horizon: 78", "horizont: 78", "horizont: 78", "horizont: is not a key", "`horizon`"),
    "key of a record with a typo": Wrong("legal_basis: invitation\n  command", "legal_bases: invitation\n  command", "legal_bases:", "legal_bases: is not a key", "`legal_basis`"),
    "key in capitals": Wrong("baseline: decline", "Baseline: decline", "Baseline:", "Baseline: is not a key", "`baseline`"),
    "key with a hyphen": Wrong("weight_sets:", "weight-sets:", "weight-sets:", "weight-sets: is not a key", "`weight_sets`"),
    "id with a typo in a reference": Wrong("unit: trainers, strength: 160", "unit: trainer, strength: 160", "unit: trainer,", "no unit type `trainer`", "`trainers`"),
    "id with a blank": Wrong("  azimio:\n    label: Azimio la Umoja", "  azimio la umoja:\n    label: Azimio la Umoja", "azimio la umoja:", "not a usable name", "letters, digits and _"),
    "id that begins with a digit": Wrong("  un_only: {label", "  1st_only: {label", "1st_only:", "not a usable name", "a letter first"),
    "claim that is not there": Wrong("claims: [H_offer, H_static]\n  authorized", "claims: [H_ofer, H_static]\n  authorized", "H_ofer", "no claim `H_ofer`", "`H_offer`"),
    "document that is not there": Wrong("H_offer: {document: H_doc_offer", "H_offer: {document: H_doc_offers", "H_doc_offers", "no document `H_doc_offers`", "`H_doc_offer`"),
    "word with a typo": Wrong("kind: bargain", "kind: bargian", "kind: bargian", "`bargian` is not one of", "`bargain`"),
    "word of one's own": Wrong("kind: chance", "kind: court", "kind: court", "`court` is not one of", "chance"),
    "measure that is not there": Wrong("measure: mission.own_deaths", "measure: mission.casualties", "mission.casualties", "no `mission.casualties`", "contingent explain mission"),
    "option that is not there": Wrong("start: train, trigger", "start: trane, trigger", "trane", "no option `trane`", "`train`"),
    "stakeholder at a gate who is not there": Wrong("members: {haiti: {seats: 1}}", "members: {hayti: {seats: 1}}", "hayti", "no stakeholder `hayti`", "`haiti`"),
    "names in one text with a comma": Wrong("decider: [president]", "decider: president, treasury", "decider: president, treasury", "president, treasury", r"\[president, treasury\]"),
    "event that a gate waits for is not there": Wrong("event: unsc_resolution, duration", "event: resolution, duration", "event: resolution,", "no event `resolution`", "unsc_resolution"),
    # numbers and units
    "percent as a whole number": Wrong("recorded_refusals: 0.8 (0.5 to 1.0)", "recorded_refusals: 80", "recorded_refusals: 80", "80 is not allowed", "80 %"),
    "percent in words": Wrong("bloc_correlation: 0.5 (0.2 to 0.8)", "bloc_correlation: 50 percent", "50 percent", "50 percent", "50 %|0.5"),
    "time beyond a century": Wrong("tour: 6 months, rotations: 2, caveats: [un_only, with_lead], reliability: 0.55", "tour: 99999999 months, rotations: 2, caveats: [un_only, with_lead], reliability: 0.55", "99999999 months", "more than a hundred years", "at most 1,200 months"),
    "unit that is wrong": Wrong("duration: {best: 12 months", "duration: {best: 12 people", "12 people", "people", "12 months|months"),
    "unit shortened": Wrong("tour: 6 months, rotations: 2, caveats: [un_only, with_lead], reliability: 0.55", "tour: 6 mths, rotations: 2, caveats: [un_only, with_lead], reliability: 0.55", "6 mths", "mths", "6 months|months"),
    "negative number": Wrong("weeks: 32", "weeks: -32", "weeks: -32", "-32 is not allowed", "at least 0"),
    "interval upside down": Wrong("capability: 45 (30 to 65)", "capability: 45 (65 to 30)", "45 (65 to 30)", "upside down", r"45 \(30 to 65\)"),
    "best outside its interval": Wrong("capability: 50 (30 to 70)", "capability: 80 (30 to 70)", "80 (30 to 70)", "upside down|outside", "30 to 70"),
    "interval with a dash": Wrong("deadline: 180 (120 to 300)", "deadline: 120-300", "120-300", "120-300", "120 to 300"),
    "decimal comma": Wrong("noise: 0.10 (0.05 to 0.18)", "noise: 0,10", "noise: 0,10", "0,10", r"0\.10?"),
    "thousands with a blank": Wrong("strength: 4000 (1500 to 12000)", "strength: 4 000", "4 000", "4 000", "4000"),
    "number in words": Wrong("rotations: 2, caveats: [un_only, with_lead], reliability: 0.55", "rotations: two, caveats: [un_only, with_lead], reliability: 0.55", "rotations: two", "`two`", "plain number|whole number"),
    "about": Wrong("deaths: 2400 (2100 to 3000)", "deaths: about 2400", "about 2400", "about 2400", "2000 to 6000|2400"),
    "more than": Wrong("authorized_strength: {best: 2000 (1000 to 3000)", "authorized_strength: {best: '>2000'", ">2000", ">2000", "`2000`"),
    "not a number": Wrong("salience: 60 (40 to 80)", "salience: .nan", ".nan", "nan", "60|40 to 80|0 to 100"),
    "too large for a number": Wrong("population: 800000 (500000 to 1200000)", "population: 1e999", "1e999", "1e999|finite", "people"),
    "nothing where a number belongs": Wrong("pressure: 0.4 (0.1 to 0.8)", "pressure:", "pressure:", "number", "0.6|0.4"),
    "interval where a plain number belongs": Wrong("horizon: 78", "horizon: 52 to 104", "52 to 104", "52 to 104", "plain number"),
    "money with its sign": Wrong("rate: {best: 4000 (1428 to 8300)", "rate: {best: $4000", "$4000", "4000", "US dollars|4000"),
    "number in quotes with text": Wrong("ceiling: {best: 200, claims: [H_jamaica]}", "ceiling: '200 or so'", "200 or so", "200 or so", "people|200"),
    "share above the whole": Wrong("{port_au_prince: 0.8, artibonite: 0.2}", "{port_au_prince: 1.8, artibonite: 0.2}", "port_au_prince: 1.8", "1.8", "0 to 1|share"),
    # days
    "day in words": Wrong("as_of: 2023-09-01", "as_of: 1 September 2023", "as_of: 1 Sept", "not a day", "2023-09-01"),
    "day with the month first": Wrong("asked: 2023-07-29", "asked: 07/29/2023", "07/29/2023", "not a day", "2023-07-29"),
    "day that does not exist": Wrong("published: 2023-08-10", "published: 2023-08-32", "2023-08-32", "not a day", "2023-"),
    "day in German order": Wrong("published: 2023-07-14", "published: 14.07.2023", "14.07.2023", "not a day", "2023-07-14"),
    "month without a day": Wrong("published: 2022-10-06", "published: 2022-10", "published: 2022-10,", "not a day", "2023-09-01|2022-10-"),
    "source later than the scenario": Wrong("published: 2023-08-31", "published: 2023-10-03", "2023-10-03", "after the scenario's date", "leave it out"),
    # shapes
    "text where a list of records belongs": Wrong("unmodelled:\n", "unmodelled: nothing\nunmodelled_:\n", "unmodelled: nothing", "is no list", "a list"),
    "list where a mapping belongs": Wrong("      members: {president: {seats: 5}, foreign_ministry: {seats: 1}, interior_ministry: {seats: 3}}", "      members: [president, foreign_ministry, interior_ministry]", "members: [president", "no mapping", "entries by name"),
    "mapping where a list belongs": Wrong("requirements:\n  - {id: entry_capital,", "requirements:\n  entry_capital: {id: entry_capital,", "entry_capital: {id", "list|`- |not YAML", "list|- "),
    "number where a record belongs": Wrong("stakes: {participation: {position: 25 (5 to 60), salience: 40 (20 to 60)}", "stakes: {participation: 25", "participation: 25", "no mapping", "position"),
    "text where yes or no belongs": Wrong("chapter_vii: true", "chapter_vii: probably", "chapter_vii: probably", "neither true nor false", "true or false"),
    "key that is missing": Wrong('{label: Taking part, question: "With what should Kenya take part?", ', "{label: Taking part, ", "participation: {label: Taking part", "question: is missing", "write text"),
    # syntax
    "tab": Wrong("mandate:\n  label: Multi", "mandate:\n\tlabel: Multi", "\tlabel: Multi", "tab", "blanks|spaces"),
    "hard blank": Wrong("\nhorizon: 78\n", "\n\u00a0\nhorizon: 78\n", "\u00a0\nhorizon", "hard blank", "blanks"),
    "colon missing": Wrong("baseline: decline\n", "baseline decline\n", "baseline decline", "not YAML|no colon|`key: value`", "baseline: |key: value"),
    "blank after the colon missing": Wrong("horizon: 78\n", "horizon:78\n", "horizon:78", "not YAML|blank after|`key: value`", "horizon: 78"),
    "colon within a text": Wrong("title: Kenya and a", "title: Kenya: a", "title: Kenya: a", "not YAML", "quotes"),
    "bracket not closed": Wrong("decider: [president]\n", "decider: [president\n", "decider: [president", "not YAML|not closed", "\\]"),
    "brace not closed": Wrong("  trainers: {label: Training team, strength: 40, source: judgement}", "  trainers: {label: Training team, strength: 40, source: judgement", "trainers: {label: Training", "not YAML|not closed", "}"),
    "quote not closed": Wrong('assumption: "Judgement."}\n\ncontributors', 'assumption: "Judgement.}\n\ncontributors', 'weight: 1, assumption: "Judgement.}', "not YAML|not closed", "quote"),
    "indented too little": Wrong("  noise: 0.10", " noise: 0.10", " noise: 0.10", "not YAML|indent", "indent|blanks"),
    "indented too much": Wrong("  shared: 0.35", "    shared: 0.35", "    shared: 0.35", "not YAML|indent|number", "indent|blanks|0.35"),
    "key given twice": Wrong("price_year: 2023\n", "price_year: 2023\nprice_year: 2024\n", "price_year: 2024", "given twice", "first given at"),
    "anchor and alias": Wrong("cost: 6000 (4000 to 10000), reimbursed: true, claims: [H_jamaica]", "cost: 6000, reimbursed: true, claims: &c [H_jamaica], self_sustains: *c", "self_sustains: *c", "alias", "write it out"),
    "merge key": Wrong("  treasury:\n    label: The National Treasury\n    bloc", "  treasury:\n    <<: *president\n    label: The National Treasury\n    bloc", "<<: *president", "alias|not YAML", "write it out|quotes"),
    "conflict of a merge": Wrong("horizon: 78\n", "<<<<<<< HEAD\nhorizon: 78\n=======\nhorizon: 104\n>>>>>>> theirs\n", "<<<<<<< HEAD", "merge|conflict", "keep one|one of the two"),
    "quotes of a word processor": Wrong('label: "Train now, lead once a fund covers a year"', "label: “Train now, lead once a fund covers a year”", "label: “Train", "“|quote|not YAML|lead once", '"|straight'),
    "comment without a blank": Wrong("horizon: 78\n", "horizon: 78# weeks\n", "78# weeks", "78# weeks", "plain number|blank before"),
    # what does not fit together
    "phases that overlap": Wrong("main: {label: Main, start: 26,", "main: {label: Main, start: 20,", "start: 20", "while phase `entry` lasts", "`start: 26`"),
    "decider who contributes nothing": Wrong("contributor: KEN\nbaseline", "contributor: UGA\nbaseline", "contributor: UGA", "no contributor `UGA`", "KEN"),
    "country in two letters": Wrong("contributor: KEN\nbaseline", "contributor: KE\nbaseline", "contributor: KE\n", "`KE`", "KEN"),
    "country by name": Wrong("proposed_by: USA", "proposed_by: United States", "proposed_by: United", "`United States` is not", "USA"),
    "country with an old or common code": Wrong("  BHS: {label: Bahamas", "  BAH: {label: Bahamas", "BAH:", "`BAH` is not", "BHS"),
    "gate whose event nothing describes": Wrong("  events:\n    unsc_resolution:", "  events:\n    unsc_resolutions:", "event: unsc_resolution, duration", "no event `unsc_resolution`", "`unsc_resolutions`"),
    "quota as a plain count": Wrong("quota: 50 %\n      of: votes\n      quorum: 50/349", "quota: 175\n      of: votes\n      quorum: 50/349", "quota: 175", "175 is not allowed", "0 to 1|%"),
    "position off its scale": Wrong("position: 96 (82 to 100)", "position: 960", "position: 960", "960 is not allowed", "0 to 100"),
    "override that leads nowhere": Wrong("    pledges.ken_police: none", "    pledges.ken_polices: none", "ken_polices", "leads nowhere", "`ken_police`"),
    "override of a wrong kind": Wrong("    reference_class.combat_expected: 0", "    reference_class.combat_expected: none at all", "none at all", "combat_expected", "0, 1, 2|one of"),
    "judgement left out": Wrong("judgements: {standing: {best: 45 (25 to 65), assumption: \"Something of what was offered.\"}, law", "judgements: {law", "judgements: {law", "judged criterion `standing`", "standing: 50"),
    "minimum above what is wanted": Wrong("minimum: 280, wanted: 980", "minimum: 1280, wanted: 980", "minimum: 1280", "above what is wanted", "980|lower|at most"),
}  # fmt: skip


FILES = {
    "empty": (b"", "is empty", "contingent new|key: value"),
    "comments alone": (b"# nothing yet\n", "is empty", "contingent new|key: value"),
    "Latin-1": ("title: Ha\u00efti\nhorizon: 78\n".encode("latin-1"), "extra.yaml:1 .*not UTF-8", "save it as UTF-8"),
    "UTF-16": ("title: Haiti\n".encode("utf-16"), "not UTF-8", "save it as UTF-8"),
    "a list": (b"- one\n- two\n", "extra.yaml:1 .*key: value", "key: value"),
    "two documents": (b"marking: one\n---\nunmodelled: []\n", "extra.yaml:2 .*another document", "---"),
    "a control character": (b"marking: one\x07two\n", "extra.yaml:1 ", "take it out|remove"),
    "JSON that is not whole": (b'{"marking": "one",\n"lift": {}\n', "extra.yaml:1", "}"),
}
"""What a further file of a case may hold, what is said of it, and what to do."""
