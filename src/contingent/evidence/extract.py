"""Which claims an article holds: reported and narrated, each with speaker, record, mood, factors and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from contingent.evidence.article import Article
from contingent.evidence.attribution import parse
from contingent.evidence.claim import Attribution as Class
from contingent.evidence.claim import Form, Modality, Record
from contingent.evidence.factors import Sorter
from contingent.evidence.finding import Finding
from contingent.evidence.modality import META, condition, hedges, modality_of, negated, quantities
from contingent.evidence.pack import Pack, shipped_pack
from contingent.evidence.propositions import propositions
from contingent.evidence.said import Attribution, Span
from contingent.evidence.sentences import Sentence
from contingent.evidence.setting import channel_of, date_of
from contingent.evidence.speakers import REPORTER, Cast, Speaker

_QUOTED = re.compile('[“"‘«”]')
_ATTITUDES = {"cognitive", "evaluative"}
_ARGUES = {"conditional-evaluation", "conditional-prediction", "assessment", "preference"}
_SHORT = 12  # characters; a narrated fragment shorter than this says nothing


def extract(article: Article, pack: Pack | None = None) -> tuple[Finding, ...]:
    """Every claim of an article in the order of its first character; deterministic, refuses no text."""
    pack = (pack or shipped_pack()).known_on(article.published)
    reader = _Reader(article.text, pack)
    for sentences, attributions in parse(article.text):
        reader.paragraph(sentences, attributions)
    return reader.finished()


class _Reader:
    """The claims of one text, found paragraph by paragraph, and the speakers met so far."""

    def __init__(self, text: str, pack: Pack) -> None:
        self.text = text
        self.sorter = Sorter(pack)
        self.cast = Cast(pack)
        self.found: list[Finding] = []
        self.channels: dict[str, str] = {}

    def paragraph(self, sentences: list[Sentence], attributions: list[Attribution]) -> None:
        """Reads one paragraph: what is reported, then what the reporter says in between."""
        first = len(self.found)
        outer = [one for one in attributions if not one.within]
        inner = [one for one in attributions if one.within]
        spoken: Speaker | None = None
        for sentence in sentences:
            start, end = sentence.start[0], sentence.end[-1]
            mine = [one for one in outer if start <= one.cue[0] < end]
            for one in mine:
                speaker = self._reported(one, (start, end), inner)
                spoken = speaker if speaker and speaker.kind in {"official", "familiar", "person"} else spoken
            if not mine and not self._covered(start, end):
                self._narrated(start, end, sentence.paragraph, spoken)
        self._personal(first)

    def _covered(self, start: int, end: int) -> bool:
        """Whether the sentence is already part of a claim, as a quotation that goes on."""
        return any(a <= start and end <= b + 1 for one in self.found[-12:] for a, b in one.spans)

    def _reported(self, one: Attribution, sentence: Span, inner: list[Attribution]) -> Speaker | None:
        text = self.text
        mention = text[one.source[0] : one.source[1]] if one.source else ""
        speaker = (
            self.cast.resolve(mention, text[max(0, one.source[0] - 90) : one.source[0]]) if one.source else REPORTER
        )
        attitude = one.kind in _ATTITUDES
        if speaker.kind == "reporter" or (speaker.kind == "public" and attitude):
            places = [span for span in (one.source, one.cue, *one.content) if span]
            whole = (min(a for a, _ in places), max(b for _, b in places))
            self._narrated(*whole, one.paragraph, None)
            return None
        outside = _outside(text, sentence, one.content)
        channel = channel_of(outside)
        if channel:
            self.channels[speaker.name] = channel
        content = _extended(text, one, sentence[1])
        relayed = next((text[i.source[0] : i.source[1]] for i in inner if i.source and _inside(i.cue, one.content)), "")
        parent: Modality | None = None
        for spans in propositions(text, content):
            said = " ".join(text[a:b] for a, b in spans)
            form = _form(said)
            kind, record = _status(speaker, one.kind)
            mood = modality_of(
                said, kind=one.kind if one.kind in _ATTITUDES | {"commissive"} else "", quoted=form == "direct",
                single=speaker.single, ascribed=kind == "institution-narrated", parent=parent,
            )  # fmt: skip
            parent = parent or mood
            self._add(spans, speaker, one, kind, record, form, mood, date_of(outside), relayed)
        return speaker

    def _add(self, spans: tuple[Span, ...], speaker: Speaker, one: Attribution, kind: Class, record: Record, form: Form,
             mood: Modality, date: str, relayed: str) -> None:  # fmt: skip
        said = " ".join(self.text[a:b] for a, b in spans)
        factors = self.sorter.factors_of(said)
        self.found.append(
            Finding(
                "",
                spans,
                speaker,
                one.source,
                one.cue,
                one.kind,
                kind,
                record,
                form,
                mood,
                one.paragraph,
                date_expression=date,
                negated=negated(said),
                condition=condition(said),
                hedges=hedges(said),
                quantities=quantities(said),
                factors=factors,
                polarity=self.sorter.polarity_of(said, factors),
                relayed=relayed,
            )  # fmt: skip
        )

    def _narrated(self, start: int, end: int, paragraph: int, spoken: Speaker | None) -> None:
        """What the reporter says in the reporter's own voice, where it touches the question."""
        text = self.text
        whole = text[start:end]
        if not self.sorter.touches(whole) or end - start < _SHORT:
            return
        parent: Modality | None = None
        for spans in propositions(text, ((start, end),)):
            said = " ".join(text[a:b] for a, b in spans)
            mood = modality_of(said, kind="reporter", quoted=False, single=False, ascribed=False, parent=parent)
            parent = parent or mood
            factors = self.sorter.factors_of(said) or self.sorter.factors_of(whole)[:1]
            self.found.append(
                Finding(
                    "",
                    spans,
                    REPORTER,
                    None,
                    None,
                    "",
                    "reporter-narrative",
                    "unattributed",
                    "narrative",
                    mood,
                    paragraph,
                    negated=negated(said),
                    condition=condition(said),
                    hedges=hedges(said),
                    quantities=quantities(said),
                    factors=factors,
                    polarity=self.sorter.polarity_of(said, factors),
                    reported_speech=bool(spoken),
                )  # fmt: skip
            )

    def _personal(self, first: int) -> None:
        """A speaker's remark that it is only a personal opinion turns what the speaker said before into one."""
        for index in range(first, len(self.found)):
            remark = self.found[index]
            if remark.modality != "meta-status" or not META.search(remark.said(self.text)):
                continue
            for earlier in range(first, index):
                one = self.found[earlier]
                if one.speaker == remark.speaker and one.modality != "meta-status":
                    self.found[earlier] = replace(one, modality="personal-opinion")
                    self.found[index] = replace(remark, about=str(earlier))

    def finished(self) -> tuple[Finding, ...]:
        """The claims numbered in the order of the text, each with the programme its speaker spoke on."""
        order = sorted(range(len(self.found)), key=lambda i: (self.found[i].spans[0], i))
        names = {index: f"c{number:02d}" for number, index in enumerate(order, 1)}
        return tuple(
            replace(
                self.found[i],
                id=names[i],
                channel=self.channels.get(self.found[i].speaker.name, "") if self.found[i].cue else "",
                about=names[int(self.found[i].about)] if self.found[i].about else "",
            )
            for i in order
        )


