"""What one claim is: who said what, where exactly, on which record, and how far it is to be trusted.

The claim record. `Claim` is what a scenario cites and a brief prints; `LedgerClaim` adds what extraction, grading and
review need, and reads and writes its line of the ledger (`from_row`, `to_row`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, InstanceOf, StringConstraints, ValidationError, model_validator

from contingent.errors import LedgerError
from contingent.evidence.grammar.layout import joined
from contingent.records import Names, Record

Grade = Annotated[str, StringConstraints(pattern=r"^[A-F][1-6]$")]
"""Admiralty grade (STANAG 2511): source reliability A to F and information credibility 1 to 6, judged apart.

F and 6 mean *no information*, not a middle value.
"""

Attribution = Literal[
    "named-official", "anonymous-official", "people-familiar", "named-person", "institution", "institution-narrated",
    "reporter-narrative", "document", "poll",
]  # fmt: skip
OnRecord = Literal["on-the-record", "background", "deep-background", "off-the-record", "unattributed"]
Form = Literal["direct", "indirect", "mixed", "narrative"]
Modality = Literal[
    "assessment", "belief-ascribed", "conditional-evaluation", "conditional-prediction",
    "fact-asserted", "intention", "knowledge-denied", "meta-status", "non-commitment", "obligation",
    "open-question", "personal-assessment", "personal-opinion", "possibility", "prediction", "preference",
]  # fmt: skip
Kind = Literal["person", "official", "familiar", "institution", "public", "document", "poll", "reporter"]  # of source
Verdict = Literal["", "accept", "edit", "reject"]
Span = tuple[int, int]
"""Character offsets in a text, end exclusive."""
Words = InstanceOf[str]
"""Words of the article as they stand, whatever characters it holds."""
QUOTE = 10  # words of a short quotation


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: `name` in full or the description as written; `single` when it is one individual."""

    name: str
    kind: Kind
    office: str = ""
    single: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a claim: `op` one of = > >= < <= ~, the unit as written; what is beyond `MOST` counts nothing."""

    MOST: ClassVar[float] = 1e15
    value: float
    op: str
    unit: Words


@dataclass(frozen=True, slots=True)
class Passage:
    """The words at one of a claim's places, and those around (W3C TextQuoteSelector)."""

    exact: Words
    prefix: Words
    suffix: Words


class Document(Record):
    """A text that claims were taken from. The text itself is its publisher's and is not kept: its hash is."""

    title: str
    """Its title."""
    publisher: str = ""
    """Who published it."""
    url: str = ""
    """Where it was found."""
    published: dt.date | None = None
    """The day it was published; not after the scenario's date."""
    undated: str = ""
    """Why it has no day: a fact of the text itself, such as a law. It says nothing of what happened."""
    kind: Literal["", "primary", "agency", "press", "mirror"] = ""
    """Whose words stand there: the body's own, an agency's, a newspaper's, or a copy of one of them."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of the text in UTF-8, so that a reader who has it can check every offset."""
    characters: int | None = Field(default=None, ge=0)
    """How long the text is, in characters."""
    extracted: str = ""
    """How its claims were found; names the language model if one was used (ICS 206-01 asks for that citation)."""
    marking: str = ""
    """How it is to be handled: a brief whose case holds it carries at least that."""


class Claim(Record):
    """A statement with its speaker and its place in a document; never "a fact"."""

    document: str
    """The document it stands in."""
    says: str
    """The proposition, in neutral words of our own."""
    quote: str = ""
    """A short verbatim part of the passage."""
    spans: tuple[tuple[int, int], ...] = ()
    """Offsets in Unicode code points, start inclusive and end exclusive (W3C TextPositionSelector)."""
    speaker: str = ""
    """Who said it, by name or as described."""
    attribution: Attribution | Literal[""] = ""
    """How the source is named: a named official, people familiar with the matter, a document, a poll ..."""
    record: OnRecord | Literal[""] = ""
    """On which record it was said."""
    form: Form = "indirect"
    """Whether in direct or indirect speech, or narrated."""
    modality: Modality | Literal[""] = ""
    """What kind of statement it is: a fact asserted, an intention, a prediction ..."""
    channel: str = ""
    """Through which outlet or occasion it was said."""
    date: dt.date | None = None
    """The day it was said; not after the scenario's date."""
    factors: Names = ()
    """What it bears on, in the words of the evidence pack."""
    polarity: Literal[-1, 0, 1] = 0
    """Whether it speaks for (1), against (-1) or neither (0)."""
    condition: str = ""
    """What the statement depends on, for its speaker; it speaks of one branch only."""
    about: str = ""
    """The claim this one comments on, when it says how another is to be taken."""
    grade: Grade = "F6"
    """How far it is to be trusted: the source A to F, what is said 1 to 6; F and 6 say that nothing is known."""
    reason: str = ""
    """Why the grade is what it is."""
    group: str = ""
    """The independence group: claims of one group count once."""
    asked: str = ""
    """Of a poll: who was asked, how many and where."""
    marking: str = ""
    """How it is to be handled, where that is higher than its document: the case carries at least that."""

    @model_validator(mode="after")
    def _spans_rise(self) -> Claim:
        if any(end <= start or start < 0 for start, end in self.spans):
            raise ValueError("a span must be [start, end] with 0 <= start < end")
        return self


