"""Is any input answered with a traceback, or with silence? `python benchmarks/fuzz.py [SECONDS] [TARGET ...]`.

Thirty readers of files and texts from elsewhere. Each is given whole inputs with pieces changed, doubled, cut or put in
from others (hypothesis), for so many seconds: 120, the nightly run, unless another number is given. An input is either
read or refused with an error of this package, of at most 40 lines, within five seconds of processor time. One that is
not is kept in `tests/broken/corpus/TARGET`, made as small as it can be, and tried first ever after. Ends with 1 if one
was found.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contingent import processes
from contingent.brief.embedded_run import BLANK, Parcel, digest, unpack
from contingent.brief.read_back import NAMESPACE, lacking, looked_into
from contingent.consultation.spatial.ktab_csv import parse_csv
from contingent.consultation.spatial.ktab_xml import parse_xml
from contingent.consultation.spatial.table_file import read_table
from contingent.countries import code_of
from contingent.errors import ContingentError
from contingent.evidence.article import article_from
from contingent.evidence.assistant import Cassette
from contingent.evidence.export import decisions_from
from contingent.evidence.ingest import Settings, day_of, read_one
from contingent.evidence.ledger import Ledger, claims_now, record
from contingent.evidence.pack import read_pack
from contingent.grids import grids, notation_of
from contingent.notation import cell_of, legible, number
from contingent.records import day_meant, from_json, from_yaml
from contingent.scenario.read import locate, read, validated
from contingent.scenario.source import Source
from contingent.scenario.workbook import write as write_workbook
from contingent.scenario.workbook_import import read_workbook
from contingent.scoring.tables import published
from contingent.study.question import Question
from contingent.study.store import Store, question_of
from contingent.study.what_if import asked, designs

CORPUS = Path(__file__).parents[1] / "tests" / "broken" / "corpus"
SECONDS, LINES = 5, 40
ARTICLE = b"By A. Reporter\n\n28 October 2025\n\nThe minister said on Monday that 1,200 troops will be sent to Gaza.\n"
PAGE = b"<html><head><title>T</title></head><body><article><p>The minister said that troops will be sent.</p></article>"
MAIL = b"From: a@b.example\nSubject: Troops\nDate: Tue, 28 Oct 2025 10:00:00 +0000\n\n" + ARTICLE
"""Whole inputs; those of other kinds are written by this package itself."""


@cache
def case() -> Any:
    """A shipped case, read once."""
    return read("amm_aceh")


@cache
def sealed() -> bytes:
    """What a brief of it would carry."""
    return Parcel(Question(case(), tuple(case().options), 1, 100), "0" * 64).sealed().encode()


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@cache
def workbook() -> dict[str, bytes]:
    """The parts of a workbook of the case."""
    with TemporaryDirectory() as folder:
        write_workbook(case(), Path(folder) / "a.xlsx")
        with ZipFile(Path(folder) / "a.xlsx") as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def sheets(content: bytes) -> bytes:
    """A workbook whose first sheet with records holds other XML."""
    return packed({**workbook(), "xl/worksheets/sheet2.xml": content})


def opened_sheets(content: bytes) -> bytes:
    """An OpenDocument workbook around some XML."""
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def word(content: bytes) -> bytes:
    """A Word document with a run inside whose text is other XML."""
    run = f'<run xmlns="{NAMESPACE}">'.encode() + sealed() + b"</run>"
    return packed({"customXml/item9.xml": run, "word/document.xml": content})


def page(content: bytes) -> bytes:
    """A page with a run inside, whose digest holds."""
    text = content.decode("utf-8", "replace")
    text = f'<html><head><meta name="contingent-sha256" content="{BLANK}"></head>{text}</html>'
    return text.replace(BLANK, digest(text), 1).encode()


def ledger(file: Path) -> None:
    """A ledger and what its claims come to."""
    claims_now(Ledger.open(file))


def decided(file: Path) -> None:
    """A file of decisions, taken into a ledger that has one claim."""
    article = file.with_name("a.txt")
    article.write_bytes(ARTICLE)
    held = Ledger(file.with_name("ledger.jsonl"))
    held.append(read_one(article, Settings(), article))
    record(held, decisions_from(file))
    claims_now(Ledger.open(held.path))


def cassette(file: Path) -> None:
    """Answers of a model, played back."""
    Cassette(file)({})


def yaml(file: Path) -> None:
    """A scenario's file, read and validated."""
    source = Source(places={(): (file.name, 1)})
    source.add(file, file.name)
    if not source.complaints:
        validated(source)


def opened(file: Path) -> None:
    """A brief: what travels inside, what it shows, and whether its numbers stand there."""
    kind, content, inside = unpack(file)
    inside.parcel(str(file))
    if kind != "ctg":
        lacking(looked_into(kind, content, str(file)), inside.texts)


def numbers(file: Path) -> None:
    """Numbers, as cells and as scenarios write them."""
    for line in file.read_text("utf-8", "replace").splitlines()[:20]:
        for reading in (number, notation_of(",", [(line, 100.0)]).number, day_meant, code_of):
            try:
                reading(line)
            except ValueError:
                continue
        day_of(line, "--as-of")


