"""What does a claim assert of joining a force, is it denied, and who is to do it?

English predicates: the words of `grammar/words/acts.txt` in a clause, the governing one first, as a chain for
`sign.governed`. A word before another governs it, as English has it ("did not reject the offer").
"""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Terms, look_up, phrases
from contingent.evidence.grammar.sentences import Range, Sentence, read
from contingent.evidence.pack import states
from contingent.evidence.sign import governed

_NOUN = lx.DET | lx.POSS | lx.PREP
_OPENS = frozenset("subject because although though while whereas since despite unless if until provided so".split())
_CONDITION = frozenset("subject unless if until provided".split())
_ONLY = frozenset("if under with after once when on as".split())
_BOTH = frozenset("without unless until".split())
_TARGETS = frozenset("it this that them government plan idea sending deal agreement accord any one such".split())
DECISIONS = frozenset(["for", "against", "refuse", "exclude", "decide"])


class Asserted(NamedTuple):
    """The action asserted and its class, whether it is negated, the tokens of its subject, and of the words read."""

    action: str = ""
    kind: str = ""
    negated: bool = False
    subject: Range = (0, 0)


def asserted(s: Sentence, terms: Terms) -> Asserted:
    """What the words assert of joining; a condition counts only where nothing else says anything."""
    hits = _longest(terms.find(s.low))
    hits += [(i, i + 1, ("not", "")) for i, word in enumerate(s.low) if word.endswith("n't") and word != "can't"]
    if not hits:
        return Asserted()
    hits.sort()
    found = [(_in_clause(s, hits, a, b), s.low[a] in _CONDITION) for a, b in _clauses(s)]
    found = [(one._replace(subject=(0, 0)) if condition else one, condition) for one, condition in found]
    told = [one for one, condition in found if one.kind and not condition] or [one for one, _ in found if one.kind]
    best = next((one for one in told if one.kind in DECISIONS), None) or next(iter(told), Asserted())
    denied = best.negated and best.kind in {"for", "object"} and any(word in _BOTH for word in s.low)
    only = any(a == "only" and b in _ONLY for a, b in zip(s.low, s.low[1:], strict=False))
    return best._replace(kind="open") if denied or (only and best.kind == "for") else best


def _longest(hits: list[tuple[int, int, tuple[str, str]]]) -> list[tuple[int, int, tuple[str, str]]]:
    """The hits that no longer one covers."""
    kept: list[tuple[int, int, tuple[str, str]]] = []
    for hit in sorted(hits, key=lambda one: (one[0], -one[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return [hit for hit in kept if hit[2][0] != "mute"]


def _clauses(s: Sentence) -> list[Range]:
    """The clauses of a claim, each from the word that opens it."""
    bits, low = s.bits, s.low
    cuts = [0]
    for i in range(1, len(s)):
        after = bits[i - 1] & (lx.COMMA | lx.DASH | lx.STOP)
        if low[i] in _OPENS or low[i] == "but" or (after and bits[i] & (lx.WHO | lx.SUB | lx.CONJ)) or low[i] == ";":
            cuts.append(i)
        elif bits[i] & lx.COMMA and cuts[-1] < i and low[cuts[-1]] in _OPENS:
            cuts.append(i + 1)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(s)], strict=True) if a < b]


