"""Which number does a cell mean, as spreadsheets of different countries write it?

Number formats of a locale: decimal marks and thousands separators. What a single cell leaves open (`1.000`) the other
cells of the file decide, and what they leave open too is refused: a number is never guessed.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

FORMS = str.maketrans(
    {"\u2212": "-", "\u066b": ".", "\u066c": "'", "\u2019": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)
"""Minus signs, marks and spaces that stand for another."""
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)")
UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
OTHER = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class Notation:
    """What separates a file's cells, and which decimal marks its unmistakable numbers use."""

    delimiter: str = ","
    marks: frozenset[str] = field(default_factory=frozenset)

    def number(self, text: str, most: float = math.inf) -> float:
        """The number a cell means; on a scale up to `most` nothing is counted in thousands, and `%` may stand.

        Raises:
            ValueError: none, or more than one; the message says what to write.
        """
        body = text.strip().translate(FORMS)
        if not body:
            raise ValueError("the cell is empty")
        if body.endswith("%"):
            body = body[:-1].rstrip()
            if most != 100:
                raise ValueError(f"`{text}` is not on a scale of 0 to 100; write the number without %")
        if body.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise ValueError(f"`{text}` is not a finite number")
        if unclear := UNCLEAR.fullmatch(body):
            return self._unclear(body, unclear[1], most)
        match = GROUPED.fullmatch(body)
        if PLAIN.fullmatch(body) or COMMA.fullmatch(body):
            value = float(body.replace(",", "."))
        elif match and match[1] != match[2]:
            value = float(body.replace(match[1], "").replace(",", "."))
        else:
            raise ValueError(f"`{text}` is not a number")
        if not math.isfinite(value):
            raise ValueError(f"`{text}` is not a finite number")
        return value

    def _unclear(self, body: str, mark: str, most: float) -> float:
        small, large = float(body.replace(mark, ".")), float(body.replace(mark, ""))
        if most < 1000 or self.marks == {mark}:
            return small
        if self.marks == {OTHER[mark]}:
            return large
        if not self.marks and self.delimiter == ",":
            return small if mark == "." else large
        raise ValueError(f"`{body}` may be {small:g} or {large:g}; write {large:.0f}, or {small:.4f}")


def notation_of(delimiter: str, cells: Iterable[tuple[str, float]]) -> Notation:
    """How a file writes its numbers, from its cells and the most that each may be."""
    return Notation(delimiter, frozenset(filter(None, (_mark(text, most) for text, most in cells))))


def _mark(text: str, most: float) -> str:
    """The decimal mark that a cell proves, or nothing."""
    body = text.strip().translate(FORMS).rstrip("%").rstrip()
    if unclear := UNCLEAR.fullmatch(body):
        return unclear[1] if most < 1000 else ""
    if PLAIN.fullmatch(body) or COMMA.fullmatch(body):
        return "." if "." in body else "," if "," in body else ""
    if (match := GROUPED.fullmatch(body)) and match[1] != match[2]:
        return match[2] or OTHER.get(match[1], "")
    return ""