def shown(file: Path) -> None:
    """Words as they are written for people and for spreadsheets."""
    text = file.read_text("utf-8", "replace")
    assert len(legible(text)) == len(text)
    assert not str(cell_of(text)).lstrip().startswith(("=", "@", "+", "-"))


def stored(file: Path) -> None:
    """A run folder whose manifest holds this."""
    folder = file.parent / "runs" / "0123456789ab"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(file.read_bytes())
    list(Store(folder.parent).manifests())
    question_of(folder)


def texts(kind: str) -> Callable[[Path], None]:
    """An article of a kind, up to the lines of the ledger."""

    def reading(file: Path) -> None:
        article_from(file.read_bytes(), f"a.{kind}")
        read_one(file.parent, Settings(), file)

    return reading


SCENARIO = (locate("amm_aceh") / "scenario.yaml").read_bytes()
MANIFEST = {"format": 5, "id": "0123456789ab", "name": "a", "title": "A", "as_of": "2025-10-28", "scenario_sha256": "0" * 64,
            "options": ["a"], "seed": 1, "runs": 2, "version": "0", "libraries": {}, "sample": 2, "digests": {}}  # fmt: skip
ROW = '{"decisions": [{"claim": "x/c01", "verdict": "edit", "reason": "r", "by": "b", "at": "2025-10-28", "changes": {"%s": %s}}]}'
KTAB = b"Actor,Description,Power,Issue,Issue sal\nA,a,50,10,30\nB,b,40,90,30\nC,c,20,50,30\n"
XML = (
    b'<?xml version="1.0"?><kdata><Scenario name="a"><Actors><Actor name="A"><capability>5</capability></Actor></Actors>'
    b"</Scenario></kdata>"
)
SHEET = (
    b'<table:table xmlns:table="urn:x" table:name="A"><table:table-row><table:table-cell table:number-columns-repeated="3"/>'
    b"</table:table-row></table:table>"
)
DOCUMENT = b'<w:document xmlns:w="urn:w"><w:p><w:r><w:t>94 % of runs</w:t></w:r></w:p></w:document>'
JSON = [b"5", b"null", b"[]", b"{}", b'{"a": {"b": 1}}', b"[" * 500, b'"\\ud800"', b"1e999", b"9" * 5000]
Target = tuple[list[bytes], Callable[[bytes], bytes], str, Callable[[Path], Any]]


def same(content: bytes) -> bytes:
    """The bytes themselves."""
    return content


