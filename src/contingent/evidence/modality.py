"""In which mood is a claim made, and on which record, in which form, on which channel and day?

Modality, negation, hedging, quantities, and attribution status, by `grammar/words/patterns.toml`. Rules are tried in
order, the most particular first. A newspaper's "may" or "soon" is a mood and never a number (Kent 1964; ICD 203 words
count only where used). The records are those of the Associated Press: on the record (by name), background (by
description); a narrated sentence without any source is unattributed.
"""

import datetime as dt
import re
from collections.abc import Sequence

from contingent.evidence.claim import Attribution, Form, Modality, OnRecord, Quantity, Span, Speaker
from contingent.evidence.grammar.lexicon import patterns, words

ATTITUDES = frozenset(["cognitive", "evaluative"])
"""Classes of cue by which a reporter ascribes an attitude rather than reports a statement."""
_STANDS = patterns("record_status")
_STATUS: dict[str, tuple[Attribution, OnRecord]] = {
    "official": ("anonymous-official", "background"), "familiar": ("people-familiar", "background"),
    "institution": ("institution", "on-the-record"), "document": ("document", "on-the-record"),
    "poll": ("poll", "on-the-record"),
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_SAYS = patterns("modality", re.IGNORECASE)
META = _SAYS["meta"]
_FIRST: tuple[tuple[re.Pattern[str], Modality], ...] = (
    (META, "meta-status"), (_SAYS["knows_not"], "knowledge-denied"), (_SAYS["says_not"], "non-commitment"),
    (_SAYS["open"], "open-question"),
)  # fmt: skip
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
    said = _SAYS["whether"].sub("", said) or said
    if ascribed:
        return "belief-ascribed"
    conditional = bool(_SAYS["if"].search(said))
    if _SAYS["prefers"].search(said) and (quoted or not conditional):
        return "preference"
    if _SAYS["would"].search(said) and (conditional or _SAYS["gerund"].match(said) or _SAYS["would_be"].search(said)):
        return "conditional-evaluation" if _SAYS["would_be"].search(said) else "conditional-prediction"
    if _SAYS["must"].search(said):
        return "obligation"
    if _SAYS["expected"].search(said):
        return "prediction"
    if _SAYS["will"].search(said):
        if conditional:
            return "conditional-prediction"
        foreseen = kind in {"reporter", "cognitive"} or _SAYS["when"].search(said) or said.lower().startswith("it ")
        return "prediction" if foreseen else "intention"
    if _SAYS["may"].search(said):
        return "possibility"
    if _SAYS["intends"].search(said) or kind == "commissive":
        return "intention"
    if _SAYS["seems"].search(said):
        return "assessment"
    evaluates = any(word in words("evaluative") for word in re.findall(r"[\w-]+", said.lower()))
    if evaluates and kind not in {"reporter", "decree"}:
        return "personal-assessment" if single and quoted and _SAYS["copula"].search(said) else "assessment"
    if kind in {"cognitive", "evaluative"}:
        return "assessment"
    if parent in {"prediction", "possibility"} and not _SAYS["copula"].search(said):
        return parent
    return "fact-asserted"


def negated(said: str) -> bool:
    """Whether the claim denies something."""
    return bool(_SAYS["negation"].search(said))


def hedges(said: str) -> tuple[str, ...]:
    """The words that weaken the claim, in order."""
    return tuple(match.group().lower() for match in _SAYS["hedges"].finditer(said))


def condition(said: str) -> str:
    """What the claim depends on, in its own words; empty when it depends on nothing."""
    match = _SAYS["condition"].search(said)
    return match[1].strip() if match else ""


def quantities(said: str) -> tuple[Quantity, ...]:
    """The numbers in a claim with their units; years and dates are left to the date rules."""
    found: list[Quantity] = []
    for match in _SAYS["quantity"].finditer(said):
        number = float(match["n"].replace(",", "").rstrip(".") or 0)
        scale, unit = (match["scale"] or "").lower(), (match["unit"] or "").lower()
        if not scale and not match["op"] and "," not in match["n"] and 1900 <= number <= 2100:
            continue
        unit = "%" if scale in {"percent", "per cent", "%"} else unit
        found.append(Quantity(
            number * _SCALES.get(scale, 1),
            _OPERATORS.get((match["op"] or "").lower(), "=" if not match["op"] else "~"), unit,
        ))  # fmt: skip
    return tuple(found)


def record_status(speaker: Speaker, cue: str) -> tuple[Attribution, OnRecord]:
    """Attribution class and record of what a speaker says with a cue of a class."""
    if speaker.kind == "person":
        return ("named-official" if speaker.office else "named-person"), "on-the-record"
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


def channel_of(sentence: str) -> str:
    """The programme, outlet or occasion named in a sentence as the place of a statement; empty if none."""
    for pattern, label in (
        (_STANDS["interview"], "interview, "),
        (_STANDS["told"], ""),
        (_STANDS["platform"], ""),
        (_STANDS["event"], ""),
    ):
        match = pattern.search(sentence)
        if match:
            return label + _STANDS["later"].split(match[1])[0].strip(" .,")
    return ""


def date_of(sentence: str) -> str:
    """The day named in a sentence, as written; empty if none."""
    match = _STANDS["date"].search(sentence)
    return match.group().strip() if match else ""


def resolved(expression: str, published: dt.date | None) -> dt.date | None:
    """The day an expression means in a text of a given day; None where it cannot be told.

    A weekday, or a day of the year without its year, is the last one up to the day of publication, which is how news
    writes it.
    """
    words = expression.lower().replace(",", "").split()
    if published is None or not words:
        return None
    if "yesterday" in words:
        return published - dt.timedelta(days=1)
    if "today" in words:
        return published
    for word in words:
        if word in _WEEKDAYS:
            return published - dt.timedelta(days=(published.weekday() - _WEEKDAYS.index(word)) % 7)
    months = {name[:n]: number for number, name in enumerate(_MONTHS, 1) for n in (3, 4, len(name))}  # Sept, Dec.
    month = next((months[word.rstrip(".")] for word in words if word.rstrip(".") in months), 0)
    numbers = [int(word) for word in words if word.isdigit()]
    day = next((number for number in numbers if number <= 31), 0)
    year = next((number for number in numbers if number > 31), None)
    try:
        found = dt.date(year or published.year, month, day)
        return found.replace(year=found.year - 1) if year is None and found > published else found
    except ValueError:
        return None