@dataclass(frozen=True, slots=True)
class Method:
    """By what a claim was found."""

    name: str = "grammar"
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided on a claim: who, on which day, and why."""

    by: Words
    at: str
    reason: Words


class LedgerClaim(Claim):
    """A claim found in a text, with how it was read and why it is graded as it is.

    `document` is the start of the text's hash, `id` counts within it; `grade` is F6, no information, until graded.
    """

    id: str = ""
    document: str = ""
    says: str = ""
    attribution: Attribution  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]
    record: OnRecord  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]
    modality: Modality  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]
    quote: Words = ""
    speaker: Words = ""
    kind: Kind = "reporter"
    office: Words = ""
    single: bool = False
    """Whether one individual speaks; not kept."""
    speaker_span: Span | None = None
    cue: Span | None = None
    passages: tuple[Passage, ...] = ()
    """The words at `spans`; empty where the publisher's words stay out."""
    channel: Words = ""
    date_expression: Words = ""
    day: str = ""
    """The day that `date_expression` means (2025-10-28), where it can be told."""
    negated: bool = False
    act: str = ""
    """What is asserted of joining: send, refuse, withdraw, approve, fund ...; empty where nothing is."""
    actor_state: Words = ""
    """The state whose decision the claim is about: a code (ISO 3166-1), or the name as written."""
    actor_office: str = ""
    """The office of that state which acts, decides or holds the view."""
    condition: Words = ""
    conditional: bool = False
    hedges: tuple[Words, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    relay: tuple[Words, ...] = ()
    """Through whom it came, first the one whom the speaker reports."""
    free_indirect: bool = False
    """Narrated, but carrying the argument of those just quoted (free indirect speech)."""
    grade: Grade = "F6"
    letter_reason: Words = ""
    number_reason: Words = ""
    group: Words = ""
    method: Method = Method()
    verdict: Verdict = ""
    review: Review | None = None
    """What `verdict` stands for; its own line of the ledger."""

    @property
    def key(self) -> str:
        """The claim's name in a ledger of many documents."""
        return f"{self.document}/{self.id}"

    @property
    def source(self) -> Speaker:
        """Who speaks, as far as the grade of the source may look."""
        return Speaker(self.speaker, self.kind, self.office, self.single)

    @property
    def letter(self) -> str:
        """Reliability of the source, A to F."""
        return self.grade[0]

    @property
    def number(self) -> int:
        """Credibility of what is claimed, 1 to 6."""
        return int(self.grade[1])

    def said(self, text: str) -> str:
        """The claim's words in the article, in one line where it was cut to a width."""
        return " … ".join(joined(text[a:b]) for a, b in self.spans)

    def to_row(self) -> dict[str, Any]:
        """As the ledger writes it; `says` and `verdict`, which only a reviewer gives, where they are given."""
        places: list[dict[str, Any]] = [{"start": a, "end": b} for a, b in self.spans]
        for place, passage in zip(places, self.passages, strict=False):
            place |= {"exact": passage.exact, "prefix": passage.prefix, "suffix": passage.suffix}
        speaker = {"name": self.speaker, "kind": self.kind, "office": self.office}
        row = {
            "id": self.key, "document": self.document, "spans": places, "quote": self.quote, "speaker": speaker,
            "speaker_span": list(self.speaker_span) if self.speaker_span else None,
            "cue": list(self.cue) if self.cue else None,
            **{field: getattr(self, field) for field in ("attribution", "record", "form", "modality", "channel")},
            "date": self.date_expression, "day": self.day, "negated": self.negated, "act": self.act,
            **{field: getattr(self, field) for field in ("actor_state", "actor_office", "condition", "conditional")},
            "hedges": list(self.hedges),
            "quantities": [{"value": one.value, "op": one.op, "unit": one.unit} for one in self.quantities],
            "factors": list(self.factors), "polarity": self.polarity,
            "about": f"{self.document}/{self.about}" if self.about else "", "relay": list(self.relay),
            "free_indirect": self.free_indirect, "group": self.group,
            "proposal": {key: getattr(self, key) for key in ("letter", "letter_reason", "number", "number_reason")},
            "method": {"name": self.method.name, "version": self.method.version},
        }  # fmt: skip
        return {**row, **({"says": self.says} if self.says else {})}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> LedgerClaim:
        """A claim read back from the ledger.

        Raises:
            LedgerError: the row is no claim; names what is wrong with it.
        """
        try:
            known = {**row, **row["speaker"]}
            places = known.pop("spans")
            known["spans"] = [(place["start"], place["end"]) for place in places]
            words = [{key: place[key] for key in ("exact", "prefix", "suffix")} for place in places if "exact" in place]
            known |= {"passages": words, "speaker": known.pop("name"), "date_expression": known.pop("date")}
            proposal = dict(known.pop("proposal"))
            known |= {"grade": f"{proposal.pop('letter')}{proposal.pop('number')}", **proposal}
            known |= {key: row[key].rpartition("/")[2] for key in ("id", "about")}
            return cls.model_validate(known)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise LedgerError(f"claim {row.get('id')}: {wrong}") from None
        except (KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"claim {row.get('id')}: not a claim of a ledger ({error!r})") from None

    def cited(self, document: str, text: str, published: dt.date | None) -> dict[str, Any]:
        """The claim as a scenario's file holds it: what `Claim` reads, without what is empty."""
        words = " ".join(self.said(text).split()[:QUOTE]).replace("…", "").strip()
        quote = words if any(words in text[a:b] for a, b in self.spans) else ""
        row = {
            **{field: getattr(self, field) for field in Claim.model_fields}, "document": document,
            "says": f"{self.speaker or 'The article'}, {self.modality}: “{quote} ...”", "quote": quote,
            "spans": [list(span) for span in self.spans], "date": published, "factors": list(self.factors),
            "reason": f"proposed: {self.letter_reason}; {self.number_reason}", "group": re.sub(r"\W", "_", self.group),
        }  # fmt: skip
        return {key: value for key, value in row.items() if value not in ("", None, [])}