TARGETS: dict[str, Target] = {
    "article": ([ARTICLE, b"KHAN: yes.\n" * 5, "“a” ".encode() * 9], same, "a.txt", texts("txt")),
    "article_page": ([PAGE, b"<p a='" * 9, b"<!--" * 9, b"<![CDATA[" * 9], same, "a.html", texts("html")),
    "article_mail": ([MAIL], same, "a.eml", texts("eml")),
    "article_archive": ([b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\n" + PAGE], same, "a.mht", texts("mht")),
    "article_pdf": ([b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"], same, "a.pdf", texts("pdf")),
    "article_word": ([DOCUMENT], word, "a.docx", texts("docx")),
    "decisions": ([(ROW % ("letter", '"A"')).encode(), (ROW % ("factors", "[1]")).encode(), *JSON], same, "d.json", decided),
    "cassette": ([b'{"a": {"choices": []}}', *JSON], same, "c.json", cassette),
    "ledger": ([b'{"n":0,"kind":"claim","body":{},"seal":"0"}\n', *JSON], same, "l.jsonl", ledger),
    "pack": ([b"name: a\nquestion: b\nfactors: {}\n", b"extends: isf_gaza\n"], same, "p.yaml", read_pack),
    "scenario": ([SCENARIO[:3000], SCENARIO], same, "scenario.yaml", yaml),
    "designs": ([b"process.deadline: [60, 90]\n", b"- {process.deadline: 60}\n"], same, "d.yaml", lambda f: designs(case(), f)),
    "designs_table": ([b"design,process.deadline\na,60\nb,90\n"], same, "d.csv", lambda f: designs(case(), f)),
    "change": ([b"process.deadline=60", b"stakeholders.*.capability=x2"], same, "c.txt",
               lambda f: asked(case(), f.read_text("utf-8", "replace").splitlines()[:5])),
    "sheet": ([b"<worksheet><sheetData><row><c r='A1' t='str'><f>1</f><v>1</v></c></row></sheetData></worksheet>"], sheets, "s.xlsx", grids),
    "sheet_open": ([SHEET], opened_sheets, "s.ods", grids),
    "sheet_import": ([b"<worksheet><sheetData><row><c r='A1'><v>1</v></c></row></sheetData></worksheet>"], sheets, "s.xlsx",
                     lambda f: read_workbook(case(), f)),
    "archive": ([packed({"a": b"b"})], same, "s.xlsx", grids),
    "delimited": ([b"a;b\n1,5;2\n", b"a,b\n\"1\n\",2\n"], same, "s.csv", grids),
    "published": ([b"iso3,year,troops\nKEN,2023,10\n"], same, "p.csv", published),
    "ktab_table": ([KTAB], same, "k.csv", read_table),
    "ktab_text": ([KTAB], same, "k.csv", lambda f: parse_csv(f.read_text("utf-8", "replace"), "k.csv")),
    "ktab_markup": ([XML], same, "k.xml", lambda f: parse_xml(f.read_text("utf-8", "replace"), "k.xml")),
    "parcel": ([b"0" * 64 + b":", *JSON], lambda c: sha256(c).hexdigest().encode() + b":" + c, "r.ctg", opened),
    "brief_page": ([b"<p>94 %</p>"], lambda c: page(b"<body>" + c + b'<script id="contingent-parcel">' + sealed() + b"</script>"), "b.html", opened),
    "brief_word": ([DOCUMENT], word, "b.docx", opened),
    "brief_pdf": ([b"%PDF-1.7\n1 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream endobj\n%%EOF"], same, "b.pdf", opened),
    "manifest": ([json.dumps(MANIFEST).encode(), *JSON], same, "m.json", stored),
    "json": (JSON, same, "j.json", lambda f: from_json(f.read_bytes(), dict[str, int], f, "hint")),
    "yaml": ([b"a: [1, {b: c}]\n", b"&a [*a]"], same, "y.yaml", lambda f: from_yaml(f.read_text("utf-8", "replace"), f)),
    "numbers": ([b"1.200,5\n3000 (2000 to 6000)\n2/3\n55 %\n2025-10-28\nKenya\n"], same, "n.txt", numbers),
    "words": ([b"=1+1", "a\u202eb\u2066".encode(), b"-2 %"], same, "w.txt", shown),
}  # fmt: skip
"""By name: whole inputs, what is made of bytes, the file's name, and who reads it."""


def fault(name: str, content: bytes) -> str:
    """What is wrong with the answer to an input; nothing if it is read, or refused as it should be."""
    _, made, called, reading = TARGETS[name]
    with TemporaryDirectory() as folder:
        file = Path(folder) / called
        file.write_bytes(made(content))
        began = time.process_time()
        try:
            reading(file)
        except ContingentError as error:
            if len(str(error).splitlines()) > LINES:
                return f"{len(str(error).splitlines())} lines of error"
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]
        taken = time.process_time() - began
        return f"{taken:.0f} seconds" if taken > SECONDS else ""


def inputs(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Whole inputs with up to six pieces cut, doubled, or put in."""
    piece = st.one_of(
        st.binary(max_size=6),
        st.sampled_from(JSON),
        st.sampled_from([b"\x00", "\u202e".encode(), b"-1", b"=", b"<", b"\n"]),
    )
    edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), piece, st.integers(0, 3)), max_size=6)

    def changed(given: tuple[bytes, list[tuple[float, int, bytes, int]]]) -> bytes:
        content, changes = given
        for where, length, new, times in changes:
            at = int(where * len(content))
            content = content[:at] + new + content[at : at + length] * times + content[at + length :]
        return content

    return st.tuples(st.sampled_from(seeds), edits).map(changed)


def kept(name: str) -> list[bytes]:
    """Inputs of a target that were once answered wrongly."""
    return [file.read_bytes() for file in sorted((CORPUS / name).glob("*"))]


def tried(name: str, count: int, seconds: float = 0) -> list[tuple[bytes, str]]:
    """Wrong answers among the kept inputs, the whole ones, and so many others, again and again while time is left."""
    wrong = [(each, why) for each in (*kept(name), *TARGETS[name][0]) if (why := fault(name, each))]
    until, worst = time.monotonic() + seconds, dict[str, bytes]()

    @settings(max_examples=count, deadline=None, database=None, derandomize=not seconds, print_blob=False,
              suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink])  # fmt: skip
    @given(inputs([*TARGETS[name][0], *kept(name)]))
    def one(content: bytes) -> None:
        if why := fault(name, content):
            worst[why] = content
            raise AssertionError(why)

    while not wrong:
        try:
            one()
        except AssertionError as told:
            wrong += [(content, why) for why, content in worst.items() if why == str(told)]
        if time.monotonic() >= until:
            break
    return wrong


def main(seconds: float = 120, names: tuple[str, ...] = ()) -> int:
    """Every target for so many seconds; the exit code."""
    processes._inside = True  # in this process, so that what is slow is seen as slow
    found = 0
    for name in names or TARGETS:
        wrong = tried(name, 100, seconds)
        for content, why in wrong:
            file = CORPUS / name / sha256(content).hexdigest()[:12]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            print(f"{name}: {why}\n    {file}")
        found += len(wrong)
        print(f"{name}: {len(wrong)} wrong", flush=True)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(float((sys.argv[1:] or ["120"])[0]), tuple(sys.argv[2:])))
