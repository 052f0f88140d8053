"""Which claims an article holds: reported and narrated, each with speaker, record, mood, factors and places.

Claim extraction.
"""

from dataclasses import replace

from contingent.evidence import modality
from contingent.evidence.acts import asserted, has_verb, sign
from contingent.evidence.article import Article
from contingent.evidence.binding import OURS, Bearings, in_company
from contingent.evidence.claim import Form, LedgerClaim, Modality, Span, Speaker
from contingent.evidence.frames import claims_of
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar import statement
from contingent.evidence.grammar.attribution import parse, relayed
from contingent.evidence.grammar.layout import Flow, flowed
from contingent.evidence.grammar.lexicon import patterns
from contingent.evidence.grammar.propositions import propositions
from contingent.evidence.grammar.sentences import Sentence, quotations, read
from contingent.evidence.grammar.statement import SAYS, Statement
from contingent.evidence.modality import ATTITUDES
from contingent.evidence.occasion import OCCASIONS, OUTLETS, channel_of, date_of, occasion_of
from contingent.evidence.pack import Pack, considered, pack_for
from contingent.evidence.speakers import REPORTER

_PAPER, _JUDGES, _BODY, _COLUMN, _RECORD = patterns("papers", "paper judges body column record")
(_UNNAMED,) = patterns("statement", "unnamed")
_ARGUES = {"conditional-evaluation", "conditional-prediction", "assessment", "preference", "fact-asserted"}
_BACK = 300  # characters before a mention in which it may have been named
_HEAD = 300  # characters of a transcript in which its occasion is named
_PERSONAL = frozenset("personal private capacity personally saying say".split())
_SHORT = 12  # characters; a narrated fragment shorter than this says nothing


def extract(article: Article, pack: Pack | None = None) -> tuple[LedgerClaim, ...]:
    """Every claim of an article in the order of its first character; deterministic, refuses no text."""
    known = (pack or pack_for(article.text)).known_on(article.published)
    flow = flowed(article.text)
    if article.language != "en":
        return tuple(_placed(one, flow) for one in claims_of(article, flow, known))
    reader = _Reader(flow.text, known)
    for sentences, attributions in parse(flow.text):
        reader.paragraph(sentences, attributions)
    return tuple(_placed(one, flow) for one in in_company(reader.finished()))


def _placed(one: LedgerClaim, flow: Flow) -> LedgerClaim:
    """The claim with its places in the original text."""
    if len(flow.starts) == 1:
        return one
    speaker, cue = (flow.back(*span) if span else None for span in (one.speaker_span, one.cue))
    spans = tuple(flow.back(*span) for span in one.spans)
    return one.model_copy(update={"spans": spans, "speaker_span": speaker, "cue": cue})


