"""Which table does a file hold, whatever program saved it, and how is one saved?

Character encodings and kinds of file. A table comes as UTF-8, as UTF-16 with its mark, or in the Windows code page of
western Europe, which is said; what is no table of KTAB's spatial model is named in one line.
"""

import re
from collections.abc import Callable
from pathlib import Path

from contingent.atomic import atomic_write
from contingent.consultation.spatial.ktab_csv import LONGEST, parse_csv, write_csv
from contingent.consultation.spatial.ktab_xml import parse_xml, write_xml
from contingent.consultation.spatial.model import Compat, Model, Table
from contingent.errors import Complaint, InputError, ScenarioError
from contingent.processes import content_of

LARGEST = 5_000_000  # bytes; 250 stakeholders on 30 issues take a hundredth of it
SAVE_AS = "save it as “CSV UTF-8”"
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
OTHERS = (
    (b"PK\x03\x04", "an Excel or OpenDocument workbook (or another zip archive)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database, such as KTAB's own output"),
)
DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
WESTERN = ("windows-1252", "cp1252", "iso-8859-1", "iso-8859-15", "latin-1", "latin1", "us-ascii", "ascii")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ODD_WORDS = re.compile(r"(?<!\w)[^\W\d_\x00-\x7f]{3,}(?!\w)|[^\W\d_\x00-\x7f]{4,}")
INSIDE_A_WORD = re.compile(r"[A-Za-z][^\w\x00-\x7f’‘´·–—\xad\xa0-\xbf][A-Za-z]|[a-z][À-ÞŠŒŽŸ][a-z]")


def read_table(path: Path, compat: Compat = "corrected", model: Model | None = None) -> tuple[Table, Model, int]:
    """The table of a file, its model and seed; a CSV carries no options, so `model` holds where one is given.

    Raises:
        InputError: the file cannot be read, or is no table, each fault with its line.
    """
    text, notes = text_of(path)
    if path.suffix.lower() == ".xml" or text.lstrip().startswith("<?xml"):
        table, found, seed = parse_xml(text, path.name, compat)
    else:
        table, found, seed = parse_csv(text, path.name), model or Model(compat=compat), 0
    return table.noting(*notes), found, seed


def text_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a file, as `decoded`; an InputError where it cannot be read or is too large."""
    return decoded(content_of(path, LARGEST, "name a table in KTAB's format"), path.name)


def decoded(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and what has to be said of how it was read.

    Raises:
        ScenarioError: another kind of file, or bytes that no encoding read here explains, with their line.
    """

    def refuse(at: int, what: str) -> ScenarioError:
        return ScenarioError([Complaint(name, 1 + raw[:at].count(b"\n") if at >= 0 else 0, "", what, SAVE_AS)])

    for start, kind in OTHERS:
        if raw.startswith(start):
            raise refuse(-1, f"this is {kind}, not a table in KTAB's format")
    notes: tuple[str, ...] = ()
    declared = DECLARED.match(raw.lstrip()[:300])
    western = bool(declared) and declared[1].decode().lower() in WESTERN
    encoding = next((found for mark, found in MARKS if raw.startswith(mark)), "cp1252" if western else "utf-8")
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as reason:
        if encoding != "utf-8" or raw.startswith(MARKS[0][0]):
            raise refuse(reason.start, f"not text in {encoding.upper()} (byte {reason.start})") from None
        text = _western(raw, refuse)
        notes = (f"not UTF-8: read as windows-1252, look at the accents; {SAVE_AS} to be sure",)
    if control := CONTROL.search(text):
        line = 1 + text[: control.start()].count("\n")
        what = "a null character" if control[0] == "\0" else f"a control character (U+{ord(control[0]):04X})"
        many = text.count("\0") > len(text) / 4 and control[0] == "\0"
        what = "null characters, as in UTF-16 without its mark" if many else f"{what}, which is no text"
        raise ScenarioError([Complaint(name, line, "", f"holds {what}", f"delete it, or {SAVE_AS}")])
    return text, notes


def _western(raw: bytes, refuse: Callable[[int, str], ScenarioError]) -> str:
    """Bytes that are not UTF-8 as windows-1252, where that makes words."""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as reason:
        what = f"byte 0x{raw[reason.start]:02X} is neither UTF-8 nor in the Windows code page of western Europe"
        raise refuse(reason.start, what) from None
    offset = 0
    for line in raw.split(b"\n"):
        try:
            if not line.isascii() and line.decode("utf-8"):
                raise refuse(offset, "this line is UTF-8 and others are not: two encodings in one file")
        except UnicodeDecodeError:
            pass
        offset += len(line) + 1
    if odd := ODD_WORDS.search(text) or INSIDE_A_WORD.search(text):
        what = f"not UTF-8, and read as windows-1252 it says “{odd[0][:LONGEST]}”: another code page"
        raise refuse(len(text[: odd.start()].encode("cp1252")), what)
    return text


def save_table(path: Path, table: Table, model: Model, seed: int) -> None:
    """Write a table as .csv or .xml, whichever the name ends in; never over a file.

    Raises:
        InputError: another ending, or there is a file.
    """
    if path.suffix.lower() not in (".csv", ".xml"):
        raise InputError(f"--save {path}: end the name in .csv or .xml")
    if path.exists():
        raise InputError(f"--save {path}: there is a file already; nothing was written over it")
    text = write_xml(table, model, seed) if path.suffix.lower() == ".xml" else write_csv(table)
    try:
        with atomic_write(path) as scratch:
            scratch.write_bytes(text.encode())
    except OSError as reason:
        raise InputError(f"--save {path}: {reason.strerror or reason}") from None
