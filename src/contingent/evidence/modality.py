"""In which mood is a claim made, on which record and in which form?

Modality, negation, hedging, quantities, and attribution status, by the words of `grammar/words/moods.txt`. Rules are
tried in order, the most particular first. A newspaper's "may" or "soon" is a mood and never a number (Kent 1964; ICD
203 words count only where used). The records are those of the Associated Press: on the record (by name), background (by
description); a narrated sentence without any source is unattributed.
"""

import re
from collections.abc import Sequence

from contingent.evidence.acts import DECISIONS, Asserted, office_of
from contingent.evidence.claim import Attribution, Form, Modality, OnRecord, Quantity, Span, Speaker
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Terms, phrases, words
from contingent.evidence.grammar.sentences import Sentence
from contingent.evidence.grammar.statement import Statement

ATTITUDES = frozenset(["cognitive", "evaluative"])
"""Classes of cue by which a reporter ascribes an attitude rather than reports a statement."""
_STATUS: dict[str, tuple[Attribution, OnRecord]] = {
    "official": ("anonymous-official", "background"), "familiar": ("people-familiar", "background"),
    "institution": ("institution-narrated", "on-the-record"), "document": ("institution-narrated", "on-the-record"),
    "poll": ("institution-narrated", "on-the-record"), "person": ("named-official", "on-the-record"),
}  # fmt: skip
_TERMS = Terms(phrases("moods.txt"))
_DECIDES, _SHOULD = frozenset(["rule", "decide", "opt", "argue"]), frozenset(["should", "must", "ought"])
_STANDS = frozenset(["oppose", "support", "back", "favor", "favour", "vote"])
_HAS = frozenset(["has", "have", "had", "does", "did"])
_EVALUATIVE = words("evaluative")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_OPERATORS = {"over": ">", "more than": ">", "at least": ">=", "up to": "<=", "fewer than": "<", "less than": "<",
              "about": "~", "around": "~", "some": "~", "nearly": "~", "almost": "~"}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
Moods = dict[str, list[int]]
"""Where the words of each kind stand, as token numbers."""


def moods_in(s: Sentence) -> Moods:
    """The words of a claim that tell its mood, by kind."""
    found: Moods = {}
    for at, _, label in s.find(_TERMS):
        if label == "may" and at and s.bits[at] & lx.CAP:
            continue  # the month
        found.setdefault(label, []).append(at)
    found["not"] = [i for i, word in enumerate(s.low) if word in _NOT or word.endswith("n't")]
    return found


_SELVES = frozenset("i we our he she who".split())
_VIEWS = frozenset("should would may must judging able".split())
_NOUNS = frozenset("no none nobody nothing without neither nor".split())
_NOT = frozenset("not never no none nobody nothing without neither nor cannot".split())


