"""Whose decision is a claim about: which state's, and which of its offices'?

By the subject of what is asserted, then by whom the speaker speaks for, then by the state the text is speaking of.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from contingent.evidence.acts import DECISIONS, NEITHER, Asserted, office_of
from contingent.evidence.claim import LedgerClaim, Span, Speaker
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Terms, look_up
from contingent.evidence.grammar.sentences import Sentence, read
from contingent.evidence.pack import Pack, names_of, states
from contingent.evidence.speakers import Cast

OURS = frozenset("we our us i my me ours ourselves".split())
_THEIRS = frozenset("he his she her they their them it its who".split())
_FRONT = 2  # tokens before the name of a state that a sentence is about
_HEADLINE = 100  # mentions
_OWN_MIND = {"opposition", "parliament", "ruling-party", "public", "court", "armed-forces", "police", "other"}
"""Offices with a mind of their own; the rest are the government's."""
_WHITHER = frozenset("in to from near outside across over with for into on".split())
_NAMED, _AFTER_NAME, _OF, _LINES, _HOST = lx.patterns("states", "named after_name of lines host")
_REAL = cache(lambda: Terms((code, name) for name, code in states().items()))
_NEIGHBOUR = {"neighbouring", "neighboring", "nearby"}
_GIVEN = lx.words("given_names")
_NO_STATE = frozenset[str]().union(*map(lx.words, ("offices", "titles", "institutions", "never_states")))
_NO_NAME = (
    lx.TIME | lx.DET | lx.POSS | lx.PREP | lx.TITLE | lx.PERSON | lx.SUBJ | lx.AUX | lx.WH | lx.CONJ | lx.SUB | lx.ADV
)


def whose(one: LedgerClaim) -> tuple[str, str]:
    """The actor whose act a claim is about: the state, and the government, a body of its own mind, or a person."""
    own = one.actor_office if one.actor_office in _OWN_MIND else "government"
    return one.actor_state, one.speaker if own == "other" and one.speaker else own


def in_company(claims: Sequence[LedgerClaim]) -> list[LedgerClaim]:
    """The claims of a text, in its order; those that assert nothing of joining take the side of what they stand with.

    That is of what else their speaker says, and where that is level, of the two claims before and after, the next ones
    counting twice. What a reporter tells, and what withholds, asks or comments, takes no side in this way.
    """
    said: Counter[str] = Counter()
    for one in claims:
        said[one.speaker] += one.polarity
    around = [0, 0, *(one.polarity for one in claims), 0, 0]
    found: list[LedgerClaim] = []
    for at, one in enumerate(claims, 2):
        company = said[one.speaker] or 2 * (around[at - 1] + around[at + 1]) + around[at - 2] + around[at + 2]
        silent = one.act or one.polarity or one.kind == "reporter" or one.modality in NEITHER
        found.append(one if silent or not company else one.model_copy(update={"polarity": 1 if company > 0 else -1}))
    return found


class States:
    """The states that an article names: real ones by every form of their names, others by what stands around them."""

    def __init__(self, text: str) -> None:
        self.named: dict[str, str] = {}
        named = _NAMED.findall(text)
        sure = [name for *found, _ in named for part in found for name in re.split(r", and |, | and ", part) if name]
        sure += [*listed] if len(listed := _LINES.findall(text)) > 2 else []
        pairs = _AFTER_NAME.findall(text)
        persons = {name for one, name in pairs if not look_up(one).bits & _NO_NAME and one.lower() not in _NEIGHBOUR}
        for name in sorted({*sure, *(found[-1] for found in named)} - {""}, key=lambda one: (len(one), one)):
            bare = re.sub(r"[’']s?$", "", name)
            low, bits = bare.lower().partition(" ")[0], look_up(bare).bits
            common = bare in persons or bare in states() or bits & _NO_NAME or low in _NO_STATE or bare.endswith("s")
            if common or (name not in sure and bits & ~lx.CAP):
                continue
            titled = text.lstrip().startswith(bare) and text.count(bare) > 1
            if name not in sure and not titled and not re.search(rf"[a-z,] {bare}\b|\b{bare}, which", text):
                continue  # nowhere but at the head of a sentence
            near = (one for stem, one in self.named.items() if low.startswith(stem[: max(4, len(stem) - 1)]))
            self.named[low] = next(near, "") or (bare.title() if bare.isupper() else bare)
        self.hosts = frozenset[str]()
        """The states to which the force is sent and places that only sound like one: no decision to join is theirs."""
        self.acting: Counter[str] = Counter()
        """How often each is named as one that acts or speaks; the one in the headline counts most."""
        self.persons = {name: self.named[of.lower()] for name, of in _OF.findall(text) if of.lower() in self.named}
        """Whom the text gives a state in brackets."""
        head = text.lstrip().partition("\n")[0]
        titled = self.acts_in(read(head, [(0, len(head))]))
        called = {name.lower() for found in _HOST.findall(text) for name in found if name}
        self.hosts = frozenset(self.named.get(low) or states().get(low.title(), "") for low in called)
        titled = [name for name in titled if name not in self.hosts]
        self.acting.update(dict.fromkeys(titled[:1], _HEADLINE))

    def main(self, text: str) -> str:
        """The state that a text is most about: that acts or speaks most, else that is named most."""
        known = [one for one in {**self.acting, **dict.fromkeys(self.named.values())} if one not in self.hosts]
        return max(known, key=lambda one: 2 * self.acting[one] + sum(map(text.count, names_of(one))), default="")

    def within(self, s: Sentence, start: int = 0, end: int | None = None) -> list[tuple[int, str]]:
        """The states named in a run of tokens, each with its place, other than where the force goes."""
        end = len(s) if end is None else end
        found = [(a, b, name) for a, b, name in s.find(self) if start <= a and b <= end and s.bits[a] & lx.CAP]
        named = ((a, name) for a, b, name in found if s.low[a] not in _GIVEN or not {*s.bits[b : b + 1]} & {lx.CAP})
        return sorted(one for one in named if one[1] not in self.hosts)

    def find(self, low: Sequence[str]) -> list[tuple[int, int, str]]:
        """The names of states in a run of tokens, capitals or not."""
        found, named = _REAL().find(low), self.named
        if named:
            own = ((i, named.get(word) or named.get(word.removesuffix("'s"))) for i, word in enumerate(low))
            found += [(i, i + 1, name) for i, name in own if name]
        return sorted(found)

    def acts_in(self, s: Sentence) -> list[str]:
        """The states named in a run of tokens other than as a place where or whither."""
        return [name for at, name in self.within(s) if at == 0 or s.low[at - 1] not in _WHITHER]


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

    def actor(
        self, s: Sentence, act: Asserted, speaker: Speaker, state: str, *, inside: bool, turn: bool
    ) -> tuple[str, str]:
        """The state and the office whose decision a claim is about, as far as its words and speaker tell."""
        start, end = act.subject
        subject = s.low[start:end]
        named = self.states.within(s, start, end) if end else []
        direct = self.states.acts_in(s)
        if named:
            found = named[0][1]
        elif inside or OURS & set(subject) or (OURS & set(s.low) and not direct):
            found = state or ("" if turn else self.nearby)
        elif _THEIRS & set(subject):
            others = speaker.kind in {"reporter", "institution"} or turn
            near = (direct[0] if turn and direct else "") or self.nearby
            found = (near or state) if others else state or near
        else:
            found = next(iter(direct), "") or state or self.nearby
        if named:
            self.states.acting[found] += 1
        if turn and direct:
            self.nearby = direct[0]  # of whom "they" are said to do something next
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
