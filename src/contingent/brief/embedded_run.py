"""What travels inside a brief, so that the file alone gives the run back?

The question (scenario, options, seed, runs, versions) and the hash of every printed number, as canonical
JSON, compressed, in Base64, beside its SHA-256. Re-running the question gives the same numbers. A page carries the
digest of its own bytes as well, so a change to any printed number is found; a PDF carries the run as an attachment, a
Word document as a part of its own; a `.ctg` file is that attachment alone.
"""

import base64
import binascii
import json
import lzma
import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError

from contingent.atomic import canonical_json
from contingent.errors import InputError, RunError
from contingent.study.question import Question

MEMBER = "contingent-run.ctg"  # what the parcel is called where a file can hold others
NAMESPACE = "urn:contingent:run"  # what it is called where a file holds parts in XML
FORMAT = 2  # of a parcel; raised when an older one can no longer be read
LARGEST = 64 * 2**20  # bytes that a parcel may inflate to: a thousand pledges take one
BLANK = "0" * 64  # where a page carries its own digest, before it is known
IN_PAGE = re.compile(r'<script type="text/plain" id="contingent-parcel">([^<]*)</script>')
STAMP = re.compile(r'<meta name="contingent-sha256" content="([0-9a-f]{64})">')
IN_XML = re.compile(rf'<(?:\w+:)?run xmlns[^>]*"{NAMESPACE}"[^>]*>([^<]*)<')
IN_PDF = re.compile(rb"/Type\s*/EmbeddedFile\b[^>]*?(?:>>[^>]*?)*?stream\r?\n")
LARGEST_FILE = 256 * 2**20  # bytes of a file that is looked into


@dataclass(frozen=True, slots=True)
class Parcel:
    """A question, and what was printed for it."""

    question: Question
    numbers: str = ""
    """SHA-256 of every printed number, its label and its text: running the question again must give the same."""

    def sealed(self) -> str:
        """The parcel as one line of text: its SHA-256, a colon, and its content in Base64."""
        told = {"format": FORMAT, "id": self.question.id, **self.question.content, "numbers": self.numbers}
        content = canonical_json(told, keep_order=True)
        return f"{sha256(content).hexdigest()}:{base64.b64encode(lzma.compress(content, preset=9)).decode()}"


def unseal(text: str, where: str) -> Parcel:
    """The parcel in a line of text.

    Raises:
        RunError: it is truncated, was changed, is of another format, or its scenario no longer reads; says which.
    """
    digest, _, body = text.strip().partition(":")
    try:
        raw = lzma.LZMADecompressor(memlimit=4 * LARGEST)
        content = raw.decompress(base64.b64decode(body, validate=True), LARGEST)
        if not raw.eof:
            raise RunError(f"{where}: what travels inside is truncated or larger than {LARGEST // 2**20} MB")
    except (binascii.Error, lzma.LZMAError, ValueError):
        raise RunError(f"{where}: what travels inside is damaged; ask for the file again") from None
    if sha256(content).hexdigest() != digest:
        raise RunError(f"{where}: was changed after it was written (the hash of what travels inside differs)")
    found = json.loads(content)
    if found.get("format") != FORMAT:
        raise RunError(
            f"{where}: was written in format {found.get('format')} by version {found.get('version')}; "
            f"this version reads format {FORMAT}"
        )
    return Parcel(_question(found, where), str(found["numbers"]))


def _question(found: dict[str, Any], where: str) -> Question:
    try:
        question = Question.from_content(found)
    except ValidationError as error:
        raise RunError(
            f"{where}: its scenario was written by version {found['version']} and no longer reads: "
            f"{error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
        ) from None
    if question.id != found["id"]:
        raise RunError(f"{where}: the question inside is {question.id}, not {found['id']} as the file says")
    return question


def digest(text: str) -> str:
    """The SHA-256 of a page whose own digest is, or was, blank."""
    return sha256(text.encode()).hexdigest()


def unpack(file: Path) -> Parcel:
    """The parcel inside a brief (`.html`, `.pdf`, `.docx`) or a `.ctg` file.

    Raises:
        InputError: no such file, too large, or of another kind.
        RunError: truncated, changed since it was written, or holding no run; says which.
    """
    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    if file.stat().st_size > LARGEST_FILE:
        raise InputError(f"{file}: is larger than {LARGEST_FILE // 2**20} MB; that is no brief")
    content = file.read_bytes()
    if content.startswith(b"%PDF"):
        return unseal(from_pdf(content, str(file)), str(file))
    if b"<html" in content[:500]:
        return unseal(from_page(content, str(file)), str(file))
    if content.startswith(b"PK"):
        return unseal(from_word(file, str(file)), str(file))
    if re.match(rb"[0-9a-f]{64}:", content):
        return unseal(content.decode("ascii", "replace"), str(file))
    raise InputError(f"{file}: is neither a brief (.html, .pdf, .docx) nor a .ctg file; a run travels only in those")


def from_page(content: bytes, where: str) -> str:
    """The sealed parcel in a page whose bytes are those that were written.

    Raises:
        RunError: truncated, changed, or not a page of ours.
    """
    text = content.decode("utf-8", "replace")
    stamp = STAMP.search(text)
    if not stamp:
        raise RunError(f"{where}: is a page, but no brief of this program: it carries no digest")
    if not text.rstrip().endswith("</html>"):
        raise RunError(f"{where}: is truncated; ask for the file again")
    if digest(text.replace(stamp[1], BLANK, 1)) != stamp[1]:
        raise RunError(f"{where}: was changed after it was written (its digest differs); do not rely on its numbers")
    found = IN_PAGE.search(text)
    if not found:
        raise RunError(f"{where}: holds no run")
    return found[1]


def from_pdf(content: bytes, where: str) -> str:
    """The sealed parcel attached to a PDF.

    Raises:
        RunError: truncated, or without our attachment.
    """
    if b"%%EOF" not in content[-64:]:
        raise RunError(f"{where}: is truncated; ask for the file again")
    for start in (match.end() for match in IN_PDF.finditer(content)):
        raw = content[start : content.find(b"endstream", start)]
        try:
            raw = zlib.decompress(raw)
        except zlib.error:
            raw = raw.rstrip(b"\r\n")
        if re.match(rb"[0-9a-f]{64}:", raw):
            return raw.decode("ascii", "replace")
    raise RunError(f"{where}: has no attachment {MEMBER}; it is no brief of this program, or it was stripped")


def from_word(file: Path, where: str) -> str:
    """The sealed parcel inside a Word document; what an office wrote into the document does not touch it.

    Raises:
        RunError: damaged, or without our part.
    """
    try:
        with ZipFile(file) as archive:
            parts = [
                p for p in archive.infolist() if p.filename.startswith("customXml/") and p.file_size <= LARGEST_FILE
            ]
            for found in (IN_XML.search(archive.read(part).decode("utf-8", "replace")) for part in parts):
                if found:
                    return found[1]
    except (BadZipFile, EOFError, zlib.error) as error:
        raise RunError(f"{where}: is damaged or truncated ({error}); ask for the file again") from None
    raise RunError(
        f"{where}: holds no run: it is no brief of this program, or the program that saved it left the run out; "
        "use the brief's .html or .pdf"
    )
