"""Which claims an article holds: reported and narrated, each with speaker, record, mood, factors and places.

Claim extraction.
"""

import re

from contingent.evidence.article import Article
from contingent.evidence.claim import Attribution, Form, LedgerClaim, Modality, OnRecord, Span, Speaker
from contingent.evidence.frames import claims_of
from contingent.evidence.grammar.attribution import parse
from contingent.evidence.grammar.layout import Flow, flowed
from contingent.evidence.grammar.sentences import Sentence, propositions, quotations
from contingent.evidence.grammar.statement import Statement
from contingent.evidence.modality import (
    ATTITUDES,
    META,
    channel_of,
    condition,
    date_of,
    form_of,
    hedges,
    modality_of,
    negated,
    quantities,
    record_status,
)
from contingent.evidence.pack import Pack, Sorter, shipped_pack
from contingent.evidence.speakers import REPORTER, Cast

_DASH = re.compile(r"\s*[—–]\s*")
_POINTS_BACK = re.compile(r"\b(?:that|this|it)\b", re.IGNORECASE)
_MOODS = ATTITUDES | {"commissive"}
_ARGUES = {"conditional-evaluation", "conditional-prediction", "assessment", "preference", "fact-asserted"}
_REFUSALS = {"decline", "refuse"}
"""Cues that carry the mood themselves: "declined to comment"."""
_SHORT = 12  # characters; a narrated fragment shorter than this says nothing


def extract(article: Article, pack: Pack | None = None) -> tuple[LedgerClaim, ...]:
    """Every claim of an article in the order of its first character; deterministic, refuses no text."""
    flow = flowed(article.text)
    if article.language != "en":
        other = claims_of(article, flow, pack or shipped_pack())
        return tuple(_placed(one, flow) for one in other)
    titled = flow.text.find(article.title) + len(article.title) if article.title in flow.text else 0
    reader = _Reader(flow.text, (pack or shipped_pack()).known_on(article.published), titled)
    for sentences, attributions in parse(flow.text):
        reader.paragraph(sentences, attributions)
    return tuple(_placed(one, flow) for one in reader.finished())


def _placed(one: LedgerClaim, flow: Flow) -> LedgerClaim:
    """The claim with its places in the original text."""
    if len(flow.starts) == 1:
        return one
    speaker, cue = (flow.back(*span) if span else None for span in (one.speaker_span, one.cue))
    spans = tuple(flow.back(*span) for span in one.spans)
    return one.model_copy(update={"spans": spans, "speaker_span": speaker, "cue": cue})