def _in_clause(s: Sentence, hits: list[tuple[int, int, tuple[str, str]]], start: int, end: int) -> Asserted:
    mine = [(at, _used(s, at, kind), action) for at, _, (kind, action) in hits if start <= at < end]
    neither = False
    chain: list[str] = []
    for at, kind, _ in mine:
        if s.low[at] == "nor" and neither:
            continue
        neither |= s.low[at] == "neither"
        chain.append(kind)
    kind, negated = governed(chain)
    if not kind:
        return Asserted()
    after = {*s.low[mine[-1][0] + 1 : end]}
    named = after and (mine[-1][2] == "support" or any(b & (lx.DET | lx.POSS) for b in s.bits[mine[-1][0] + 1 : end]))
    if named and {action for _, _, action in mine} <= {"support", "refuse", ""} and not _TARGETS & after:
        return Asserted()  # something else is welcome or refused
    at, action = next(((at, action) for at, word, action in mine if word == kind), (mine[0][0], mine[0][2]))
    if s.low[at] and any(one.endswith("%") or one == "percent" for one in s.low[start:at]) and _minority(s, start, at):
        negated = not negated
    if negated and kind == "object":
        kind = "for"  # no troops
    had = any(s.bits[n] & lx.HAVE for n in range(max(start, at - 3), at)) and not s.low[at].endswith("ing")
    if negated and kind == "for" and had and s.low[at - 1] != "to":
        kind = "decide"  # has not sent: not done so far
    begin = at
    while begin > start and s.bits[begin - 1] & (lx.AUX | lx.ADV | lx.TO) and not s.bits[begin - 1] & lx.DET:
        begin -= 1
    start = next((n + 1 for n in range(begin - 1, start, -1) if s.bits[n] & lx.COMP), start)
    begin = start if s.bits[start] & lx.AUX else begin  # no subject of its own
    return Asserted(action, kind, negated, (start, begin))


def _used(s: Sentence, at: int, kind: str) -> str:
    """The class of a word as it is used here: an act that is only named ("sending", "the offer") is what is joined."""
    if kind not in {"for", "decide"}:
        return kind
    if s.low[at + 1 : at + 2] == ["by"]:
        return "topic"  # led by others
    before = s.bits[at - 1] if at else lx.DET
    noun = (before & _NOUN and not before & lx.SUBJ) or s.low[at - 1] == "'s"
    named = (at > 0 and noun) or (s.low[at].endswith("ing") and not before & lx.BE)
    return {"for": "object", "decide": "plus"}[kind] if named else kind


def _minority(s: Sentence, start: int, end: int) -> bool:
    """Whether a share of less than half stands before a word."""
    numbers = [s.low[i].rstrip("%") for i in range(start, end) if s.bits[i] & lx.NUM]
    return any(number.replace(".", "", 1).isdigit() and float(number) < 50 for number in numbers)


_BODIES = Terms(phrases("bodies.txt"))
_OFFICES = tuple(dict.fromkeys(kind for kind, _ in phrases("bodies.txt")))
_REAL = cache(lambda: Terms((code, name) for name, code in states().items()))
_CAP = r"[A-ZÀ-Þ][\w’'-]*[a-zà-ÿ]"
_BODY = (
    "government|cabinet|parliament|army|navy|military|police|presidency|armed forces|coalition|opposition|ambassador"
    "|embassy|senate|assembly|troops|soldiers|president|king|queen|chancellor"
    "|(?:foreign|defen[cs]e|interior|finance|prime|home) (?:minist|secretar|office)"
)
_NAMED = re.compile(
    rf"\b({_CAP})(?:[’']s?)?\s+(?:[a-z]+\s+)?(?i:{_BODY})"
    rf"|\b(?i:minist(?:er|ry|ers)|secretary|{_BODY})[a-z]*\s+(?:(?i:of|for) (?i:the )?[A-Z][\w ]{{0,20}}? )?(?i:of)\s+(?:the\s+)?"
    rf"((?:[A-Z][\w’'-]+)(?:(?:, | and |, and ){_CAP})*)|\b[Nn]eighbouring ({_CAP})"
    rf"|(?:^|[.“\"—:-] |, |\bthat )({_CAP})(?:, which [^,.]{{3,90}},)? (?:has|had|will|would|is|was|does|did|to|agrees|agreed|pledges|pledged"
    r"|offers|offered|refuses|refused|rejects|rejected|declines|declined|rules|ruled|pulls|pulled|withdrew|says|said|balks|sends|sent|joins|joined) ",
    re.MULTILINE,
)
_NEIGHBOUR = {"neighbouring", "neighboring", "nearby"}
_AFTER_NAME = re.compile(rf"\b([A-Z][\w.’'-]*)[ \t]+(?=({_CAP}))")
_OF = re.compile(rf"({_CAP} {_CAP}) \(({_CAP})\)")
_LINES = re.compile(r"^([A-ZÀ-Þ]{4,})\s+[-–—:]\s", re.MULTILINE)
_NO_STATE = (
    lx.words("offices")
    | lx.words("titles")
    | lx.words("institutions")
    | frozenset(
        "foreign prime defence defense interior finance home federal national united security vice deputy former affairs new"
        " joint state public war african european arab muslim islamic western un press service member members".split()
    )
)
_NO_NAME = (
    lx.TIME | lx.DET | lx.POSS | lx.PREP | lx.TITLE | lx.PERSON | lx.SUBJ | lx.AUX | lx.WH | lx.CONJ | lx.SUB | lx.ADV
)


