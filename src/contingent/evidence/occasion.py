"""By which channel, on which occasion and on which day was a statement made?

Told by the grammar of the words around it, not by names that would have to be known.
"""

import datetime as dt

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import words
from contingent.evidence.grammar.sentences import Sentence

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_INTRODUCES = frozenset("in at during on over through via by from addressing holding under".split())
_DEEDS = {"tweeted": "tweet", "tweets": "tweet", "texted": "text message", "texts": "text message", "blogged": "blog",
          "emailed": "e-mail", "e-mailed": "e-mail", "phoned": "telephone", "telephoned": "telephone"}  # fmt: skip
"""What verbs of sending say of the means."""
_TELLS = frozenset("told tells tell telling speaking spoke speaks appearing appeared informed informs".split())
OCCASIONS, OUTLETS, _PRESS, _PLATFORMS, _MEANS, _HOUSES = (
    words(name) for name in ("occasions", "outlets", "press", "platforms", "means", "houses")
)
_AIR = _PLATFORMS | OUTLETS
_DAYS = {*_WEEKDAYS, *_MONTHS}
_BEFORE_DAY = frozenset("on last this next late early earlier since until by".split())
_HEADED, _PROGRAMME = lx.patterns("occasion", "headed programme")
_DEAR, _POST = lx.patterns("layout", "dear post")


def channel_of(text: str, s: Sentence) -> str:
    """The programme, outlet or occasion by which a statement was made, from how it is introduced; empty if it is not.

    "in an interview with Radio Nord", "told a private channel", "at a rally in Hamra", "on Facebook": told by the
    grammar of the words around the statement, not by names that would have to be known.
    """
    told = ""
    low, bits = [*s.low, *[""] * 6], [*s.bits, *[0] * 6]
    for i, word in enumerate(s.low):
        nouns = [n for n in range(i + 1, i + 6) if low[n] in OCCASIONS]
        phrase = lambda at: _phrase(text, s, at + bool(bits[at] & (lx.DET | lx.POSS)))  # noqa: E731
        opens = bits[i + 1] & (lx.DET | lx.POSS) or nouns[:1] == [i + 1]
        if word == "by" and low[i + 1] in _MEANS:
            return low[i + 1]
        if word in _INTRODUCES and nouns and opens and low[i - 1] != "part" and not _ends(s, i + 1, nouns[0]):
            return phrase(i + 1)
        if word in {"on", "via"} and bits[i + 1] & lx.CAP and low[i + 1].rstrip("0123456789") in _AIR:
            return _phrase(text, s, i + 1)
        told = told or (_DEEDS.get(word, "") if i else "")
        at = i + 1 + (low[i + 1] in {"to", "with", "on"})
        if word not in _TELLS or at >= len(s):
            continue
        if low[at] == "us" or low[at : at + 2] == ["this", "newspaper"]:
            told = told or f"interview with {_phrase(text, s, at)}"
        elif nouns[:1] and bits[at] & lx.DET and low[nouns[0]] in OCCASIONS and not _ends(s, at, nouns[0]):
            told = phrase(at)
        elif {low[at], low[at + 1]} & (_PRESS | _HOUSES):
            told = told or f"remarks to {_phrase(text, s, at)}"
        elif at + 1 < len(s) and ((bits[at] & lx.CAP and not bits[at] & (lx.TIME | lx.TITLE)) or low[at] == "the"):
            outlet = phrase(at)
            told = outlet if outlet[:1].isupper() or set(outlet.lower().split()) & OUTLETS else told
        elif {*low[at : at + 5]} & OUTLETS:
            told = phrase(at)
    return told


def _ends(s: Sentence, start: int, end: int) -> bool:
    return any(s.bits[n] & (lx.COMMA | lx.STOP | lx.QUOTE | lx.COMP) for n in range(start, end))


def _phrase(text: str, s: Sentence, at: int) -> str:
    """The words from a token on, up to the day, the next clause or the sentence's end."""
    end = at + 1
    stops = lx.COMMA | lx.STOP | lx.QUOTE | lx.DASH | lx.COLON | lx.COMP | lx.SUBJ | lx.AUX | lx.SUB | lx.CUE
    stops |= lx.TITLE | lx.WHO
    late = {"earlier", "late", "last", "early"}
    while end < len(s) and (not s.bits[end] & stops or s.low[end] in OCCASIONS) and s.low[end] not in late:
        if s.bits[end] & lx.TIME and (s.low[end] in _DAYS or not s.bits[end] & lx.CAP):
            break
        end += 1
    while end > at + 1 and s.bits[end - 1] & (lx.PREP | lx.TO) and not s.bits[end - 1] & lx.CAP:
        end -= 1
    return text[s.start[at] : s.end[end - 1]]


def occasion_of(head: str) -> str:
    """The occasion that the head of a transcript or report names; empty if it names none."""
    for called, kind in (("letter", _DEAR), ("post on a social network", _POST)):
        if any(map(kind.fullmatch, head.split("\n"))):
            return called
    found = min(_HEADED.finditer(head), key=lambda one: bool(one["house"]), default=None)
    if found and found["house"]:
        return f"debate in the {found['house'].title()}"
    programme = _PROGRAMME.search(head)
    return found.group().lower() if found else programme.group() if programme else ""


def date_of(text: str, s: Sentence) -> str:
    """The day named in a sentence, as written; empty if none."""
    for i in [i for i, b in enumerate(s.bits) if b & lx.TIME]:
        word = s.low[i]
        start, end = i, i + 1
        if word in _MONTHS and s.bits[i] & lx.CAP:
            numbered = [n for n in (i - 1, i + 1) if 0 <= n < len(s) and s.low[n].isdigit()]
            if not numbered:
                continue
            start, end = min(i, numbered[0]), max(i, numbered[0]) + 1
            end += 2 * (s.low[end : end + 1] == [","] and s.low[end + 1 : end + 2] != [] and s.low[end + 1].isdigit())
            end += end < len(s) and len(s.low[end]) == 4 and s.low[end].isdigit()
        elif word.endswith("day") and word != "day":
            end += end < len(s) and s.low[end] in {"morning", "afternoon", "evening", "night"}
        elif word in {"week", "month", "year"} and i and s.low[i - 1] in {"last", "this", "next"}:
            start = i - 1
        else:
            continue
        while start and s.low[start - 1] in _BEFORE_DAY:
            start -= 1
        return text[s.start[start] : s.end[end - 1]]
    return ""


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