class _Reader:
    """The claims of one text, found paragraph by paragraph, and the speakers met so far."""

    def __init__(self, text: str, pack: Pack, titled: int = 0) -> None:
        self.text = text
        self.sorter = Sorter(pack)
        self.cast = Cast(pack, text)
        self.found: list[LedgerClaim] = []
        self.channels: dict[str, str] = {}
        self.arguing = False
        self.titled = titled
        self.last = -1
        """The paragraph of the claim found last."""

    def paragraph(self, sentences: list[Sentence], attributions: list[Statement]) -> None:
        """Reads one paragraph: what is reported, then what the reporter says in between."""
        first = len(self.found)
        outer = [one for one in attributions if not one.within]
        inner = [one for one in attributions if one.within]
        for one in outer:
            if one.kind == "turn":
                self._reported(one, one.content[0], inner, alone=False)
        for sentence in sentences:
            span = (sentence.start[0], sentence.end[-1])
            mine = [one for one in outer if span[0] <= one.cue[0] < span[1]]
            if span[1] <= self.titled:
                continue  # a headline sums up what follows
            for one in mine:
                self._reported(one, span, inner, alone=len(mine) == 1)
            if not mine and not self._covered(*span):
                self._narrated(*span, sentence.paragraph)
        self._personal(first)

    def _covered(self, start: int, end: int) -> bool:
        """Whether the sentence is already part of a claim, as a quotation that goes on."""
        return any(a <= start and end <= b + 1 for one in self.found[-12:] for a, b in one.spans)

    def _reported(self, one: Statement, sentence: Span, inner: list[Statement], *, alone: bool) -> None:
        text = self.text
        speaker = REPORTER
        if one.source:
            before = text[max(0, one.source[0] - 90) : one.source[0]]
            speaker = self.cast.resolve(text[one.source[0] : one.source[1]], before)
        if speaker.kind == "reporter" or (speaker.kind == "public" and one.kind in ATTITUDES):
            places = [span for span in (one.source, one.cue, *one.content) if span]
            whole = (min(a for a, _ in places), max(b for _, b in places))
            self._narrated(*(sentence if alone else whole), one.paragraph)
            return
        self.arguing = speaker.kind in {"official", "familiar", "person"}
        outside = _outside(text, sentence, one.content)
        if channel := channel_of(outside):
            self.channels[speaker.name] = channel
        marks = (
            [*one.content]
            if one.kind == "turn"
            else [*quotations(text, *sentence), *(span for span in one.content if text[span[0]] in "“\"‘'«”")]
        )
        relayed = next((text[i.source[0] : i.source[1]] for i in inner if i.source and _inside(i.cue, one.content)), "")
        parent: Modality | None = None
        for spans in [*propositions(text, one.content), *propositions(text, _added(text, one, sentence[1]))]:
            form = form_of(spans, marks)
            kind, record = record_status(speaker, one.kind)
            lead = f"{text[one.cue[0] : one.cue[1]]} " if one.lemma in _REFUSALS else ""
            mood = modality_of(
                lead + " ".join(text[a:b] for a, b in spans), kind=one.kind if one.kind in _MOODS else "",
                quoted=form == "direct", single=speaker.single, ascribed=kind == "institution-narrated", parent=parent,
            )  # fmt: skip
            parent = parent or mood
            self._add(spans, speaker, one, (kind, record, form, mood), one.paragraph, date_of(outside), relayed)

    def _narrated(self, start: int, end: int, paragraph: int) -> None:
        """What the reporter says in the reporter's own voice, where it touches the question."""
        text = self.text
        if not self.sorter.touches(text[start:end]) or end - start < _SHORT:
            return
        parent: Modality | None = None
        for spans in propositions(text, ((start, end),)):
            said = " ".join(text[a:b] for a, b in spans)
            mood = modality_of(said, kind="reporter", quoted=False, single=False, ascribed=False, parent=parent)
            parent = parent or mood
            self._add(spans, REPORTER, None, ("reporter-narrative", "unattributed", "narrative", mood), paragraph)

    def _add(
        self,
        spans: tuple[Span, ...],
        speaker: Speaker,
        one: Statement | None,
        status: tuple[Attribution, OnRecord, Form, Modality],
        paragraph: int,
        date: str = "",
        relayed: str = "",
    ) -> None:
        said = " ".join(self.text[a:b] for a, b in spans)
        factors = self.sorter.factors_of(said)
        before = self.found[-1] if self.found and self.last == paragraph else None
        if not factors and before and _POINTS_BACK.search(said):
            factors = before.factors
        self.last = paragraph
        attribution, record, form, modality = status
        self.found.append(LedgerClaim(
            spans=spans, speaker=speaker.name, kind=speaker.kind, office=speaker.office, single=speaker.single,
            speaker_span=one.source if one else None, cue=one.cue if one and one.kind != "turn" else None,
            attribution=attribution, record=record, form=form, modality=modality, date_expression=date,
            negated=negated(said), condition=condition(said), hedges=hedges(said), quantities=quantities(said),
            factors=factors, polarity=self.sorter.polarity_of(said, factors), relay=(relayed,) if relayed else (),
            free_indirect=one is None and self.arguing and modality in _ARGUES,
        ))  # fmt: skip

    def _personal(self, first: int) -> None:
        """A speaker's remark that it is only a personal opinion turns what the speaker said before into one."""
        for index in range(first, len(self.found)):
            remark = self.found[index]
            if remark.modality != "meta-status" or not META.search(remark.said(self.text)):
                continue
            for earlier in range(first, index):
                one = self.found[earlier]
                if one.source == remark.source and one.modality != "meta-status":
                    self.found[earlier] = one.model_copy(update={"modality": "personal-opinion"})
                    self.found[index] = remark.model_copy(update={"about": str(earlier)})

    def finished(self) -> tuple[LedgerClaim, ...]:
        """The claims numbered in the order of the text, each with the programme its speaker spoke on."""
        order = sorted(range(len(self.found)), key=lambda i: (self.found[i].spans[0], i))
        names = {index: f"c{number:02d}" for number, index in enumerate(order, 1)}
        return tuple(
            one.model_copy(update={
                "id": names[i], "channel": self.channels.get(one.speaker, "") if one.cue else "",
                "about": names[int(one.about)] if one.about else "",
            })
            for i, one in ((i, self.found[i]) for i in order)
        )  # fmt: skip


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


def _added(text: str, one: Statement, end: int) -> tuple[Span, ...]:
    """What a dash adds to the content in the same sentence."""
    last = one.content[-1][1]
    match = _DASH.match(text, last, end)
    if match is None or match.end() == last or last <= one.cue[1]:
        return ()
    stop = end - (text[end - 1] in ".!?")
    return ((match.end(), stop),) if stop > match.end() else ()
