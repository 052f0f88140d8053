"""Which run is inside this file?

A page carries the digest of its own bytes, so a change to any printed number is found; a PDF carries the
run as an attachment with a digest of its own, a Word document as a part of its own; a `.ctg` file is that
attachment alone.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from contingent.brief.parcel import MEMBER, NAMESPACE, Parcel, unseal
from contingent.brief.render.html import BLANK, digest
from contingent.errors import InputError, RunError

IN_PAGE = re.compile(r'<script type="text/plain" id="contingent-parcel">([^<]*)</script>')
STAMP = re.compile(r'<meta name="contingent-sha256" content="([0-9a-f]{64})">')
IN_XML = re.compile(rf'<(?:\w+:)?run xmlns[^>]*"{NAMESPACE}"[^>]*>([^<]*)<')
IN_PDF = re.compile(rb"/Type\s*/EmbeddedFile\b[^>]*?(?:>>[^>]*?)*?stream\r?\n")
LARGEST = 256 * 2**20  # bytes of a file that is looked into


def unpack(file: Path) -> Parcel:
    """The parcel inside a brief (`.html`, `.pdf`, `.docx`) or a `.ctg` file.

    Raises:
        InputError: no such file, too large, or of another kind.
        RunError: truncated, changed since it was written, or holding no run; says which.
    """
    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    if file.stat().st_size > LARGEST:
        raise InputError(f"{file}: is larger than {LARGEST // 2**20} MB; that is no brief")
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
            parts = [p for p in archive.infolist() if p.filename.startswith("customXml/") and p.file_size <= LARGEST]
            for found in (IN_XML.search(archive.read(part).decode("utf-8", "replace")) for part in parts):
                if found:
                    return found[1]
    except (BadZipFile, EOFError, zlib.error) as error:
        raise RunError(f"{where}: is damaged or truncated ({error}); ask for the file again") from None
    raise RunError(
        f"{where}: holds no run: it is no brief of this program, or the program that saved it left the run out; "
        "use the brief's .html or .pdf"
    )
