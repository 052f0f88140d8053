"""In which mood a claim is made: fact, intention, opinion, forecast, condition; with negation, hedges, quantities.

Modality, negation, hedging and quantities. The rules are tried in order, the most particular first. A newspaper's "may"
or "soon" is a mood and never a number (Kent 1964; ICD 203 words count only where used).
"""

from __future__ import annotations

import re

from contingent.evidence.claim import Modality, Quantity
from contingent.evidence.grammar.lexicon import words

_I = re.IGNORECASE
_NOT = r"(?:not|n['’]t|never)"
META = re.compile(r"\bpersonal (?:opinion|view|views|capacity|assessment)\b|\bin (?:his|her|my) own capacity\b", _I)
_KNOWS_NOT = re.compile(
    rf"\b\w*{_NOT}\s+(?:\w+\s+)?(?:aware|know|informed|seen|received|heard)\b|\bunaware\b|\bno (?:knowledge"
    rf"|information)\b",
    _I,
)
_SAYS_NOT = re.compile(
    rf"\b\w*{_NOT}\s+(?:want|wish|like|going|be)?\s*(?:to\s+)?(?:\w+\s+)?(?:say|saying|comment|speculate"
    rf"|pre-?judge|pre-?empt|discuss|reveal|disclose)\b"
    r"|\bdeclin\w+ to (?:say|comment|confirm)\b|\btoo early to\b|\bprematurely\b",
    _I,
)
_OPEN = re.compile(
    r"\b(?:unclear|unknown|undecided|open question|remains? to be seen|not clear|uncertain)\b"
    r"|\b(?:question|issue|issues|uncertainty|doubt|doubts|debate)\b.*\b(?:whether|how|if|who|when)\b|\?[”\"]?$",
    _I,
)
_PREFERS = re.compile(
    r"\b(?:prefer\w*|would like|['’]d like|hope|hopes|hoped|wish|wishes|ideally|rather)\b"
    r"|\bshould\s+(?:\w+\s+)?(?:take|do|join|send|go|accept|seize)\b"
    r"|\bwe should\b",
    _I,
)
_MUST = re.compile(r"\b(?:has|have|had) to\b|\bmust\b|\bneeds? to\b|\bought to\b|\bis required to\b|\bshould\b", _I)
_IF = re.compile(r"\b(?:if|unless|provided that|as long as|on condition|only when|in case)\b", _I)
_WOULD = re.compile(r"\b(?:would|could|might|['’]d)\b", _I)
_WOULD_BE = re.compile(
    r"\b(?:would|could|might|['’]d)\s+(?:\w+ly\s+)?(?:be|show|demonstrate|mean|represent|signal|reflect|make)\b", _I
)
_GERUND = re.compile(r"^\W*(?:that\s+)?(?:\w+\s+)?\w+ing\b[^.]*\b(?:would|could|might|will)\b", _I)
_MAY = re.compile(r"\b(?:may|might|could|possibly|perhaps|maybe)\b", _I)
_EXPECTED = re.compile(
    r"\b(?:is|are|was|were) (?:\w+ly )?(?:expected|likely|set|due|scheduled|bound|poised) to\b|\bwill likely\b", _I
)
_WILL = re.compile(r"\b(?:will|shall|going to|won['’]t)\b|['’]ll\b", _I)
_WHEN = re.compile(
    r"\b(?:soon|shortly|eventually|imminent\w*|in the coming|within (?:days|weeks|months)|by (?:the end|next|\d))\b", _I
)
_INTENDS = re.compile(
    r"\b(?:intends?|plans? to|vow\w*|pledg\w*|promis\w*|determined to|committed to|ready to|refus\w+ to|rul\w+ out)\b",
    _I,
)
_SEEMS = re.compile(
    r"\b(?:seems?|appears?|apparently|inclined|likely|unlikely|probably|suggests?|in (?:my|our|their) view)\b", _I
)
_WHETHER = re.compile(r"(?<=\w )whether\b.*", _I)
_COPULA = re.compile(r"\b(?:is|was|are|were)\b|['’]s\b", _I)
_HEDGES = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|soon|shortly|seems?|appears?|inclined|believe[sd]?|likely|unlikely"
    r"|probably|ideally|about|around|reportedly|allegedly|apparently)\b",
    _I,
)
_NEGATION = re.compile(r"\b\w*n['’]t\b|\b(?:not|never|no|none|nobody|without|neither|nor)\b", _I)
_CONDITION = re.compile(
    r"\b(?:if|unless|once|provided that|as long as|only when|before|after|until)\b\s+([^,.;”\"]+)", _I
)
_QUANTITY = re.compile(
    r"(?P<op>over|more than|at least|up to|about|around|some|nearly|almost|fewer than|less than)?\s*"
    r"(?<![\w.])(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>thousand|million|billion|percent|per cent"
    r"|%)?\s*(?P<unit>[A-Za-z-]+)?",
    _I,
)
LONGEST = 2_000  # characters looked at; no proposition is longer
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_OPERATORS = {"over": ">", "more than": ">", "at least": ">=", "up to": "<=", "fewer than": "<", "less than": "<"}


