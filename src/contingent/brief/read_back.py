"""Does a file print what the brief printed that was made again from what travels inside it?

Text extraction and comparison. Digests find accidents: whoever means to deceive computes them again. So the words of a
page, a PDF or a Word document are read back, in a process under limits, and compared line by line with those of the
brief made again. Who made the file is proven by none of this.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from contingent.errors import ExtraError, InputError, RunError
from contingent.processes import contained

NAMESPACE = "urn:contingent:run"  # of the part of a Word document that holds the run
SEALED = re.compile(r"[0-9a-f]{64}:")
SHOWN = 200  # differences told at most
WIDE = 120  # characters of a difference
BLANKS = re.compile(r"[ \t\r\n]+")  # not those that keep a number and its sign together
LONGEST = 2_000  # words of lines that are told apart word by word
INLINE = frozenset("a b bdi data em i q small span strong tspan".split())


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds and shows: parcels, lines of words, and pictures and notes laid over them, by their hash."""

    sealed: tuple[str, ...]
    lines: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def looked_into(kind: str, content: bytes, where: str) -> Looked:
    """What a file of an ending holds and shows, read in a process of its own.

    Raises:
        RunError: it is damaged, or takes longer to read than any brief does.
        ExtraError: the reader of PDF is not installed.
    """
    try:
        return contained(where, {"html": _page, "pdf": _pages, "docx": _word}[kind], content)
    except ExtraError:
        raise
    except (InputError, ValueError) as error:
        raise RunError(f"{where}: is damaged or truncated ({error}); ask for the file again") from None


class _Page(HTMLParser):
    """The words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.lines, self.within, self.sealed = [""], "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag
        if tag not in INLINE:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag("" if tag not in INLINE else tag, [])

    def handle_data(self, data: str) -> None:
        if self.within == "script" and SEALED.match(data):
            self.sealed.append(data)
        elif self.within not in ("script", "style"):
            self.lines[-1] += data


def _page(content: bytes) -> Looked:
    reader = _Page()
    reader.feed(content.decode("utf-8", "replace"))
    return Looked(tuple(reader.sealed), tuple(reader.lines))


def _word(content: bytes) -> Looked:
    """A Word document's: what an office program wrote beside the text does not count."""
    sealed, lines, pictures = list[str](), [""], list[str]()
    with ZipFile(io.BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("word/") and not name.endswith((".xml", ".rels")):
                pictures.append(sha256(archive.read(name)).hexdigest())
            if not name.endswith(".xml") or not name.startswith(("word/", "customXml/")):
                continue
            for _, element in ElementTree.iterparse(io.BytesIO(archive.read(name))):
                match element.tag.rpartition("}")[::2]:
                    case (space, "run") if space.endswith(NAMESPACE):
                        sealed.append(element.text or "")
                    case (_, "t"):
                        lines[-1] += element.text or ""
                    case (_, "p"):
                        lines.append("")
    return Looked(tuple(sealed), tuple(lines), tuple(pictures))


def _pages(content: bytes) -> Looked:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise ExtraError("a PDF is read back by the extra `files`: pip install 'contingent[files]'") from None
    reader = PdfReader(io.BytesIO(content))
    sealed = [part.decode("ascii", "replace") for parts in reader.attachments.values() for part in parts]
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    return Looked(tuple(sealed), tuple(lines), tuple(over for page in reader.pages for over in _laid_over(page)))


def _laid_over(part: Any, depth: int = 0) -> Iterator[str]:
    """Raster pictures of a page and of the forms in it, and notes that are no links."""
    for note in part.get("/Annots") or ():
        if note.get_object().get("/Subtype") != "/Link":
            yield f"note {note.get_object().get('/Subtype')}"
    resources = part.get("/Resources")
    for each in (resources.get_object().get("/XObject") or {}).values() if resources and depth < 8 else ():
        inner = each.get_object()
        if inner.get("/Subtype") == "/Image":
            yield sha256(inner._data).hexdigest()
        yield from _laid_over(inner, depth + 1)


def compared(there: Looked, should: Looked) -> list[dict[str, str]]:
    """Every place where a file prints something else than the brief made again: what stands before, both readings."""
    theirs, ours = ([line for each in one.lines if (line := BLANKS.sub(" ", each).strip())] for one in (there, should))
    found = list[dict[str, str]]()
    for kind, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            for at, (line, other) in enumerate(zip(theirs[a:b], ours[c:d], strict=True), a):
                found += _apart(" ".join(theirs[max(0, at - 1) : at]), line, other)
        elif kind != "equal":
            found += _apart(" ".join(theirs[max(0, a - 1) : a]), " ".join(theirs[a:b]), " ".join(ours[c:d]))
    extra, gone = Counter(there.pictures) - Counter(should.pictures), Counter(should.pictures) - Counter(there.pictures)
    if extra or gone:
        more = {"printed": f"{extra.total()} others", "should": f"{gone.total()} that are not there"}
        found.append({"place": "pictures and notes", **more})
    return found[:SHOWN]


def _apart(before: str, printed: str, should: str) -> Iterator[dict[str, str]]:
    """The words that differ in lines that do."""
    theirs, ours = printed.split(" "), should.split(" ")
    if max(len(theirs), len(ours)) > LONGEST:
        theirs, ours = [printed[:LONGEST]], [should[:LONGEST]]
    for kind, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind != "equal":
            place = " ".join([*before.split(" "), *theirs[:a]][-8:])[-WIDE:]
            yield {"place": place, "printed": " ".join(theirs[a:b])[:WIDE], "should": " ".join(ours[c:d])[:WIDE]}


def differences(kind: str, content: bytes, made: bytes, where: str) -> list[dict[str, str]]:
    """Where a file prints something else than the one that was made again; none for the same bytes.

    Raises:
        RunError: the file cannot be read back.
        ExtraError: what writes or reads such a file is not installed.
    """
    if made == content:
        return []
    found = contained(where, compared, looked_into(kind, content, where), looked_into(kind, made, where))
    if kind == "html" and not found:  # a style can hide words and show others
        found.append(
            {"place": "markup", "printed": "another", "should": "what this version writes; every word is the same"}
        )
    return found


def lacking(there: Looked, texts: Iterable[str]) -> list[dict[str, str]]:
    """Numbers of a list that a file prints less often than it should."""
    words = Counter(word for line in there.lines for word in line.split())
    gone = Counter(word for text in texts for word in text.split() if re.search(r"\d", word)) - words
    return [{"place": "anywhere", "printed": f"{words[word]} times", "should": f"{word}, {count + words[word]} times"}
            for word, count in gone.items()][:SHOWN]  # fmt: skip
