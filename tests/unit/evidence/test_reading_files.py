"""Is every file read or refused in words, and is a page reduced to its text?"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys

import pytest
from toy_claims import held

from contingent.cli.evidence import evidence
from contingent.cli.output import Flags, Place
from contingent.errors import ExtraError, InputError, LanguageError
from contingent.evidence.article import LARGEST, article_from, read_article
from contingent.evidence.extract import extract

PAGE = """<!doctype html><html><head><title>Site | Talks</title><meta property="og:title" content="Talks go on">
<meta property="article:published_time" content="2025-10-21T08:00:00Z"><meta name="author" content="A. Writer">
<script>var x = "<p>no</p>";</script></head><body><nav>Menu</nav><p>The minister said <b>nothing</b>
was &ldquo;signed&rdquo;.</p>
<div>Second<br>line</div><footer>Copyright</footer></body></html>"""


def test_a_page_becomes_its_paragraphs_with_what_it_says_of_itself():
    article = article_from(PAGE.encode(), "page.html")
    assert article.text == "The minister said nothing was “signed”."
    assert (article.title, article.byline, article.published) == ("Talks go on", "A Writer", dt.date(2025, 10, 21))


def test_broken_markup_is_read_as_far_as_it_goes():
    article = article_from(b"<html><p>One <b>two</p></i><div><p>three &bogus; <script>x", "a.htm")
    assert article.text.startswith("One two\nthree")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"\x00\x01\x02abc", "binary"),
        (b"%PDF-1.7 text", "damaged, or not a .pdf file"),
        (b"PK\x03\x04zip", "binary"),
        (b"<html><script>only</script></html>", "no article outside scripts"),
        (b"\xef\xbb\xbf  ", "no text"),
    ],
)
def test_what_is_no_article_is_refused_in_words(raw, words, tmp_path):
    (tmp_path / "a.txt").write_bytes(raw)
    with pytest.raises(InputError, match=words):
        read_article(tmp_path / "a.txt")


def test_a_page_needs_an_extra_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    with pytest.raises(ExtraError, match=r"needs the extra `web`: pip install 'contingent\[web\]'") as caught:
        evidence(page, place=Place(tmp_path / "out"))
    assert caught.value.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_notices_teasers_and_comments_are_no_evidence_and_the_page_says_its_day_and_letters():
    page = """<html><head><meta charset="iso-8859-9"><script type="application/ld+json">{"@type": "NewsArticle",
    "datePublished": "2025-11-30T10:00:00+05:00"}</script></head><body><div class="cookie-consent"><p>We value
    your privacy. You agree to our use of cookies on every device that you have.</p></div><article>
    <p>Mr. Işık said Türkiye was ready to send troops to the force.</p>
    <div class="related"><li>Cabinet approves tax, minister says</li></div></article>
    <div class="comments"><p>User123: they decided without parliament!</p></div></body></html>"""
    article = article_from(page.encode("iso-8859-9"), "a.html")
    assert article.text.split() == "Mr. Işık said Türkiye was ready to send troops to the force.".split()
    assert (article.published, article.warnings) == (dt.date(2025, 11, 30), ())


def test_word_and_mail_files_and_saved_pages_are_read_by_their_readers():
    from docx import Document

    document, file = Document(), io.BytesIO()
    document.add_paragraph("The minister said troops would go.")
    document.save(file)
    assert article_from(file.getvalue(), "a.docx").text == "The minister said troops would go."
    head = b"From: desk@news.example\nSubject: Talks\nDate: Tue, 28 Oct 2025 10:00:00 +0500\n"
    mail = article_from(head + b"Content-Type: text/plain; charset=iso-8859-1\n\nThe caf\xe9 was closed.\n", "a.eml")
    assert (mail.text, mail.title, mail.published) == ("The café was closed.\n", "Talks", dt.date(2025, 10, 28))
    page = b"Content-Type: text/html\n\n<html><body><article><p>The minister said so.</p></article></body></html>"
    assert article_from(head + page, "a.mht").text == "The minister said so."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister said that no troops would be sent.", "en"),
        ("وزیر دفاع نے کہا کہ فوج نہیں بھیجی جائے گی۔", "ur"),
        ("قال وزير الدفاع إن القوات لن تشارك في المهمة.", "ar"),
        ("Menteri Pertahanan mengatakan pasukan tidak akan dikirim.", "id"),
        ("Savunma Bakanı asker gönderilmeyeceğini söyledi.", "tr"),
        ("Le ministre a déclaré que les troupes ne partiraient pas.", "fr"),
        ("El ministro dijo que no se enviarán tropas.", "es"),
        ("Khan: “no”", "en"),
    ],
)
def test_every_text_has_a_language(text, language):
    assert article_from(text.encode(), "a.txt").language == language


def test_another_language_is_refused_by_its_name(tmp_path):
    (tmp_path / "a.txt").write_text("Ο υπουργός δήλωσε ότι δεν θα σταλούν στρατεύματα.", "utf-8")
    with pytest.raises(LanguageError, match=r"^a\.txt: is in Greek; read are English, Urdu, .*") as caught:
        evidence(tmp_path, place=Place(tmp_path / "out"))
    assert caught.value.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_standard_input_is_read_and_an_address_is_not(tmp_path, monkeypatch, capsys):
    from contingent.cli import run

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Minister Leena Aho said the mandate was clear.")))
    assert run(["evidence", "-", "--json", "--out", str(tmp_path / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["documents"][0]["name"] == "standard-input"
    assert run(["evidence", "https://news.example/a"]) == 2
    assert "https://news.example/a: nothing is fetched; save the page" in capsys.readouterr().err


def test_too_large_missing_and_folder(tmp_path):
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(LARGEST * 10)
    with pytest.raises(InputError, match="has 50 MB, of which 5 are read; give one article, or split it"):
        read_article(big)
    with pytest.raises(InputError, match="cannot be read"):
        read_article(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_article(tmp_path)


def test_other_encodings_are_read_with_a_warning():
    for kind in ("UTF-16", "UTF-32"):
        wide = article_from("Le ministre a parlé à “tous”".encode(kind), "a.txt")
        assert (wide.text, wide.warnings) == ("Le ministre a parlé à “tous”", (f"read as {kind}",))
    latin = article_from("Le ministre a parlé à “tous”".encode("cp1252"), "a.txt")
    assert "parlé" in latin.text
    assert "Windows-1252" in latin.warnings[0]
    wide = article_from("The minister said so.".encode("utf-16"), "a.txt")
    assert wide.text == "The minister said so."


def test_the_verb_prints_one_json_value_and_writes_what_was_asked(tmp_path, capsys):
    article = tmp_path / "news.txt"
    article.write_text(
        "Foreign Minister Leena Aho said on Monday the cabinet would decide on a mandate soon.\n"
        "=Officials= close to the talks said troops may be sent if parliament is consulted.",
        "utf-8",
    )
    out = Place(tmp_path / "out")
    assert evidence(article, export="csv,annotation,prov,claimreview,jsonl", flags=Flags(json=True), place=out) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["documents"] == 1
    first = found["claims"][0]
    span = first["spans"][0]
    assert article.read_text("utf-8")[span["start"] : span["end"]] == span["exact"]
    assert {link["relation"] for link in found["links"]} <= {"sets", "bounds", "shifts", "contradicts", "context"}
    again = evidence(article, flags=Flags(json=True), place=out)
    assert again == 0
    assert json.loads(capsys.readouterr().out) == found
    folder = tmp_path / "out"
    annotation = json.loads((folder / "claims.annotation.json").read_text("utf-8"))
    kinds = {selector["type"] for selector in annotation["items"][0]["target"][0]["selector"]}
    assert kinds == {"TextPositionSelector", "TextQuoteSelector"}
    prov = json.loads((folder / "claims.prov.json").read_text("utf-8"))
    assert len(prov["wasDerivedFrom"]) == len(found["claims"])
    assert len((folder / "claims.csv").read_text("utf-8").splitlines()) == len(found["claims"]) + 1
    for review in json.loads((folder / "claims.claimreview.json").read_text("utf-8")):
        assert 1 <= review["reviewRating"]["ratingValue"] <= 5


def test_a_cell_is_never_a_formula():
    from contingent.evidence.export import as_csv

    claim = held(quote="=1+1", speaker={"name": "@sum", "kind": "public", "office": ""})
    assert "'=1+1" in as_csv([], [claim])
    assert "'@sum" in as_csv([], [claim])


def test_offsets_only_keeps_the_words_out(tmp_path, capsys):
    article = tmp_path / "news.txt"
    article.write_text("Minister Leena Aho said the cabinet would decide on a mandate soon.", "utf-8")
    evidence(article, offsets_only=True, flags=Flags(json=True), place=Place(tmp_path / "out"))
    capsys.readouterr()
    assert "cabinet would decide" not in (tmp_path / "out/ledger.jsonl").read_text("utf-8")


def test_unknown_format_and_pack_are_named(tmp_path):
    (tmp_path / "a.txt").write_text("He said so.", "utf-8")
    with pytest.raises(InputError, match="no such format"):
        evidence(tmp_path / "a.txt", export="pdf", place=Place(tmp_path / "out"))
    with pytest.raises(InputError, match="no domain pack"):
        evidence(tmp_path / "a.txt", pack="fish", place=Place(tmp_path / "out"))
    (tmp_path / "p.yaml").write_text("name: x\nquestion: y\nfactors: {a: {words: [b]}}\n", "utf-8")
    with pytest.raises(InputError, match=r"factors\.a\.keywords"):
        evidence(tmp_path / "a.txt", pack=str(tmp_path / "p.yaml"), place=Place(tmp_path / "out"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Talks\n\nPublished November 30, 2025\n\nThe minister said so.", dt.date(2025, 11, 30)),
        ("LIMA, 22 February 2026 - The minister said that no troops would go.", dt.date(2026, 2, 22)),
        ("He said so.\nOn 3 March 2019 the council had voted for it, but nobody has asked for it since then.", None),
        ("نیا نورپور، ۳ نومبر ۲۰۲۵\n\nوزیر دفاع نے کہا کہ فوج نہیں بھیجی جائے گی۔", dt.date(2025, 11, 3)),
        ("الرباط، ٣ نوفمبر ٢٠٢٥\n\nقال وزير الدفاع إن القوات لن تشارك في المهمة.", dt.date(2025, 11, 3)),
    ],
)  # fmt: skip
def test_a_text_is_of_the_day_in_a_line_of_its_own(text, day):
    assert article_from(text.encode(), "a.txt").published == day


def test_the_days_of_statements_are_told_from_the_day_of_the_text():
    text = "الرباط، ٣ نوفمبر ٢٠٢٥\n\nقال وزير الدفاع يوم الأحد إن القوات لن تشارك في المهمة.".encode()
    (claim,) = extract(article_from(text, "a.txt"))
    assert (claim.date_expression, claim.day) == ("يوم الأحد", "2025-11-02")  # the third was a Monday


def test_a_pdf_is_read_and_a_locked_or_empty_one_is_told():
    from pypdf import PdfWriter

    def written(password: str = "") -> bytes:
        writer, file = PdfWriter(), io.BytesIO()
        writer.add_blank_page(100, 100)
        if password:
            writer.encrypt(password)
        writer.write(file)
        return file.getvalue()

    with pytest.raises(InputError, match="holds no text; a scan needs"):
        article_from(written(), "a.pdf")
    with pytest.raises(InputError, match="locked by a password"):
        article_from(written("x"), "a.pdf")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length 63>>stream\nBT /F 12 Tf 9 99 Td (The minister said troops would go.) Tj ET  \nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )
    assert article_from(body, "a.pdf").text == "The minister said troops would go."