def modality_of(
    said: str, *, kind: str, quoted: bool, single: bool, ascribed: bool, parent: Modality | None = None
) -> Modality:
    """The mood of a claim from its words and its cue.

    `kind` is the cue's class, `quoted` whether the words are the speaker's own, `single` whether one individual
    speaks, `ascribed` whether the reporter ascribes an attitude without a statement, `parent` the mood of the
    sentence that a part without a verb of its own belongs to.
    """
    said = said[:LONGEST]
    for rule, mood in _FIRST:
        if rule.search(said):
            return mood
    said = _WHETHER.sub("", said) or said
    if ascribed:
        return "belief-ascribed"
    conditional = bool(_IF.search(said))
    if _PREFERS.search(said) and (quoted or not conditional):
        return "preference"
    if _WOULD.search(said) and (conditional or _GERUND.match(said) or _WOULD_BE.search(said)):
        return "conditional-evaluation" if _WOULD_BE.search(said) else "conditional-prediction"
    if _MUST.search(said):
        return "obligation"
    if _EXPECTED.search(said):
        return "prediction"
    if _WILL.search(said):
        if conditional:
            return "conditional-prediction"
        foreseen = kind in {"reporter", "cognitive"} or _WHEN.search(said) or said.lower().startswith("it ")
        return "prediction" if foreseen else "intention"
    if _MAY.search(said):
        return "possibility"
    if _INTENDS.search(said) or kind == "commissive":
        return "intention"
    if _SEEMS.search(said):
        return "assessment"
    evaluates = any(word in words("evaluative") for word in re.findall(r"[\w-]+", said.lower()))
    if evaluates and kind not in {"reporter", "decree"}:
        return "personal-assessment" if single and quoted and _COPULA.search(said) else "assessment"
    if kind in {"cognitive", "evaluative"}:
        return "assessment"
    if parent in {"prediction", "possibility"} and not _COPULA.search(said):
        return parent
    return "fact-asserted"


_FIRST: tuple[tuple[re.Pattern[str], Modality], ...] = (
    (META, "meta-status"),
    (_KNOWS_NOT, "knowledge-denied"),
    (_SAYS_NOT, "non-commitment"),
    (_OPEN, "open-question"),
)


def negated(said: str) -> bool:
    """Whether the claim denies something."""
    return bool(_NEGATION.search(said))


def hedges(said: str) -> tuple[str, ...]:
    """The words that weaken the claim, in order."""
    return tuple(match.group().lower() for match in _HEDGES.finditer(said))


def condition(said: str) -> str:
    """What the claim depends on, in its own words; empty when it depends on nothing."""
    match = _CONDITION.search(said)
    return match[1].strip() if match else ""


def quantities(said: str) -> tuple[Quantity, ...]:
    """The numbers in a claim with their units; years and dates are left to the date rules."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(said):
        number = float(match["n"].replace(",", "").rstrip(".") or 0)
        scale, unit = (match["scale"] or "").lower(), (match["unit"] or "").lower()
        if not scale and not match["op"] and "," not in match["n"] and 1900 <= number <= 2100:
            continue
        unit = "%" if scale in {"percent", "per cent", "%"} else unit
        found.append(
            Quantity(
                number * _SCALES.get(scale, 1),
                _OPERATORS.get((match["op"] or "").lower(), "=" if not match["op"] else "~"),
                unit,
            )
        )
    return tuple(found)
