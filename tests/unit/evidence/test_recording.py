"""What exactly does an article put into the ledger, and a folder of them, and a model, and a draft?"""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle

import pytest
from toy_claims import PACK, held

from contingent.errors import InputError
from contingent.evidence.article import Article, article_from
from contingent.evidence.assistant import Suggestion, assisted, ground
from contingent.evidence.extract import extract
from contingent.evidence.grammar.sentences import read
from contingent.evidence.ingest import Settings, articles_in, day_of, read_all, read_one, records
from contingent.evidence.ledger import Ledger
from contingent.evidence.ledger_view import ledger_view
from contingent.evidence.pack import Pack, pattern, read_pack, shipped_pack
from contingent.scenario.draft import drafted_claims

TEXT = "Foreign Minister Aho told Radio Nord on Monday that 2,000 soldiers may go if the budget is affordable."
DAY = dt.date(2025, 10, 28)
ARTICLE = Article("a.txt", TEXT, "Talks", "A. Writer", "The Daily", "http://x", DAY)
ORIGIN = hashlib.sha256(TEXT.encode()).hexdigest()[:12]


def test_a_document_is_its_hash_and_what_it_says_of_itself():
    kind, body = next(records(ARTICLE, PACK))
    assert kind == "document"
    assert {key: value for key, value in body.items() if key != "sketch"} == {
        "id": ORIGIN, "sha256": ARTICLE.sha256, "characters": 102, "name": "a.txt", "title": "Talks",
        "byline": "A. Writer", "publisher": "The Daily", "url": "http://x", "published": "2025-10-28",
        "language": "en", "rights": "short quotations", "warnings": [],
    }  # fmt: skip
    assert len(body["sketch"]) == 15  # 19 words, the two halves of 2,000 among them, in runs of five


def test_a_claim_is_recorded_with_every_property():
    (claim,) = [body for kind, body in records(ARTICLE, PACK) if kind == "claim"]
    said = "2,000 soldiers may go if the budget is affordable"
    start = TEXT.index(said)
    assert claim["spans"] == [
        {"start": start, "end": start + 49, "exact": said, "prefix": TEXT[start - 32 : start],
         "suffix": "."}
    ]  # fmt: skip
    assert {key: value for key, value in claim.items() if key != "spans"} == {
        "id": f"{ORIGIN}/c01", "document": ORIGIN, "quote": said, "cue": [21, 25], "speaker_span": [0, 20],
        "speaker": {"name": "Leena Aho", "kind": "person", "office": "foreign minister"},
        "attribution": "named-official", "record": "on-the-record", "form": "indirect", "modality": "possibility",
        "channel": "Radio Nord", "date": "on Monday", "day": "2025-10-27", "negated": False, "conditional": True,
        "condition": "the budget is affordable", "hedges": ["may"], "factors": ["cost"], "polarity": 1, "about": "",
        "quantities": [{"value": 2000.0, "op": "=", "unit": "soldiers"}], "free_indirect": False,
        "relay": ["Leena Aho", "Radio Nord", "The Daily"], "group": "leena_aho@2025_10_27",
        "act": "join", "actor_state": "NRD", "actor_office": "government",
        "proposal": {"letter": "B", "letter_reason": "named, and answerable as foreign minister", "number": 6,
                     "number_reason": "nothing to compare it with"},
        "method": {"name": "grammar", "version": "1"},
    }  # fmt: skip


def test_a_long_quotation_is_cut_to_ten_words():
    article = Article("a", f"Leena Aho said that {' '.join(f'w{n}' for n in range(20))} stood.")
    (claim,) = [body for kind, body in records(article, PACK) if kind == "claim"]
    assert claim["quote"] == "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9"


def test_with_offsets_only_no_word_of_the_claim_is_kept():
    _, (_, claim), *_ = records(ARTICLE, PACK, offsets_only=True)
    assert claim["spans"] == [{"start": 52, "end": 101}]
    assert (claim["quote"], claim["condition"], claim["conditional"]) == ("", "", True)
    (_, document), *_ = records(ARTICLE, PACK, offsets_only=True)
    assert document["rights"] == "offsets-only"