def has_verb(s: Sentence) -> bool:
    """Whether the words hold a verb, so that they say something and are no heading."""
    return any(
        b & (lx.AUX | lx.VERB | lx.ED | lx.SUBJ | lx.TO) or any(set(one.forms) & {"s", "d"} for one in word.verbs)
        for b, word in zip(s.bits, s.words, strict=True)
    )


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
            low, bits = bare.lower(), look_up(bare).bits
            common = bare in persons or bare in states() or bits & _NO_NAME or low in _NO_STATE or bare.endswith("s")
            placed = re.search(rf"[a-z,] {bare}\b|\b{bare}, which", text)
            if common or (name not in sure and (bits & ~lx.CAP or not placed)):
                continue
            near = (one for stem, one in self.named.items() if low.startswith(stem[: max(4, len(stem) - 1)]))
            self.named[low] = next(near, "") or (bare.title() if bare.isupper() else bare)
        self.acting: Counter[str] = Counter()
        """How often each is named as one that acts or speaks; the one in the headline counts most."""
        self.persons = {name: self.named[of.lower()] for name, of in _OF.findall(text) if of.lower() in self.named}
        """Whom the text gives a state in brackets."""
        head = text.lstrip().partition("\n")[0]
        titled = self.acts_in(read(head, [(0, len(head))]))
        self.acting.update(dict.fromkeys(titled[:1], _HEADLINE))

    def main(self, text: str) -> str:
        """The state that a text is most about: that acts or speaks most, else that is named most."""
        if self.acting:
            return self.acting.most_common(1)[0][0]
        return max(dict.fromkeys(self.named.values()), key=text.count, default="")

    def within(self, s: Sentence, start: int = 0, end: int | None = None) -> list[tuple[int, str]]:
        """The states named in a run of tokens, each with its place."""
        if end == 0:
            return []
        low = s.low[start:end]
        found = [(start + at, code) for at, _, code in _REAL().find(low) if s.bits[start + at] & lx.CAP]
        if self.named:
            own = (
                (start + i, self.named.get(word) or self.named.get(word.removesuffix("'s")))
                for i, word in enumerate(low)
            )
            found += [(at, name) for at, name in own if name and s.bits[at] & lx.CAP]
        return sorted(found)

    def acts_in(self, s: Sentence) -> list[str]:
        """The states named in a run of tokens other than as a place where or whither."""
        return [name for at, name in self.within(s) if at == 0 or s.low[at - 1] not in _WHITHER]


_HEADLINE = 100  # mentions
_WHITHER = frozenset("in to from near outside across over with for into on".split())


def office_of(s: Sentence, start: int = 0, end: int | None = None, *, last: bool = False) -> str:
    """The kind of office or body named in a run of tokens; of several, the most particular, or the last."""
    found = [kind for _, _, kind in _BODIES.find(s.low[start:end])]
    return found[-1] if last and found else next((kind for kind in _OFFICES if kind in found), "")