def _status(speaker: Speaker, cue: str) -> tuple[Class, Record]:
    """Attribution class and record, as the Associated Press uses the words."""
    if speaker.kind == "person":
        return ("named-official" if speaker.office else "named-person"), "on-the-record"
    if speaker.kind == "official":
        return "anonymous-official", "background"
    if speaker.kind == "familiar":
        return "people-familiar", "background"
    if speaker.kind == "institution":
        return ("institution-narrated", "unattributed") if cue in _ATTITUDES else ("institution", "on-the-record")
    if speaker.kind in {"poll", "document"}:
        return speaker.kind, "on-the-record"
    return "reporter-narrative", "unattributed"


def _form(said: str) -> Form:
    """Direct when the words stand in marks, mixed when some do."""
    bare = said.strip()
    if not _QUOTED.search(bare):
        return "indirect"
    inside = bare.strip(" ,.")
    return "direct" if inside[:1] in '“"‘«' and not re.search(r"[”\"].{4,}[“\"]", inside) else "mixed"


def _outside(text: str, sentence: Span, content: tuple[Span, ...]) -> str:
    """The words of a sentence that are not content: where channel and day of the statement stand."""
    kept: list[str] = []
    at = sentence[0]
    for a, b in sorted(content):
        kept.append(text[at : max(at, a)])
        at = max(at, b)
    return " ".join([*kept, text[at : sentence[1]]])


def _inside(cue: Span, content: tuple[Span, ...]) -> bool:
    return any(a <= cue[0] and cue[1] <= b for a, b in content)


def _extended(text: str, one: Attribution, end: int) -> tuple[Span, ...]:
    """The content with what a dash adds to it in the same sentence."""
    last = one.content[-1][1]
    rest = text[last:end]
    match = re.match(r"\s*[—–]\s*", rest)
    if match and last > one.cue[1]:
        stop = end - (1 if text[end - 1 : end] in {".", "!", "?"} else 0)
        return (*one.content, (last + match.end(), stop)) if stop > last + match.end() else one.content
    return one.content


def said_by(findings: tuple[Finding, ...]) -> Iterator[tuple[str, list[Finding]]]:
    """The claims of each speaker, by name, in the order the speakers appear."""
    for name in dict.fromkeys(one.speaker.name for one in findings):
        yield name, [one for one in findings if one.speaker.name == name]