class _Reader:
    """The claims of one text, found paragraph by paragraph, and the speakers and states met so far."""

    def __init__(self, text: str, pack: Pack) -> None:
        self.text = text
        self.pack = pack
        self.bearings = Bearings(text, pack)
        self.found: list[LedgerClaim] = []
        self.channels: dict[str, tuple[str, int]] = {}
        """How each speaker spoke last, and in which paragraph."""
        self.occasion = occasion_of(text[:_HEAD])
        head = text[:_HEAD].strip().split("\n")
        bodies = [line for line in head[:3] if _BODY.search(line)]
        self.author = Speaker(bodies[0], "institution") if bodies and _PAPER.search(text[:_HEAD]) else REPORTER
        """Whose judgements a paper prints as its own: the institute that it names in its head."""
        self.record = bool(_RECORD.search(text[:_HEAD]))
        """Whether the text is a record of what was said, so that a sentence goes on with what its speaker said."""
        self.judging = False
        self.voice = "column" if _COLUMN.search(text[:_HEAD]) else "reporter"
        self.arguing = False
        self.last = -1
        """The paragraph of the claim found last."""

    def paragraph(self, sentences: list[Sentence], attributions: list[Statement]) -> None:
        """Reads one paragraph: what is reported, then what the reporter says in between."""
        first = len(self.found)
        if (
            sentences
            and not sentences[-1].bits[-1] & (lx.STOP | lx.QUOTE | lx.COMMA)
            and not sentences[0].bits[0] & (lx.MARK | lx.DASH)
        ):
            self.judging = bool(_JUDGES.match(self.text, sentences[0].start[0]))
        outer = [one for one in attributions if not one.within]
        inner = [one for one in attributions if one.within]
        relays = {one: relayed(self.text, one, inner) for one in outer if one.lemma == "according to"}
        outer = [relays.get(one) or one for one in outer]
        outer = [one for one in outer if not statement.refused(one, outer)]
        self.bearings.paragraph(sentences)
        for one in outer:
            if one.kind == "turn":
                self._reported(one, one.content[0], inner, alone=False)
        for sentence in sentences:
            span = (sentence.start[0], sentence.end[-1])
            mine = [one for one in outer if span[0] <= one.cue[0] < span[1]]
            for one in mine:
                self._reported(one, span, inner, alone=len(mine) == 1)
            if not self._covered(*span):
                goes_on = (
                    self.record and not mine and next((one for one in reversed(outer) if one.cue[0] < span[0]), None)
                )
                if goes_on:
                    self._reported(
                        replace(goes_on, content=(span,), lemma="say", kind="neutral"), span, [], alone=False
                    )
                    continue
                for start, end in statement.left_over(
                    sentence, [*mine, *(one for one in relays if one.sentence == mine[0].sentence)] if mine else []
                ):
                    self._narrated(start, end, sentence.paragraph)
            self.bearings.passed(sentence)
        self._personal(first)

    def _covered(self, start: int, end: int) -> bool:
        """Whether the sentence is already part of a claim, as a quotation that goes on."""
        return any(a <= start and end <= b + 1 for one in self.found[-12:] for a, b in one.spans)

    def _reported(self, one: Statement, sentence: Span, inner: list[Statement], *, alone: bool) -> None:
        text = self.text
        speaker = REPORTER
        if one.source:
            before = text[max(0, one.source[0] - _BACK) : one.source[0]]
            speaker = self.bearings.cast.resolve(text[one.source[0] : one.source[1]], before)
        if speaker.kind == "public" and one.kind == "directive":
            return  # readers ask
        body = speaker.kind == "institution" or (speaker.kind == "official" and one.kind == "decree")
        acts = modality.acted(text, one, body=body) or (self.judging and one.kind in ATTITUDES)
        if speaker.kind == "reporter" or acts or (speaker.kind == "public" and one.kind in ATTITUDES):
            places = [span for span in (one.source, one.cue, *one.content) if span]
            whole = (min(a for a, _ in places), max(b for _, b in places))
            self._narrated(*(sentence if alone else whole), one.paragraph)
            return
        self.arguing = speaker.kind in {"official", "familiar", "person"}
        around = read(text, statement.outside(sentence, one.content))
        channel = self.occasion if one.kind == "turn" or self.record else channel_of(text, around)
        names = OCCASIONS if speaker.kind == "document" else OUTLETS
        if not channel and one.source and (speaker.kind == "poll" or names & {*speaker.name.lower().split()}):
            channel = speaker.name
        if channel:
            self.channels[speaker.name] = (channel, one.paragraph)
        marks = (
            [*one.content]
            if one.kind == "turn"
            else [*quotations(text, *sentence), *(span for span in one.content if text[span[0]] in "“\"‘'«”")]
        )
        relayed = next(
            (text[i.source[0] : i.source[1]] for i in inner if i.source and statement.inside(i.cue, one.content)), ""
        )
        state = self.bearings.state_of(one.source, speaker)
        parent: Modality | None = None
        for spans in [*propositions(text, one.content), *propositions(text, statement.added(text, one, sentence[1]))]:
            if one.kind == "turn" and not statement.says(read(text, spans)):
                continue
            form: Form = "direct" if one.kind == "turn" else modality.form_of(spans, marks)
            parent = self._add(spans, speaker, state, one, form, date_of(text, around), relayed, parent)
            parent = None if one.kind == "turn" and text[spans[-1][1] - 1] in ".!?" else parent

    def _narrated(self, start: int, end: int, paragraph: int) -> None:
        """What the reporter says in the reporter's own voice, where it touches the question."""
        s = read(self.text, [(start, end)])
        judged = self.author is not REPORTER and (self.judging or bool(OURS & {*s.low}))
        touches = judged or s.find(self.pack.about) or any(kind != "not" for _, _, (kind, _) in s.find(self.pack.acts))
        told = s.low[-1] == "." or (s.low[-1] not in {"?", ":"} and has_verb(s, self.pack.acts))
        if not touches or not told or end - start < _SHORT or _UNNAMED.search(self.text, start, end):
            return
        parent: Modality | None = None
        for spans in propositions(self.text, ((start, end),)):
            speaker, form = (self.author, "indirect") if judged else (REPORTER, "narrative")
            parent = self._add(spans, speaker, "", None, form, parent=parent)

    def _add(
        self,
        spans: tuple[Span, ...],
        speaker: Speaker,
        state: str,
        one: Statement | None,
        form: Form,
        date: str = "",
        relayed: str = "",
        parent: Modality | None = None,
    ) -> Modality:
        """One more claim; its mood."""
        text, paragraph = self.text, one.paragraph if one else -1
        s = read(text, spans)
        denied = one is not None and statement.denies(text, one)
        acting = one is not None and one.kind not in SAYS and not denied
        whole = read(text, [one.cue, *spans]) if one and ((acting and parent is None) or len(s) == 1) else s
        moods, act = modality.moods_in(whole), asserted(whole, self.pack.acts)
        kind, record = modality.record_status(speaker, one.kind if one else "")
        voice = one.kind if one and speaker.kind != "poll" else "judged" if speaker.name and not one else self.voice
        mood = modality.modality_of(
            whole, moods, act, kind=voice,
            quoted=form == "direct", single=speaker.single,
        )  # fmt: skip
        cue = 0 if one and statement.withholds(text, one) else -1 if denied else 1
        mood = modality.ascribed_mood(
            mood, s, moods, lemma=one.lemma if one else "", speaker=speaker.kind, form=form, cue=cue
        )
        before = self.found[-1] if self.found and self.last == paragraph else None
        factors = considered(s, act, self.pack)
        self.last = paragraph
        channel, where = self.channels.get(speaker.name, ("", -1)) if one else ("", -1)
        actor, office = self.bearings.actor(
            whole, act, speaker, state, inside=len(whole) > len(s), turn=one is not None and one.kind == "turn"
        )
        if parent is not None and act.kind and act.subject[0] == act.subject[1] and before:
            actor = before.actor_state  # the subject of the clause before
        self.found.append(LedgerClaim(
            spans=spans, speaker=speaker.name, kind=speaker.kind, office=speaker.office, single=speaker.single,
            speaker_span=one.source if one else None, cue=one.cue if one and one.kind != "turn" else None,
            attribution=kind, record=record,
            channel=channel if where == paragraph else "",
            form=form, modality=mood, date_expression=date, negated=denied or act.negated, act=act.action,
            actor_state=actor, actor_office=office,
            condition=modality.condition(text, s, moods), hedges=modality.hedges(whole, moods),
            quantities=modality.quantities(s), factors=factors, relay=(relayed,) if relayed else (),
            polarity=sign(act.kind, negated=act.negated, cue=cue, modality=mood),
            free_indirect=one is None and self.arguing and mood in _ARGUES,
        ))  # fmt: skip
        return mood

    def _personal(self, first: int) -> None:
        """A speaker's remark that it is only a personal opinion turns what the speaker said before into one."""
        for index in range(first, len(self.found)):
            remark = self.found[index]
            if remark.modality != "meta-status" or not _PERSONAL & {*remark.said(self.text).lower().split()}:
                continue
            for earlier in range(first, index):
                one = self.found[earlier]
                if one.source == remark.source and one.modality != "meta-status":
                    self.found[earlier] = one.model_copy(update={"modality": "personal-opinion"})
                    self.found[index] = remark.model_copy(update={"about": str(earlier)})

    def finished(self) -> tuple[LedgerClaim, ...]:
        """The claims numbered in the order of the text, each with the programme its speaker spoke on, and an actor."""
        order = sorted(range(len(self.found)), key=lambda i: (self.found[i].spans[0], i))
        names = {index: f"c{number:02d}" for number, index in enumerate(order, 1)}
        most = self.bearings.states.main(self.text)
        return tuple(
            one.model_copy(update={
                "id": names[i], "channel": one.channel or (self._programme(one.speaker) if one.cue else ""),
                "about": names[int(one.about)] if one.about else "", "actor_state": one.actor_state or most,
            })
            for i, one in ((i, self.found[i]) for i in order)
        )  # fmt: skip

    def _programme(self, speaker: str) -> str:
        """The interview or programme that a speaker gave, which holds for all that is quoted of them."""
        channel, _ = self.channels.get(speaker, ("", -1))
        return channel if {"interview", "telephone", "phone", "programme"} & {*channel.split()} else ""
