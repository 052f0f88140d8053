"""What does an article say of sending people to a force abroad: whose decision, whither, who else, how many?

Frame extraction by rules. Every finding has its place in the text; what a text does not say is not found. The words are
those of `packs/sending_en.toml` and `packs/states_en.toml`: another language needs such files and no code.
"""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from contingent.evidence.article import Article
from contingent.evidence.grammar.sentences import paragraphs, sentences
from contingent.evidence.occasion import resolved
from contingent.evidence.pack import label, states

_ENGLISH = 8  # words for each that is a common English one, at most
_RARE = 20  # sentences for each that speaks of it: more, and the text is about something else
_NEAR = 45  # characters around a number in which what it counts is named


class Finding(NamedTuple):
    """Something a text says: about what, the value, its place, whose, the words that made it a range, its claims."""

    what: str
    value: str
    start: int
    end: int
    whose: str = ""
    read: str = ""
    claims: tuple[str, ...] = ()


@cache
def _pack() -> dict[str, Any]:
    return tomllib.loads((resources.files("contingent.evidence") / "packs" / "sending_en.toml").read_text("utf-8"))


@cache
def _named() -> dict[str, str]:
    """The expressions that others may name."""
    state = "|".join(sorted(map(re.escape, states()), key=len, reverse=True))
    ways = "|".join(way["words"] for way in _pack()["range"])
    return {**_pack()["written"], **_pack()["words"], "state": state, "way": ways}


@cache
def cues(section: str = "words", number: int = -1) -> dict[str, re.Pattern[str]]:
    """The expressions of a section of the pack, by name, or of one of its rules."""
    found = dict(_pack()[section] if number < 0 else _pack()[section][number])
    for name in found:
        while re.search(r"%\w+%", found[name]):
            found[name] = re.sub(r"%(\w+)%", lambda one: _named()[one[1]], found[name])
    flags = 0 if section in {"written", "gates"} else re.IGNORECASE
    return {name: re.compile(text, flags) for name, text in found.items()}


def is_about(found: Sequence[Finding]) -> bool:
    """Whether a text is about such a decision: people to send, a force or several states, abroad, not in passing."""
    count = Counter(one.what for one in found)
    apart = {one.whose or one.value for one in found if one.what in {"place", "decides", "people"}}
    many = len({one.whose for one in found if one.what == "people"} - {""}) > 2
    often = (count["sending"] + count["abroad"]) * _RARE > count["sentence"]
    return bool(count["sending"] and (count["abroad"] or many) and len(apart) > 1 and often)


def published(article: Article) -> tuple[dt.date | None, str]:
    """The day a text is of, given or else written at its head or foot, and what stands before it in that line."""
    lines = [line for line in article.text.splitlines() if line.strip()]
    for line in [*lines[:6], *(line for line in lines[-1:] if len(line) < 2 * _NEAR)]:
        if match := cues("written")["day"].search(line[: 2 * _NEAR]):
            iso = "-" in match.group()
            found = dt.date.fromisoformat(match.group()) if iso else resolved(match.group(), dt.date.max)
            return article.published or found, line[: match.start()]
    return article.published, ""


def spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text are."""
    parts = (part for n, (a, b) in enumerate(paragraphs(text)) for part in sentences(text, a, b, n))
    return [(part.start[0], part.end[-1]) for part in parts]


def read_sending(article: Article) -> list[Finding]:
    """Everything a text says of sending people to a force abroad; nothing if it is not in English."""
    words, written = cues(), cues("written")
    (day, dateline), text, before = published(article), written["wrap"].sub(" ", article.text), ""
    if len(words["english"].findall(text)) * _ENGLISH < len(re.findall(r"\b\w+\b", text)):
        return []
    cities = written["called"].findall(re.sub("[A-Z]{4,}", lambda word: word[0].title(), dateline))
    found = [Finding("decides", states()[city], 0, 0, states()[city]) for city in cities * 2]
    for start, end in spans(text):
        said = text[start:end]
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", said)]
        other = (years and max(years) < (day.year - 1 if day else 2100)) or words["never"].search(said)
        who = words["people"].search(said) or words["force"].search(said)
        sends = bool(who and words["sends"].search(said) and words["open"].search(said) and not other)
        abroad = bool(words["abroad"].search(said) and not other)
        found += [Finding(what, "", start, end) for what in ["sentence"] + ["sending"] * sends + ["abroad"] * abroad]
        found += _names(said, start, 1 + sends)
        at = 0
        for match in () if other else [*written["clause"].finditer(said), None]:
            piece = said[at : match.start() if match else len(said)]
            told = words["offers"].search(piece) or words["open"].search(piece)
            if match is None or (told and not written["ends"].search(piece)):  # else a list goes on
                found += _clause(piece, start + at, said, before, day)
                at = match.end() if match else at
        before = said
    return found


def _names(said: str, at: int, weight: int) -> Iterator[Finding]:
    """Places, forces, persons, bodies, tasks, words for a kind of mission, and where it stands on the law."""
    written = cues("written")
    for match in written["place"].finditer(said):
        near = cues()["before_place"].search(said[max(0, match.start() - _NEAR) : match.start()])
        code = next((states()[met.group()] for met in written["called"].finditer(match[1])), "")
        times = weight * (2 if near else 1) + 2 * bool(code)
        yield from [Finding("place", label(code) or match[1], at + match.start(1), at + match.end(1), code)] * times
    for match in written["name"].finditer(said):
        name = re.sub(r"^(?:The|A|An)\s+", "", " ".join(match.group().split()))
        yield Finding("force", name, at + match.start(), at + match.end())
        for code in (states()[met.group()] for met in written["called"].finditer(name)):
            yield from [Finding("place", label(code), at + match.start(), at + match.end(), code)] * 2
    for match in (match for name in ("person_after", "person_before") for match in written[name].finditer(said)):
        value = f"{match['name'].strip()}, {match['office'].strip()}"
        near = written["called"].search(said, max(0, match.start() - 12), match.end())  # "Haiti's prime minister"
        whose = states()[near.group()] if near else ""
        yield Finding("person", value, at + match.start("name"), at + match.end("name"), whose)
    for section in ("tasks", "kinds", "law", *(["gates"] if cues()["approves"].search(said) else [])):
        for name, match in ((name, match) for name, rule in cues(section).items() for match in rule.finditer(said)):
            what, value = (name, match[1]) if section == "gates" else (section, name)
            times = 5 if section == "kinds" and match.group()[0].isupper() else 1  # part of a force's name
            yield from [Finding(what, value, at + match.start(), at + match.end())] * times


def _clause(said: str, at: int, sentence: str, before: str, day: dt.date | None) -> Iterator[Finding]:
    """Who decides, who takes part, how many people are whose, and what else is counted."""
    words, runs = cues(), list[tuple[int, int, list[str]]]()
    numbers = list(_numbers(said, at, sentence, before, day))
    people = [one for one in numbers if one.what == "people"]
    yield from (one for one in numbers if one.what != "people")
    if words["refuses"].search(said):
        return
    for match in cues("written")["called"].finditer(said):  # runs of states, such as "Italy and France"
        goes_on = runs and cues("written")["list"].search(said[runs[-1][1] : match.start()])
        start, _, codes = runs.pop() if goes_on else (match.start(), 0, [])
        runs.append((start, match.end(), [*codes, states()[match.group()]]))
    runs = [run for run in runs if not words["away"].search(said[: run[0]])]
    for (a, b, codes), (until, _, _) in zip(runs, [*runs[1:], (len(said), 0, [])], strict=False):
        offers = words["offers"].search(said, b, until)
        joins = words["joins"].search(said, b, until) or (offers and words["people"].search(said, offers.end()))
        office = words["subject_office"].match(said[b:]) or words["asked"].search(said[:a])
        decides = 3 * bool(office) or bool(words["decides"].search(said, b))
        for what in ["joins"] * bool(joins) + ["decides"] * decides:
            yield from (Finding(what, code, at + a, at + b, code) for code in codes)
        mine = [one for one in people if at + b <= one.start < at + until]
        behind = [one for one in people if one.end <= at + a <= one.end + 2]  # "1,000 Kenyan police"
        people = [one for one in people if one not in mine + behind]
        mine = behind or (mine * len(codes) if re.search(r"\beach\b", said) else mine)
        pairs = zip(codes, mine, strict=False) if len(mine) >= len(codes) else ()
        yield from (one._replace(whose=code) for code, one in pairs)
    yield from people


def _numbers(said: str, at: int, sentence: str, before: str, day: dt.date | None) -> Iterator[Finding]:
    """The numbers of a clause, by what they count."""
    words, pack = cues(), _pack()
    around = sentence if len(sentence) > _NEAR else f"{before} {sentence}"
    for match in cues("written")["number"].finditer(said):
        left, right = said[max(0, match.start() - _NEAR) : match.start()], said[match.end() :][:_NEAR]
        scale = (match["scale"] or "").strip().lower().removesuffix("s")
        context = {"before": left, "last": re.split(r"\d", left)[-1], "after": right, "number": match["low"],
                   "scale": scale, "near": re.split("[,;]", right)[0], "clause": said, "sentence": sentence,
                   "around": around}  # fmt: skip
        rules = ((one["what"], cues("counts", n).items()) for n, one in enumerate(pack["counts"]))
        what = next((what for what, keys in rules if all(
            bool(rule.search(context[key.removeprefix("not_")])) != key.startswith("not_")
            for key, rule in keys if key != "what")), "")  # fmt: skip
        if not what:
            continue
        plain = (pack["numbers"].get(one.lower(), one.replace(",", "")) for one in (match["low"], match["high"] or "0"))
        low, high = (float(one) * pack["scales"].get(scale, 1) for one in plain)
        value, read = _written(low, high, match["way"] or "", ceiling=what == "authorized")
        if what in {"duration", "notice"} and (unit := words["time"].match(right)):
            value += f" {unit[1].lower()}" + "s" * (value != "1")
        value, place = value + "/3" * (scale == "third"), (at + match.start("low"), at + match.end())
        yield Finding(what, value, *place, "", read)
        if what == "deaths" and (weeks := f"{_weeks(sentence, day):.0f}") != "0":
            yield Finding("weeks", weeks, *place, "", f"{weeks} weeks, the period named, up to the text's day")


def _weeks(said: str, day: dt.date | None) -> float:
    """How many weeks, up to the text's day, the deaths of a sentence are of; 0 where it does not say."""
    if match := cues()["since"].search(said):
        began = resolved(match[1] if match[1][0].isdigit() else f"1 {match[1]}", day)
        return (day - began).days / 7 if day and began else 0.0
    if match := cues()["lasting"].search(said):
        count = _pack()["numbers"].get(match[1].lower(), match[1] if match[1].isdigit() else 0)
        return float(count) * _pack()["weeks"][match[2].lower()]
    return (day - day.replace(month=1, day=1)).days / 7 if day and cues()["this_year"].search(said) else 0.0


def _written(low: float, high: float, way: str, *, ceiling: bool) -> tuple[str, str]:
    """A number as scenarios write it, and the words that made a range of it."""
    plain = [f"{round(one)}" if one >= 10 or one == round(one) else f"{one:.3g}" for one in (low, high)]
    one = next((one for one in _pack()["range"] if re.fullmatch(one["words"], way, re.IGNORECASE)), None)
    if high > low or one is None or (ceiling and one["high"] == 1.0):
        return " to ".join(plain[: 1 + (high > low)]), ""
    bounds = f"{round(low * one['low'])} to {round(low * one['high'])}"
    return bounds if 1.0 in {one["low"], one["high"]} else f"{plain[0]} ({bounds})", f"“{way.lower()} {plain[0]}”"
