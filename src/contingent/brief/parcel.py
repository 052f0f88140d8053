"""What travels inside a brief, so that the file alone gives the run back?

The question (scenario, options, seed, runs, versions) and the hash of every printed number, as canonical
JSON, compressed, in Base64, beside its SHA-256. Re-running the question gives the same numbers.
"""

from __future__ import annotations

import base64
import binascii
import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from contingent.brief.number import Number
from contingent.canonical import canonical_json
from contingent.errors import RunError
from contingent.study.question import Question

MEMBER = "contingent-run.ctg"  # what the parcel is called where a file can hold others
NAMESPACE = "urn:contingent:run"  # what it is called where a file holds parts in XML
FORMAT = 2  # of a parcel; raised when an older one can no longer be read
LARGEST = 64 * 2**20  # bytes that a parcel may inflate to: a thousand pledges take one


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


def printed(numbers: Iterable[Number]) -> str:
    """The SHA-256 of all printed numbers with the labels of their traces; what is said of an earlier run is left out.

    Sorted, so that a language may say them in another order.
    """
    found = {(_label(number), number.text) for number in numbers if not number.trace.name.startswith("since.")}
    return sha256(canonical_json(sorted(found))).hexdigest()


def _label(number: Number) -> str:
    trace = number.trace
    return f"{trace.kind}:{trace.label}" + (f" ({trace.how})" if trace.how else "")


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