def modality_of(
    s: Sentence,
    moods: Moods,
    act: Asserted,
    *,
    kind: str,
    quoted: bool,
    single: bool,
) -> Modality:
    """The mood of a claim from its words, what it asserts and its cue.

    `kind` is the cue's class, `quoted` whether the words are the speaker's own, `single` whether one individual
    speaks.
    """
    there = moods.keys()
    if firmly := _firmly(s, moods, act):
        return firmly
    reporter, conditional = kind in {"reporter", "column"}, "if" in there
    if kind == "column" and (_VIEWS & there or not _EVALUATIVE.isdisjoint(s.low)):
        return "personal-opinion"
    myself = quoted and single and bool({"i", "my"} & set(s.low))
    would_be = any(
        i - 3 < j < i and not (i + 1 < len(s) and s.bits[i + 1] & (lx.ED | lx.VERB))
        for i in moods.get("being", ()) for j in moods.get("would", ())
    )  # fmt: skip
    if "prefer" in there:
        return "preference"
    if "should" in there:
        ours = any(i and s.low[i - 1] == "we" for i in moods["should"])
        return "preference" if ours else "personal-opinion" if quoted and single else "obligation"
    if myself and not conditional and "will" not in there and {"would", "judging"} & there and "may" not in there:
        return "personal-opinion"
    if "would" in there and (conditional or would_be) and (quoted or reporter or would_be):
        return "conditional-evaluation" if would_be else "conditional-prediction"
    if "able" in there and not reporter:
        first = s.low[0] in {"i", "we", "“", '"'} and {"i", "we"} & {*s.low[:2]} and act.kind in {"for", "object"}
        return "intention" if quoted and first else "assessment"
    if "must" in there:
        return "obligation"
    if any(s.bits[i - 1] & lx.BE or s.low[i - 1] == "more" for i in moods.get("likely", ()) if i) or _is_to(s):
        return "prediction"
    backshift = "would" in there and not quoted and not reporter and "may" not in there  # "he said he would"
    if "will" in there or backshift or (conditional and "expects" in there):
        at, own = min(moods.get("will", moods.get("would", (0,)))), bool(act.kind) and not quoted and not single
        willed = _willed(s, at, own=own)
        if act.kind in DECISIONS and "soon" not in there and (not conditional or backshift):
            return "fact-asserted" if reporter else "prediction" if kind == "judged" or not willed else "intention"
        if conditional:
            return "conditional-prediction"
        foreseen = reporter or kind in {"cognitive", "judged"} or "soon" in there or not willed
        return "prediction" if foreseen else "intention"
    if "expects" in there and not reporter:
        return "conditional-prediction" if conditional else "prediction"
    if "may" in there:
        return "possibility"
    undone = any(s.bits[i - 1] & lx.HAVE for i in moods["not"] if i)  # "has not agreed to"
    if not reporter and ("intends" in there or kind == "commissive") and not undone:
        return "intention"
    if "seems" in there:
        return "assessment"
    if not reporter and "wants" in there:
        return "preference"
    copula = any(b & lx.BE for b in s.bits)
    evaluates = "judging" in there or not _EVALUATIVE.isdisjoint(s.low)
    if not reporter and evaluates:
        return (
            "personal-assessment"
            if quoted and ("judging" in there or (single and copula and evaluates))
            else "assessment"
        )
    return "fact-asserted"


_THINGS, _FORCES, _CALLS = words("things"), words("forces"), words("calls")


def ascribed_mood(
    mood: Modality, s: Sentence, moods: Moods, *, lemma: str, speaker: str, form: Form, cue: int
) -> Modality:
    """The mood of the words as the reporting verb `lemma`, the kind of speaker and the sign of the cue change it."""
    if mood in {"fact-asserted", "assessment"} and (lemma in _CALLS or (lemma == "reject" and "as" in s.low)):
        mood = "assessment" if form == "indirect" or lemma == "describe" else "personal-assessment"
    unnamed = speaker in {"familiar", "official"} and "wants" in moods
    if unnamed and mood in {"fact-asserted", "preference", "obligation"}:
        return "belief-ascribed"
    if cue or not lemma or mood not in {"fact-asserted", "non-commitment"}:
        return mood
    return "knowledge-denied" if lemma in {"know", "remember", "recall"} else "non-commitment"


def _willed(s: Sentence, at: int, *, own: bool) -> bool:
    """Whether what is said to come is somebody's own act: of a state, a body or a person, not of a thing or of troops.

    `own` is whether "it" may be the body that speaks: where the words are not its own.
    """
    head = s.low[:at]
    things = not _THINGS.isdisjoint(head) or (not _FORCES.isdisjoint(head) and "not" not in s.low[at:])
    return not things or (own and head[-1:] == ["it"]) or bool(_SELVES & {*head} or office_of(s, 0, at))