def test_flags_name_claims_by_document():
    article = Article("a", TEXT, byline="A. Writer")
    flags = [body for kind, body in records(article, PACK) if kind == "flag"]
    assert {"kind": "undated", "claims": [f"{ORIGIN}/c01"],
            "reason": "the text has no date: “on Monday” hangs in the air"} in flags  # fmt: skip


@pytest.mark.parametrize(("between", "mood", "about"), [(" ", "personal-opinion", "c01"), ("\n", "fact-asserted", "")])
def test_a_remark_makes_a_personal_opinion_of_what_was_said_before_it_in_its_paragraph(between, mood, about):
    text = f"Aho said the road was closed.{between}She added that this was her personal opinion."
    said, remark = extract(Article("a", text), PACK)
    assert (said.modality, remark.modality, remark.about) == (mood, "meta-status", about)


def test_a_claim_says_through_whom_it_came():
    article = Article("a", "Leena Aho said on X that officials believed the budget was closed.", publisher="The Daily")
    relays = [body["relay"] for kind, body in records(article, PACK) if kind == "claim"]
    assert relays == [["officials", "Leena Aho", "X", "The Daily"]]


def test_an_undated_article_is_left_out_as_of_any_day(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(tmp_path / "a.txt", ledger, Settings(PACK))
    assert len(ledger_view(ledger, tmp_path / "a.txt").claims) == 1
    assert ledger_view(ledger, tmp_path / "a.txt", "2025-10-28").claims == ()


def test_what_a_reporter_tells_counts_where_it_touches_the_question():
    found = extract(Article("a", "Rain fell all night. The budget is too expensive for the state."), PACK)
    assert [(one.attribution, one.form, one.polarity, one.id) for one in found] == [
        ("reporter-narrative", "narrative", -1, "c01")
    ]


def test_a_headline_is_a_claim_of_whom_it_names():
    article = article_from(b"Minister says budget fails\n\nLeena Aho said the budget was closed.", "a.txt")
    assert article.title == "Minister says budget fails"
    assert [one.speaker for one in extract(article, PACK)] == ["Minister", "Leena Aho"]


@pytest.mark.parametrize(
    ("raw", "title", "byline"),
    [
        ("Talks go on\n\nBy Ann Writer\n\nThe end.", "Talks go on", "Ann Writer"),
        ("This is a sentence.\nMore.", "", ""),
        ("One line only", "", ""),
        ("x" * 121 + "\nMore.", "", ""),
        ("x" * 120 + "\nMore.", "x" * 120, ""),
        ("a\nb\nc\nd\ne\nBy Ann Writer", "a", ""),  # only the first five lines
    ],
)
def test_title_and_byline_of_a_text(raw, title, byline):
    article = article_from(raw.encode(), "a.txt")
    assert (article.title, article.byline) == (title, byline)
    assert article.text == raw


@pytest.mark.parametrize(
    ("meta", "day"),
    [
        ('<meta property="article:published_time" content="2025-10-21T08:00">', dt.date(2025, 10, 21)),
        ('<meta itemprop="datePublished" content="2025-10-21">', dt.date(2025, 10, 21)),
        ('<time datetime="2025-10-22T10:00"></time>', dt.date(2025, 10, 22)),
        ('<meta name="date" content="21 October"><time datetime="2025-10-22"></time>', dt.date(2025, 10, 22)),
        ('<meta name="date" content="2025-13-40">', None),
        ("", None),
    ],
)
def test_the_day_of_a_page(meta, day):
    assert article_from(f"<html>{meta}<p>Text.</p></html>".encode(), "a.html").published == day


def test_words_match_whole_a_star_any_ending():
    found = pattern(("troop*", "peace plan"))
    assert found
    assert [match.group() for match in found.finditer("Troops and a PEACE  plan")] == ["Troops", "PEACE  plan"]
    assert not found.search("peace plans, paratroop")
    assert pattern(()) is None


def test_a_pack_knows_on_a_day_what_was_published_by_then():
    assert set(PACK.known_on(dt.date(2018, 10, 1)).facts) == {"deployed"}
    assert set(PACK.known_on(dt.date(2018, 9, 30)).facts) == set()
    assert set(PACK.known_on(dt.date(2025, 9, 23)).facts) == {"plan", "deployed"}
    assert PACK.known_on(None) is PACK


def test_a_pack_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("name: [", "utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml: not valid YAML"):
        read_pack(file)
    with pytest.raises(InputError, match=r"cannot be read \(no such file or directory\); name a domain pack"):
        read_pack(tmp_path / "none.yaml")
    file.write_text("name: x\nquestion: y\nfactors: {}\n", "utf-8")
    assert read_pack(file) == Pack(name="x", question="y", factors={})
    file.write_text("name: x\nquestion: y\nfactors: {}\nprogress: 3\ntopics: {a: {b: c}}\n", "utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml: progress: .*tuple\nmine\.yaml: topics\.a: .*tuple"):
        read_pack(file)
    file.write_text("name: x\nquestion: y\nfactors: {}\nprogress: soon\ntopics: {a: [2701, talks]}\n", "utf-8")
    assert (read_pack(file).progress, read_pack(file).topics) == (("soon",), {"a": ("2701", "talks")})


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "texts"
    (place / "sub").mkdir(parents=True)
    (place / "b.txt").write_text(TEXT, "utf-8")
    (place / "sub" / "a.md").write_text(TEXT.replace("Monday", "Tuesday"), "utf-8")
    (place / "c.png").write_bytes(b"PNG")
    return place


def test_articles_are_read_in_the_order_of_their_names(folder, tmp_path):
    assert [file.name for file in articles_in(folder)] == ["b.txt", "a.md"]
    assert articles_in(folder / "b.txt") == [folder / "b.txt"]
    with pytest.raises(InputError, match="there is nothing there"):
        articles_in(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no article"):
        articles_in(tmp_path / "empty")


def test_day_and_address_are_given_to_articles_that_have_none(folder):
    settings = Settings(PACK, url="http://y", published="2025-10-20")
    (_, body), *_ = read_one(folder, settings, folder / "sub" / "a.md")
    assert (body["name"], body["url"], body["published"]) == ("sub/a.md", "http://y", "2025-10-20")
    assert body["bytes"] == hashlib.sha256((folder / "sub" / "a.md").read_bytes()).hexdigest()
    page = folder / "p.html"
    page.write_text('<html><meta name="date" content="2025-01-02"><p>He said so.</p></html>', "utf-8")
    (_, body), *_ = read_one(folder, settings, page)
    assert body["published"] == "2025-01-02"
    with pytest.raises(InputError, match="not a day"):
        Settings(PACK, published="soon")


def test_a_file_changed_since_is_read_again_and_an_unchanged_one_is_not(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    seen: list[tuple[int, int]] = []
    assert read_all(folder, ledger, Settings(PACK), progress=lambda done, total: seen.append((done, total))) == 2
    assert seen == [(2, 2)]
    assert read_all(folder, ledger, Settings(PACK)) == 0
    (folder / "b.txt").write_text(TEXT.replace("2,000", "3,000"), "utf-8")
    assert read_all(folder, ledger, Settings(PACK)) == 1
    # the last text under a name is the one that is shown
    quoted = [one.quote for one in ledger_view(ledger, folder / "b.txt").claims]
    assert quoted == ["3,000 soldiers may go if the budget is affordable"]


def test_as_of_a_day_later_and_undated_articles_are_left_out_and_said(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    read_all(folder / "b.txt", ledger, Settings(PACK, published="2025-10-28"))
    assert len(ledger_view(ledger, folder / "b.txt", "2025-10-28").claims) == 1
    late = ledger_view(ledger, folder / "b.txt", "2025-10-27")
    assert late.claims == ()
    assert late.warnings == ["b.txt: undated or later than 2025-10-27, left out"]
    assert day_of("2025-10-28", "--as-of") == "2025-10-28"
    assert day_of("", "--as-of") == ""
    with pytest.raises(InputError, match="not a day"):
        day_of("28 October", "--as-of")


class Model:
    """A model that suggests what a test says."""

    name = "small"
    prompt_sha256 = "ab"

    def __init__(self, *suggestions: Suggestion):
        self.suggestions = suggestions

    def suggest(self, text: str) -> tuple[Suggestion, ...]:
        return self.suggestions


@pytest.mark.parametrize(
    ("exact", "claim"),
    [
        ("0123456789", "d/c01"),
        ("01234", "d/c01"),  # half of the characters shared
        ("0123", ""),
        ("0123456789abcdefghij", "d/c01"),  # ten of twenty
        ("0123456789abcdefghijk", ""),
    ],
)
def test_a_suggestion_is_about_the_claim_it_shares_half_its_characters_with(exact, claim):
    rows = [held("d/c01", spans=[{"start": 0, "end": 10}]), held("d/c02", spans=[{"start": 30, "end": 34}])]
    text = "0123456789abcdefghijklmnopqrstuvwxyz"
    (kind, body), (last, use) = assisted(text, rows, Model(Suggestion(exact)), PACK)
    assert (kind, body["claim"], body["start"], body["end"]) == ("suggestion", claim, 0, len(exact))
    assert body["disagrees"] == ([] if claim else ["found"])
    assert (last, use) == (
        "assistance",
        {"document": "d", "method": {"name": "small", "prompt_sha256": "ab"}, "kept": 1, "dropped": 0},
    )


@pytest.mark.parametrize(
    ("modality", "factors", "differs"),
    [
        ("intention", ("cost",), []),
        ("preference", ("cost",), ["modality"]),
        ("intention", ("honour",), ["factors"]),
        ("intention", ("honour", "cost"), []),  # one in common
        ("fishy", ("fish",), []),  # neither is known: nothing is said
        ("preference", ("honour",), ["modality", "factors"]),
    ],
)
def test_what_a_model_reads_differently_is_named(modality, factors, differs):
    rows = [held(spans=[{"start": 0, "end": 4}])]
    (_, body), _ = assisted("they go", rows, Model(Suggestion("they", "", modality, factors)), PACK)
    assert body["disagrees"] == differs


def test_repeated_words_take_the_next_place():
    found = ground("aba aba", [Suggestion("aba")] * 3)
    assert ([span for span, _ in found.kept], found.dropped) == ([(0, 3), (4, 7)], 1)


def test_a_drafted_claim_is_what_a_scenario_holds():
    (row,) = drafted_claims(ARTICLE, PACK).values()
    said = "2,000 soldiers may go if the budget is affordable"
    assert row == {
        "document": "article_1", "says": f"Leena Aho, possibility: “{said} ...”", "quote": said,
        "spans": [[52, 101]], "speaker": "Leena Aho", "attribution": "named-official", "record": "on-the-record",
        "form": "indirect", "modality": "possibility", "channel": "Radio Nord", "date": DAY, "factors": ["cost"],
        "polarity": 1, "condition": "the budget is affordable", "grade": "B6",
        "reason": "proposed: named, and answerable as foreign minister; nothing to compare it with",
        "group": "leena_aho_2025_10_27",
    }  # fmt: skip


def test_a_pack_whose_words_were_looked_up_goes_to_a_worker():
    pack = shipped_pack()
    low = "we will not send troops".split()
    assert pack.acts.find(low)
    assert pickle.loads(pickle.dumps(pack)).acts.find(low) == pack.acts.find(low)


def test_words_at_places_that_cut_a_word_are_read_as_written():
    text = "Talks resumed; troops’ return was ruled out."
    assert read(text, [(0, 5), (15, 21)]).low == ["talks", "troops"]
    assert read(text, [(2, 9)]).low == ["lks", "res"]
    assert read(text, [(6, len(text))]).find(shipped_pack().acts) == shipped_pack().acts.find(
        read(text, [(6, len(text))]).low
    )
