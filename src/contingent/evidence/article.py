"""What an article's text is: from a text or HTML file to the characters every offset counts in.

Text extraction. Text files keep every character (byte-exact); HTML is reduced to its paragraphs; nothing is fetched.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from contingent.errors import ExtraError, InputError

LARGEST = 5_000_000  # bytes; a book has about 1 MB, so anything larger is not an article
_SKIPPED = frozenset("script style noscript template svg nav footer aside form button iframe head".split())
_BLOCKS = frozenset("p div li h1 h2 h3 h4 h5 h6 blockquote section article td tr br main header".split())
_VOID = {"br", "img", "hr", "meta", "link", "input", "source", "wbr"}
_META_DATES = {"article:published_time", "date", "dc.date", "pubdate", "og:published_time", "datepublished"}
_HTML = re.compile(r"<(?:!doctype|html|head|body|p|div|article)\b", re.IGNORECASE)
_BYLINE = re.compile(r"by\s+((?:[A-Z][\w.’'-]*\s*(?:,|and|&)?\s*){1,8})$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    warnings: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash by which a reader who has the text can check every offset."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def read_article(path: Path, *, main_text: bool = False) -> Article:
    """The article in a text or HTML file; with `main_text` a page is reduced by trafilatura (extra `web`).

    Raises:
        InputError: there is no such file, it is empty, binary, or too large to be an article.
        ExtraError: the main text is asked for and trafilatura is not installed.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give one article, or use the verb on the whole folder")
        if path.stat().st_size > LARGEST:
            size = path.stat().st_size / 1e6
            raise InputError(f"{path}: {size:,.0f} MB is not an article (at most {LARGEST / 1e6:,.0f} MB); split it")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    return article_from(raw, path.name, main_text=main_text)


def article_from(raw: bytes, name: str, *, main_text: bool = False) -> Article:
    """The article in the bytes of a file.

    Raises:
        InputError: empty or binary.
        ExtraError: the main text is asked for and trafilatura is not installed.
    """
    text, warnings = _decode(raw, name)
    if not text.strip():
        raise InputError(f"{name}: holds no text")
    if name.lower().endswith((".html", ".htm", ".xhtml")) or _HTML.search(text[:2000]):
        return _from_html(text, name, warnings, main_text=main_text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = lines[0] if len(lines) > 1 and len(lines[0]) <= 120 and not lines[0].endswith((".", "”", '"')) else ""
    byline = next((match[1].strip() for line in lines[:5] if (match := _BYLINE.match(line))), "")
    return Article(name, text, title, byline, warnings=warnings)


def _decode(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", "replace"), ("read as UTF-16",)
    if b"\x00" in raw[:4096] or raw[:4] in {b"%PDF", b"PK\x03\x04", b"\x89PNG"}:
        raise InputError(f"{name}: is a binary file, not text or HTML; save the article as text first")
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        text = raw.decode("cp1252", "replace")
        return text, (f"not UTF-8 (byte {error.start}); read as Windows-1252, check names and quotation marks",)


class _Stripper(HTMLParser):
    """Collects the text of paragraphs, the title and the date of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self.skip: list[str] = []
        self.title = ""
        self.meta: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "meta":
            key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
            self.meta.setdefault(key, values.get("content", ""))
        elif tag == "time" and "datetime" in values:
            self.meta.setdefault("date", values["datetime"])
        self._in_title = tag == "title"
        if tag in _SKIPPED and tag not in _VOID:
            self.skip.append(tag)
        elif tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag in self.skip:
            while self.skip and self.skip.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self.skip:
            self.blocks[-1] += data


def _from_html(markup: str, name: str, warnings: tuple[str, ...], *, main_text: bool) -> Article:
    stripper = _Stripper()
    stripper.feed(markup)
    stripper.close()
    lines = [" ".join(block.split()) for block in stripper.blocks]
    text = _main_text(markup) if main_text else "\n".join(line for line in lines if line)
    if not text:
        raise InputError(f"{name}: the page holds no text outside scripts and menus")
    day = next((stripper.meta[key][:10] for key in _META_DATES if _DAY.match(stripper.meta.get(key, ""))), "")
    meta = stripper.meta
    try:
        published = dt.date.fromisoformat(day) if day else None
    except ValueError:
        published = None
    title = " ".join((meta.get("og:title") or stripper.title).split())
    byline, publisher, url = (meta.get(key, "") for key in ("author", "og:site_name", "og:url"))
    return Article(name, text, title, byline, publisher, url, published, warnings)


def _main_text(markup: str) -> str:
    try:
        from trafilatura import extract
    except ImportError:
        raise ExtraError("--main-text needs the extra `web`: pip install 'contingent[web]', or leave it out") from None
    return extract(markup, include_comments=False, include_tables=False) or ""