def _firmly(s: Sentence, moods: Moods, act: Asserted) -> Modality | None:
    """The moods in which nothing is said of the matter itself."""
    denied = [i for i in moods["not"] if s.low[i] not in _NOUNS]
    near = lambda name, reach: any(0 < i - j <= reach for i in moods.get(name, ()) for j in denied)  # noqa: E731
    if "personal" in moods or "meta" in moods:
        return "meta-status"
    if "unaware" in moods or near("aware", 2):
        return "knowledge-denied"
    declined = any(0 < i - j <= 2 for i in moods.get("tell", ()) for j in moods.get("decline", ()))
    silent = "early" in moods or near("open_door", 3) or near("tell", 4) or declined
    if silent or (act.kind == "exclude" and act.negated):
        return "non-commitment"
    if "open" in moods or s.low[-1] == "?":
        return "open-question"
    return None


def _is_to(s: Sentence) -> bool:
    """Whether somebody "is to" do something."""
    return any(word in {"is", "are"} and after == "to" for word, after in zip(s.low, s.low[1:], strict=False))


def hedges(s: Sentence, moods: Moods) -> tuple[str, ...]:
    """The words that weaken the claim, in order."""
    return tuple(s.low[i] for i in moods.get("hedge", ()))


def condition(text: str, s: Sentence, moods: Moods) -> str:
    """What the claim depends on, in its own words; empty when it depends on nothing."""
    for at in moods.get("condition", ()):
        end = s.first(at + 1, lx.COMMA | lx.STOP | lx.MARK | lx.DASH)
        if end > at + 1:
            return text[s.start[at + 1] : s.end[end - 1]]
    return ""


def quantities(s: Sentence) -> tuple[Quantity, ...]:
    """The numbers in a claim with their units; years and dates are left to the date rules."""
    found: list[Quantity] = []
    for i in [i for i, b in enumerate(s.bits) if b & lx.NUM]:
        match = _NUMBER.search(s.low[i])
        if match is None:
            continue
        number = float(match.group().replace(",", "").rstrip(".") or 0)
        if number > Quantity.MOST:
            continue
        rest = s.low[i + 1 : i + 4]
        before = next((op for op in (" ".join(s.low[max(0, i - n) : i]) for n in (2, 1)) if op in _OPERATORS), "")
        percent = s.low[i].endswith("%") or rest[:1] in (["%"], ["percent"]) or rest[:2] == ["per", "cent"]
        scale = _SCALES.get(rest[0], 1) if rest else 1
        if not before and scale == 1 and not percent and "," not in match.group() and 1900 <= number <= 2100:
            continue
        unit = "%" if percent else next(iter(rest[scale > 1 :]), "")
        found.append(Quantity(number * scale, _OPERATORS.get(before, "="), unit if percent or unit.isalpha() else ""))
    return tuple(found)


def acted(text: str, one: Statement, *, body: bool) -> bool:
    """Whether the words tell what somebody decided or should do, and not what they said; `body` for an institution."""
    first = text[slice(*one.cue)].lower().partition(" ")[0]
    settled = one.kind == "decree" or one.lemma in _DECIDES
    own = body and one.lemma != "decline" and (settled or one.kind in {"commissive", "directive"})
    quoting = any(text[a] in "“\"‘'«" for a, _ in one.content)
    told = one.lemma in _STANDS or (first in _HAS and (settled or one.kind == "evaluative"))
    return own or first in _SHOULD or (told and not quoting)


def record_status(speaker: Speaker, cue: str) -> tuple[Attribution, OnRecord]:
    """Attribution class and record of what a speaker says with a cue of a class."""
    if speaker.kind == "institution" and cue in ATTITUDES:
        return "institution-narrated", "unattributed"
    return _STATUS.get(speaker.kind, ("reporter-narrative", "unattributed"))


def form_of(spans: Sequence[Span], marks: Sequence[Span]) -> Form:
    """Direct when nearly all the words stand between quotation marks, mixed when some do, indirect when none."""
    size = sum(b - a for a, b in spans)
    inside = sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in marks)
    if inside >= size - 2:
        return "direct"
    return "mixed" if inside > 2 else "indirect"
