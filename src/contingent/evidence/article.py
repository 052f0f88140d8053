"""What an article's text is: from a file to the characters every offset counts in.

Text extraction. Text files keep every character (byte-exact); a saved page is reduced to its article, and a PDF, Word
or mail file to its paragraphs, by readers that are loaded when one is met. Nothing is fetched.
"""

import datetime as dt
import hashlib
import io
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from contingent.errors import ExtraError, InputError
from contingent.evidence.language import in_arabic_script, read_in, written_day
from contingent.processes import contained, content_of

LARGEST = 5_000_000  # bytes of a text or a page
LONGEST = 400_000  # characters of a text: a sitting of a parliament has as many
EASY = 50_000  # bytes of a text or a page that takes no time, whatever stands in it
SUFFIXES = frozenset(".txt .md .html .htm .xhtml .mht .mhtml .eml .pdf .docx".split())
_HTML = re.compile(r"<(?:!doctype|html|head|body|p|div|article)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,80}charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BYLINE = re.compile(r"by\s+((?:[A-Z][\w.’'-]*\s*(?:,|and|&)?\s*){1,8})$", re.IGNORECASE)
_WIDE = (("UTF-32", (b"\xff\xfe\0\0", b"\0\0\xfe\xff")), ("UTF-16", (b"\xff\xfe", b"\xfe\xff")))  # by their marks
_DATED = 90  # characters of a line that tells the day of a text
_STAMP = 8  # words of such a line that ends as a sentence does
_DATELINE = re.compile(r".{5,90}?\s[-–—]\s|.{5,90}?:\s")
_ENDS = tuple('.”"۔؟!»')
_LAST = "9999-12-31"  # no day of a page is too late: what is read does not depend on when
_WHOLE = 10 * LARGEST  # bytes of a file that holds pictures beside its text


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known of where it comes from; `sha256` is of the text in UTF-8."""

    name: str
    text: str
    title: str = ""
    byline: str = ""
    publisher: str = ""
    url: str = ""
    published: dt.date | None = None
    language: str = "en"
    warnings: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash by which a reader who has the text can check every offset."""
        return _sha256(self.text)


@lru_cache(maxsize=4)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_article(path: Path) -> Article:
    """The article in a text, HTML, PDF, Word or mail file.

    Raises:
        InputError: there is no such file, it is empty, damaged, in a language not read, or too large to be an article.
        ExtraError: the reader for such a file is not installed.
    """
    return article_from(read_bytes(path), path.name)


def read_bytes(path: Path, name: str = "") -> bytes:
    """The bytes of a file that may hold an article; `name` is what it is called in messages.

    Raises:
        InputError: it cannot be read, or is too large to be an article.
    """
    most = _WHOLE if path.suffix.lower() in _READERS else LARGEST
    return content_of(path, most, "give one article, or split it", name=name)


def article_from(raw: bytes, name: str) -> Article:
    """The article in the bytes of a file.

    Raises:
        InputError: empty, damaged, binary, or in a language that is not read.
        ExtraError: the reader for such a file is not installed.
    """
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    article = contained(name, _parsed, raw, name) if heavy(raw, name) else _parsed(raw, name)
    if not article.text.strip():
        hint = "; a scan needs its text recognized first" if raw.startswith(b"%PDF") else ""
        raise InputError(f"{name}: holds no text{hint}")
    if len(article.text) > LONGEST:
        raise InputError(f"{name}: {len(article.text):,} characters are no article (at most {LONGEST:,}); split it")
    language = read_in(article.text, name)
    return replace(article, language=language, published=article.published or _dated(article.text, language))


def heavy(raw: bytes, name: str) -> bool:
    """Whether reading a file may take long: what needs a reader, and what is large."""
    return len(raw) > EASY or raw.startswith(b"%PDF") or Path(name.lower()).suffix in _READERS


def _parsed(raw: bytes, name: str) -> Article:
    """What a file's own format says."""
    suffix = ".pdf" if raw.startswith(b"%PDF") else Path(name.lower()).suffix
    if reader := _READERS.get(suffix):
        try:
            return reader(raw, name)
        except (InputError, ExtraError):
            raise
        except Exception as error:  # whatever a reader of a damaged file stumbles on
            why = " ".join(str(error).split())[:120] or type(error).__name__
            raise InputError(f"{name}: damaged, or not a {suffix} file ({why}); save the text of it as .txt") from None
    return _from_text(*_decode(raw, name), name, page=suffix in {".html", ".htm", ".xhtml"})


def _dated(text: str, language: str) -> dt.date | None:
    """The day in a line of its own, or in a dateline, at the head or foot of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in [*lines[:6], *lines[-1:]]:
        told = len(line) > _DATED or (line.endswith(_ENDS) and len(line.split()) > _STAMP)
        head = _DATELINE.match(line) if told else line
        if head and (day := written_day(head if isinstance(head, str) else head[0], language)):
            return day
    return None


def _decode(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for kind, marks in _WIDE:  # the longer mark begins with the shorter one
        if raw.startswith(marks):
            return raw.decode(kind, "replace"), (f"read as {kind}",)
    if b"\x00" in raw[:4096] or raw[:4] in {b"PK\x03\x04", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"{\\rt"}:
        raise InputError(f"{name}: is a binary file, not text or HTML; save the article as text, PDF or .docx first")
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        said = _CHARSET.search(raw[:4096])
        try:
            if said:
                return raw.decode(said[1].decode("ascii")), ()
        except (LookupError, UnicodeDecodeError):
            pass
        arabic = raw.decode("cp1256", "replace")
        kind, text = ("1256", arabic) if in_arabic_script(arabic) else ("1252", raw.decode("cp1252", "replace"))
        return text, (f"not UTF-8 (byte {error.start}); read as Windows-{kind}, check names and quotation marks",)


def _from_text(text: str, warnings: tuple[str, ...], name: str, *, page: bool = False) -> Article:
    if page or _HTML.search(text[:2000]):
        return _from_page(text, warnings, name)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = lines[0] if len(lines) > 1 and len(lines[0]) <= 120 and not lines[0].endswith(_ENDS) else ""
    byline = next((match[1].strip() for line in lines[:5] if (match := _BYLINE.match(line))), "")
    return Article(name, text, title, byline, warnings=warnings)


def _from_page(markup: str, warnings: tuple[str, ...], name: str) -> Article:
    """The article in a page, without menus, notices, teasers and comments; its day by htmldate."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise ExtraError(f"{name}: {_needs('a saved page', 'web')}") from None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    asked: Any = {
        "include_comments": False, "include_tables": False, "with_metadata": True,
        "date_extraction_params": {"original_date": True, "extensive_search": False, "max_date": _LAST},
    }  # fmt: skip
    found: Any = bare_extraction(markup, favor_precision=True, **asked) or bare_extraction(markup, **asked)
    if not found or not (found.text or "").strip():
        raise InputError(f"{name}: the page holds no article outside scripts, menus and notices")
    day = dt.date.fromisoformat(found.date) if found.date else None
    title, byline, publisher, url = (one or "" for one in (found.title, found.author, found.sitename, found.url))
    return Article(name, found.text, title, byline, publisher, url, day, warnings=warnings)


def _from_pdf(raw: bytes, name: str) -> Article:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise ExtraError(f"{name}: {_needs('a PDF', 'files')}") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError(f"{name}: is locked by a password; save its text as .txt")
    text = "\n\n".join(page.extract_text() for page in reader.pages)
    return Article(name, text, str(reader.metadata.title or "") if reader.metadata else "")


def _from_word(raw: bytes, name: str) -> Article:
    try:
        from docx import Document
        from docx.text.paragraph import Paragraph
    except ImportError:
        raise ExtraError(f"{name}: {_needs('a Word file', 'files')}") from None
    document = Document(io.BytesIO(raw))
    lines = [part.text for part in document.iter_inner_content() if isinstance(part, Paragraph)]
    known = document.core_properties
    return Article(name, "\n".join(line for line in lines if line.strip()), known.title, known.author)


def _from_mail(raw: bytes, name: str) -> Article:
    """The text of a message; its subject is the title, its day the day of publication, its sender the publisher."""
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    body = message.get_body(("plain", "html")) or message
    payload, charset = body.get_payload(decode=True), body.get_content_charset()
    if not isinstance(payload, bytes) or not body.get_content_type().startswith("text/"):
        raise InputError(f"{name}: the message holds no text")
    text, warnings = (payload.decode(charset, "replace"), ()) if charset else _decode(payload, name)
    markup = body.get_content_type() == "text/html"
    article = _from_text(text, warnings, name, page=markup)
    date: Any = message["date"]
    day = date.datetime.date() if date and date.datetime else None
    title, sender = (str(message[key] or "") for key in ("subject", "from"))
    return replace(
        article, title=article.title if markup and article.title else title, published=article.published or day,
        publisher=article.publisher or ("" if markup else sender),
        url=article.url or str(message["snapshot-content-location"] or ""),
    )  # fmt: skip


def _needs(what: str, extra: str) -> str:
    return f"{what} needs the extra `{extra}`: pip install 'contingent[{extra}]', or save its text as .txt"


_READERS: dict[str, Callable[[bytes, str], Article]] = {
    ".pdf": _from_pdf, ".docx": _from_word, ".eml": _from_mail, ".mht": _from_mail, ".mhtml": _from_mail,
}  # fmt: skip
