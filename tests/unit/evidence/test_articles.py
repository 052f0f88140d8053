"""Are the claims, speakers, channels and signs of invented articles read as they are annotated?"""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from contingent.evidence.article import Article
from contingent.evidence.backtest import ledger
from contingent.evidence.extract import extract

FOLDER = Path(__file__).parent / "articles"
CLASSES = {
    "named": ("named-official", "on-the-record"), "anonymous": ("anonymous-official", "background"),
    "familiar": ("people-familiar", "background"), "institution": ("institution-narrated", "on-the-record"),
    "reporter": ("reporter-narrative", "unattributed"),
}  # fmt: skip
FACTORS = {
    "mandate": "mandate/legal", "moral": "moral duty", "US": "US relations", "precedent": "precedent/experience",
    "public": "public opinion", "consistency": "diplomatic consistency",
}  # fmt: skip
SIGNS = {"+": 1, "-": -1, "0": 0}


def gold_of(one):
    """The annotations of an article of `articles/`, written out as a gold file."""
    claims, at = [], 0
    for number, line in enumerate(one["claims"], 1):
        head, words = line.split(" :: ", 1)
        head, _, channel = head.partition(" @ ")
        who, mood, sign, state, factors, *form = head.split()
        spans, place = [], at
        for part in words.split(" … "):
            start = one["text"].find(part, place)
            start = start if start >= 0 else one["text"].index(part)
            spans.append([start, start + len(part)])
            place = start + len(part)
        at = spans[0][0]
        source = one["sources"][who]
        label, record = CLASSES[source[0]]
        quoted = words[0] in '“"‘' or (words[-1] == "”" and "“" not in words) or one.get("direct")
        told = "narrative" if label == "reporter-narrative" else "direct" if quoted else "mixed" if "“" in words else ""
        states = [] if state == "-" else state.split("+")
        claims.append({
            "id": f"C{number:02}", "content_spans": spans, "attribution_class": label, "record": record,
            "form": form[0] if form else told or "indirect", "modality": mood, "polarity": SIGNS[sign],
            "channel": channel or (source[3] if len(source) > 3 else None),
            "factors": [FACTORS.get(factor, factor) for factor in factors.split(",")],
            "actor_state": states[0] if states else None, "actor_states": states or None,
        })  # fmt: skip
    sources = {
        name: {"kind": kind, "state": state, "role": role} for name, (kind, state, role, *_) in one["sources"].items()
    }
    pits = [
        {"id": f"X{number}", "kind": "contradiction-within", "claims": [f"C{a:02}" for a in pair]}
        for number, pair in enumerate(one.get("contradictions", []), 1)
    ]
    return {"sources": sources, "claims": claims, "inconsistencies": pits}


def written(name, folder, without=()):
    """A set of articles as the backtest reads them: a folder each; some are left out by how their names begin."""
    for one in YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text("utf-8")):
        if one["name"].startswith(tuple(without)):
            continue
        (folder / one["name"]).mkdir()
        (folder / one["name"] / "article.txt").write_text(one["text"], "utf-8")
        (folder / one["name"] / "gold.json").write_text(json.dumps(gold_of(one)), "utf-8")
    return folder


@pytest.mark.parametrize(("without", "sign"), [(("d_", "e_"), 70), ((), 60)])
def test_articles_that_the_rules_were_made_with_keep_their_figures(without, sign, tmp_path):
    """The six of before, and with them the ten of other kinds, whose signs are harder."""
    scores = {name: score.value for name, score in ledger(written("seen", tmp_path, without)).scores.items()}
    bars = {
        "recall": 80, "precision": 82, "class_accuracy": 90, "record_accuracy": 90, "modality_accuracy": 57,
        "polarity_accuracy": sign, "channel_named": 85, "actor_accuracy": 88, "factor_f1": 55,
    }  # fmt: skip
    assert {name: scores[name] for name, bar in bars.items() if scores[name] < bar} == {}


def claims_of(text):
    return [(one, one.said(text)) for one in extract(Article("a.txt", text))]


