"""What travels inside a brief, so that the file alone gives the run back?

The question (scenario, options, seed, runs, versions) and the hash of every printed number, as canonical
JSON, compressed, in Base64, beside its SHA-256. Re-running the question gives the same numbers. A page carries the
digest of its own bytes as well; a PDF carries the run as an attachment, a Word document as a part of its own; a `.ctg`
file is that attachment alone. Digests find accidents; whoever means to deceive computes them again (`read_back`).
"""

from __future__ import annotations

import base64
import binascii
import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, StrictInt, ValidationError

from contingent.atomic import canonical_json
from contingent.brief.read_back import SEALED, looked_into
from contingent.errors import ContingentError, InputError, RunError
from contingent.processes import content_of
from contingent.records import from_json
from contingent.scenario.check import faults
from contingent.study.question import Question

MEMBER = "contingent-run.ctg"  # what the parcel is called where a file can hold others
FORMAT = 2  # of a parcel; raised when an older one can no longer be read
LARGEST = 64 * 2**20  # bytes that a parcel may inflate to: a thousand pledges take one
LARGEST_FILE = 64 * 2**20  # bytes of a file that is looked into; the largest brief we wrote has 1 MB
BLANK = "0" * 64  # where a page carries its own digest, before it is known
STAMP = re.compile(r'<meta name="contingent-sha256" content="([0-9a-f]{64})">')


@dataclass(frozen=True, slots=True)
class Parcel:
    """A question, and what was printed for it."""

    question: Question
    numbers: str = ""
    """SHA-256 of every printed number, its label and its text: running the question again must give the same."""
    language: str = "en"
    since: Question | None = None
    """What the brief compares with."""
    texts: tuple[str, ...] = ()
    """Where the scenario is left out: every number as printed, in its stead."""
    words: Mapping[str, str] | None = None
    """The case's own words in that language."""

    def sealed(self) -> str:
        """The parcel as one line of text: its SHA-256, a colon, and its content in Base64."""
        asked = self.question
        told = {"format": FORMAT, "id": asked.id, "numbers": self.numbers, "language": self.language}
        told |= {"words": dict(self.words)} if self.words else {}
        if self.texts:
            told |= {"version": asked.version, "seed": asked.seed, "runs": asked.runs, "texts": list(self.texts)}
        else:
            told |= asked.content | ({"since": self.since.content} if self.since else {})
        content = canonical_json(told, keep_order=True)
        return f"{sha256(content).hexdigest()}:{base64.b64encode(lzma.compress(content, preset=9)).decode()}"


class Content(BaseModel):
    """What a parcel holds, whoever made it; without `scenario` there is nothing to run again."""

    format: StrictInt
    version: str = ""
    id: str = ""
    seed: StrictInt = 0
    runs: StrictInt = 0
    numbers: str = ""
    language: str = "en"
    libraries: dict[str, str] = {}
    options: tuple[str, ...] = ()
    scenario: dict[str, Any] | None = None
    since: dict[str, Any] | None = None
    texts: tuple[str, ...] = ()
    words: dict[str, str] | None = None

    def parcel(self, where: str) -> Parcel | None:
        """The question inside, checked as a scenario's file would be; None where it was left out.

        Raises:
            RunError: it no longer reads, or is not the one that the parcel names.
        """
        if self.scenario is None:
            return None
        if not self.options:
            raise RunError(f"{where}: the question inside names no option")
        question = _question(dict(self), where, self.version)
        if question.id != self.id:
            raise RunError(f"{where}: the question inside is {question.id}, not {self.id} as the file says")
        since = _question(self.since, where, self.version) if self.since else None
        return Parcel(question, self.numbers, self.language, since, words=self.words)


def unseal(text: str, where: str) -> Content:
    """What a line of text holds.

    Raises:
        RunError: it is truncated, was changed, or is of another format; says which.
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
    found: Content = from_json(content, Content, where, "what travels inside is no run of this program", RunError)
    if found.format != FORMAT:
        raise RunError(
            f"{where}: was written in format {found.format} by version {found.version}; "
            f"this version reads format {FORMAT}"
        )
    return found


def _question(content: dict[str, Any], where: str, version: str) -> Question:
    from contingent.study.formulas import engine_faults  # the engines: who reads a kept brief does without them

    old = f"{where}: its scenario was written by version {version} and no longer reads"
    try:
        question = Question.from_content(content)
        checks = (check(question.scenario) for check in (faults, engine_faults))
        wrong = next((f"{path}: {what}" for found in checks for path, what, _ in found), "")
    except ValidationError as error:
        raise RunError(f"{old}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None
    except (ContingentError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise RunError(f"{old}: {str(error).splitlines()[:1]}") from None
    if wrong:
        raise RunError(f"{where}: its scenario cannot be run: {wrong}")
    return question


def digest(text: str) -> str:
    """The SHA-256 of a page whose own digest is, or was, blank."""
    return sha256(text.encode()).hexdigest()


def unpack(file: Path) -> tuple[str, bytes, Content]:
    """The ending of a brief (`html`, `pdf`, `docx`) or `ctg`, its bytes, and what travels inside.

    Raises:
        InputError: no such file, too large, or of another kind.
        RunError: truncated, changed since it was written, or holding no run; says which.
    """
    where = str(file)
    content = content_of(file, LARGEST_FILE, "name a brief (.html, .pdf, .docx) or a .ctg file")
    starts = {b"%PDF": "pdf", b"PK": "docx"}
    kind = next((kind for start, kind in starts.items() if content.startswith(start)), "")
    kind = kind or ("html" if b"<html" in content[:500] else "ctg" if re.match(rb"[0-9a-f]{64}:", content) else "")
    if kind == "ctg":
        return kind, content, unseal(content.decode("ascii", "replace"), where)
    if not kind:
        raise InputError(
            f"{file}: is neither a brief (.html, .pdf, .docx) nor a .ctg file; a run travels only in those"
        )
    if kind == "html":
        _whole_page(content.decode("utf-8", "replace"), where)
    elif kind == "pdf" and b"%%EOF" not in content[-64:]:
        raise RunError(f"{where}: is truncated; ask for the file again")
    found = next((each for each in looked_into(kind, content, where).sealed if SEALED.match(each)), "")
    if not found:
        raise RunError(f"{where}: holds no run: it is no brief of this program, or whoever saved it left the run out")
    return kind, content, unseal(found, where)


def _whole_page(text: str, where: str) -> None:
    """That a page is as long as it was, and has its own digest.

    Raises:
        RunError: truncated, changed, or not a page of ours.
    """
    if not (stamp := STAMP.search(text)):
        raise RunError(f"{where}: is a page, but no brief of this program: it carries no digest")
    if not text.rstrip().endswith("</html>"):
        raise RunError(f"{where}: is truncated; ask for the file again")
    if digest(text.replace(stamp[1], BLANK, 1)) != stamp[1]:
        raise RunError(f"{where}: was changed after it was written (its digest differs); do not rely on its numbers")
