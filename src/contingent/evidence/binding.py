"""Whose decision is a claim about: which state's, and which of its offices'?

By the subject of what is asserted, then by whom the speaker speaks for, then by the state the text is speaking of.
"""

from contingent.evidence.acts import DECISIONS, Asserted, States, office_of
from contingent.evidence.claim import Span, Speaker
from contingent.evidence.grammar.sentences import Sentence, read
from contingent.evidence.pack import Pack
from contingent.evidence.speakers import Cast

OURS = frozenset("we our us i my me ours ourselves".split())
_THEIRS = frozenset("he his she her they their them it its who".split())
_FRONT = 2  # tokens before the name of a state that a sentence is about


class Bearings:
    """The speakers and states of a text met so far, and what the text is speaking of now."""

    def __init__(self, text: str, pack: Pack) -> None:
        self.text = text
        self.cast = Cast(pack, text)
        self.states = States(text)
        self.cast.states.update(self.states.persons)
        self.office = ("", "")
        """The body that the last claim was about, and who spoke of it."""
        self.nearby = ""
        """The state named last in the paragraph."""

    def paragraph(self, sentences: list[Sentence]) -> None:
        """Begins a paragraph at the state named in front of it, as where it was written or whom it is about."""
        start = sentences[0].start[0] if sentences else 0
        line = self.text.rfind("\n", 0, start) + 1
        found = self.states.acts_in(read(self.text, [(line, start)])) if start - line > 3 else []
        self.nearby = next(iter(found), "")

    def passed(self, sentence: Sentence) -> None:
        """Moves to the state that a sentence is about, once it has been read."""
        acting = self.states.within(sentence)
        if acting and (acting[0][0] <= _FRONT or not self.nearby):
            self.nearby = next(iter(self.states.acts_in(sentence)), self.nearby)

    def state_of(self, mention: Span | None, speaker: Speaker) -> str:
        """The state that a speaker speaks for: named in the mention, known, or the one spoken of."""
        named = self.states.within(read(self.text, [mention])) if mention else []
        if named:
            self.cast.states[speaker.name] = named[0][1]
            self.states.acting[named[0][1]] += 1
        return self.cast.states.get(speaker.name, "") or speaker.state

    def actor(self, s: Sentence, act: Asserted, speaker: Speaker, state: str, *, inside: bool) -> tuple[str, str]:
        """The state and the office whose decision a claim is about, as far as its words and speaker tell."""
        start, end = act.subject
        subject = s.low[start:end]
        named = self.states.within(s, start, end) if end else []
        direct = self.states.acts_in(s)
        if named:
            found = named[0][1]
        elif inside or OURS & set(subject) or (OURS & set(s.low) and not direct):
            found = state or self.nearby
        elif _THEIRS & set(subject):
            found = (self.nearby or state) if speaker.kind in {"reporter", "institution"} else state or self.nearby
        else:
            found = next(iter(direct), "") or state or self.nearby
        if named:
            self.states.acting[found] += 1
        return found, self._office(s, act, speaker)

    def _office(self, s: Sentence, act: Asserted, speaker: Speaker) -> str:
        """Whose act it is: of the body that is the subject, or of the speaker who says I, we or it."""
        start, end = act.subject
        subject = {*s.low[start:end]}
        spoken = "public" if speaker.kind == "poll" else self.cast.office_kind(speaker)
        ours = start < end and s.low[end - 1] in OURS
        if speaker.kind == "poll" or ours:
            return spoken or "other"
        if office := office_of(s, start, end, last=True) if end else "":
            self.office = (office, speaker.name)
            return office
        body = self.office[1] == speaker.name and speaker.kind == "person" and not subject & {"he", "she"}
        if subject & _THEIRS and body:
            return self.office[0]
        self.office = ("", "")
        own = bool(subject & (OURS | _THEIRS)) or start == end
        if own and (spoken or speaker.kind == "person"):
            return spoken or "other"
        return "government" if act.kind in DECISIONS else spoken