KINDS = [
    # what the reporter tells of a decision is no statement of the one who decides
    (
        "Prime Minister Ada Nilsen of Norland has not ruled out a contribution.",
        "",
        {"attribution": "reporter-narrative"},
    ),
    # apposed names, initials and hyphens
    (
        "Norland's envoy, J. T. Brandt-Lowe, argues that “the mission is a mistake”.",
        "mistake",
        {"speaker": "J. T. Brandt-Lowe", "polarity": -1},
    ),
    ("The mission has received nothing, its treasurer, Ivo Lindahl, confirmed.", "nothing", {"speaker": "Ivo Lindahl"}),
    # the mark, then the comma, then the verb, then the speaker
    ("“We cannot send troops”, declared Ada Nilsen, a lawyer.", "cannot", {"speaker": "Ada Nilsen", "polarity": -1}),
    # private persons
    ("The troops will go, one nurse, who asked not to be named, said.", "troops", {"attribution": "people-familiar"}),
    # channels
    ("The mission is ready, Ada Nilsen said by telephone.", "mission", {"channel": "telephone"}),
    (
        "Foreign Minister Ada Nilsen told parliament that Norland would send troops.",
        "Norland",
        {"channel": "remarks to parliament"},
    ),
    ("The troops are ready, Ada Nilsen said in an e-mail.", "troops", {"channel": "e-mail"}),
    # negation behind the verb, another's money, raids
    ("Norland will send no soldiers, Ada Nilsen said.", "Norland", {"polarity": -1, "modality": "intention"}),
    ("The mission is paid by the fund, Ada Nilsen said.", "mission", {"polarity": 1}),
    ("The troops will not take part in raids, Ada Nilsen said.", "troops", {"polarity": 1}),
    # things and troops foresee nothing by their own will
    ("The gendarmes will train local police, Ada Nilsen said.", "gendarmes", {"modality": "prediction"}),
    ("The dockyard will not release the ship, Ada Nilsen said.", "dockyard", {"modality": "prediction"}),
]


@pytest.mark.parametrize(("text", "word", "wanted"), KINDS)
def test_kinds_that_were_got_wrong(text, word, wanted):
    one = next(one for one, said in claims_of(text) if word in said)
    assert {name: getattr(one, name) for name in wanted} == wanted


def test_the_state_to_which_a_force_goes_decides_nothing():
    text = (
        "Gendarmes ready for Ostrel\n\nThe cabinet of Norland agreed to send 300 gendarmes to the Ostrel Guard. "
        "Ostrel asked for them. “We go because we can,” said Ada Nilsen."
    )
    assert {one.actor_state for one, _ in claims_of(text)} == {"Norland"}


SIDES = [
    ("“The tents have no floor,” she said.", -1),  # as what its speaker says
    ("“The tents have no floor,” said General Lars Falk.", -1),  # as what stands around
    ("“It is not clear who owns the tents,” she said.", 0),  # an open question
]


@pytest.mark.parametrize(("added", "side"), SIDES)
def test_what_asserts_nothing_of_joining_takes_the_side_of_what_it_stands_with(added, side):
    text = f"“We will not send troops,” said Prime Minister Ada Nilsen of Norland. {added}"
    one = next(one for one, said in claims_of(text) if "tents" in said)
    assert (one.act, one.polarity) == ("", side)


def test_a_statement_in_full_is_its_speakers():
    text = (
        "PRESIDENCY OF NORLAND\nStatement by the President on the Ostrel Force\n\nI have decided to send a battalion."
        "\n\nOur soldiers will guard hospitals.\n\nWe owe it to the people of Ostrel.\n\nNote to editors\n\n"
        "The force has 900 soldiers."
    )
    speakers = {said: one.speaker for one, said in claims_of(text)}
    assert speakers["Our soldiers will guard hospitals."] == "the President"
    assert speakers["The force has 900 soldiers."] == ""


def test_a_paper_judges_and_reports():
    text = (
        "NORTHERN INSTITUTE\nPolicy paper 4: Norland and the Ostrel Force\n\nKey points\nNorland will not send "
        "infantry.\n\nBackground\nThe force was set up in May.\n\nRecommendations\nThe force should ask for engineers."
    )
    kinds = {said: (one.attribution, one.modality) for one, said in claims_of(text)}
    assert kinds["Norland will not send infantry."] == ("institution-narrated", "prediction")
    assert kinds["The force was set up in May."][0] == "reporter-narrative"
    assert kinds["The force should ask for engineers."] == ("institution-narrated", "obligation")


def test_a_letter_is_its_signers():
    text = (
        "To the Speaker of the Chamber of Deputies of Ruvania\n\nMadam Speaker,\n\nI write to inform the Chamber of a "
        "request for troops.\n\nThe Government is inclined to accept.\n\nThe cost is 4 million lei.\n\nRespectfully,\n"
        "Mihai Dorn\nMinister of Defence\n"
    )
    found = [(one.speaker, one.channel, one.actor_state) for one, _ in claims_of(text)]
    assert set(found) == {("Mihai Dorn", "letter", "Ruvania")}


def test_posts_are_not_taken_for_lines_cut_to_a_width():
    text = (
        "Petra Wold @petrawold · 4 May\nOstania will not send a battalion for the Lorne Valley, which I think is "
        "wrong.\n\nJan Brekke @janbrekke · 4 May\nReplying to @petrawold\nThe army was against sending troops.\n"
    )
    assert [one.speaker for one, _ in claims_of(text)] == ["Petra Wold", "Petra Wold", "Jan Brekke"]


def test_the_representative_of_another_state_is_another_person():
    text = (
        "The Special Representative for the Tamara Islands, Amina Keller, said that troops were needed. The "
        "representative of Molvania said that Molvania would send engineers."
    )
    assert [one.speaker for one, _ in claims_of(text)] == ["Amina Keller", "The representative of Molvania"]
