"""What may be sent to the workbench, from a script as JSON or from a form?"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field, StringConstraints

from contingent.errors import InputError
from contingent.workbench.registry import LATEST

Path = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Act = Literal["accept", "edit", "reject", "add", "split"]  # what is done with claims


class Sent(BaseModel):
    """What every change carries: the last entry its sender has seen (whatever it is, if left out), and why."""

    seen: int = Field(default=LATEST, ge=LATEST, le=2**31 - 1)
    why: str = Field(default="", max_length=2000)


class Change(Sent):
    """Other values by dotted path, each as a scenario file would have it; or one `path` and its `value`."""

    changes: dict[Path, Any] = Field(default={}, max_length=5000)
    path: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    value: Any = None
    low: str = ""
    high: str = ""
    preview: bool = False

    def wanted(self) -> dict[str, Any]:
        """The changes by path."""
        if not self.path:
            return self.changes
        ends = self.low.strip() or self.high.strip()
        return {**self.changes, self.path: f"{self.value} ({self.low} to {self.high})" if ends else self.value}


class Target(Sent):
    """One entry of the draft."""

    target: int = Field(default=0, ge=0, le=2**31 - 1)


class Named(BaseModel):
    """A case or a draft, and what the new draft is called."""

    case: str = Field(default="", max_length=1000)
    name: str = Field(default="", max_length=200)


class Asked(BaseModel):
    """A full run."""

    runs: int = Field(default=2000, ge=2, le=1_000_000)
    seed: int = Field(default=20251028, ge=0, le=2**63 - 1)


class Issue(BaseModel):
    """The brief of a run, to be issued."""

    run: str = Field(max_length=64)
    why: str = Field(default="", max_length=2000)


class Upload(BaseModel):
    """A file: what it is called, and what it holds, sent in base 64."""

    name: str = Field(max_length=300)
    content: Base64Bytes


class Articles(BaseModel):
    """Articles: files, or one pasted; where and when they were published, and how they are to be handled."""

    files: list[Upload] = Field(default=[], max_length=50)
    text: str = Field(default="", max_length=2_000_000)
    url: str = Field(default="", max_length=1000)
    published: str = Field(default="", max_length=10)
    marking: str = Field(default="", max_length=100)

    def each(self) -> list[tuple[str, bytes]]:
        """Name and content of each.

        Raises:
            InputError: there is only an address; nothing is fetched.
        """
        pasted = self.text.strip()
        if re.fullmatch(r"\w+:/*\S+", pasted) or (self.url and not (self.files or pasted)):
            said = pasted or self.url
            raise InputError(f"{said}: nothing is fetched; save the page and send its file, or paste its text")
        return [*((f.name, f.content) for f in self.files), *([("pasted.txt", self.text.encode())] if pasted else [])]


class Question(Articles):
    """A new question: what kind of mission it is about, and what it is called."""

    kind: str = Field(default="", max_length=40)
    name: str = Field(max_length=80)


class Answers(BaseModel):
    """Answers to a question by field; `then` is `typical` to fill what is left where that is known, or `begin`."""

    answers: dict[str, str] = {}
    then: str = Field(default="", max_length=20)


class Claimed(Sent):
    """What is done with claims: `name` is one of the draft, `article` one of its articles, `take` chosen proposals.

    `words` are keys of a claim with what stands there; `start` and `end` are offsets of the quotation in the article,
    `second` is the other quotation of a claim that is split, `moves` the path of a position that a new claim moves.
    """

    name: str = Field(default="", max_length=200)
    article: str = Field(default="", max_length=64)
    take: dict[str, Any] = {}
    words: dict[str, str] = {}
    second: str = Field(default="", max_length=2000)
    start: str = Field(default="", max_length=9)
    end: str = Field(default="", max_length=9)
    moves: str = Field(default="", max_length=300)


class Pledged(Sent):
    """A pledge with what stands in its cells, such as `strength_low`; `caveat` has those it carries, if it is sent."""

    pledge: str = Field(max_length=200)
    cells: dict[str, str] = {}
    caveat: dict[str, str] | None = None


class Block(BaseModel):
    """Cells as a sheet copies them, pasted at a `pledge` and a `column` of it or nowhere in particular; or a file."""

    text: str = Field(default="", max_length=2_000_000)
    files: list[Upload] = Field(default=[], max_length=1)
    pledge: str = Field(default="", max_length=200)
    column: str = Field(default="", max_length=200)
