"""Is what a case rests on of its day, and does it carry what is laid on it?

Provenance checks: dated documents, windows closed before the day, copies and mirrors, absences claimed without a
search, sentences copied over many numbers, forecasts set down as states, gates already passed, polls of others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from contingent.quantities import Estimate
from contingent.scenario.check_process import Fault, unknown
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.paths import records, value_at

OF_EVENTS = ("process.events.", "theatre.observed.", "theatre.ceasefires.")
"""Numbers of what happens, which a text without a day says nothing of."""
STATES = re.compile(r"theatre\.(sectors\.\w+\.(population|need|contested)|crossings\.\w+\.(capacity|open_at_start)"
                    r"|armed_groups\.\w+\.strength|parameters\.\w+_at_start)")  # fmt: skip
"""Numbers that say how things are on the day."""
FORECAST = re.compile(r"(?i)\b(will|would|expected|soon|filling|emptying|growing|falling|about to|in the coming"
                      r"|(is|are) to be|over the next|forecast)\b")  # fmt: skip
ABSENCE = re.compile(r"(?i)\bno (\w+ ){0,2}(offer|statement|estimate|poll|count|figure|number|source|record|mention)s?"
                     r"\b[^.;]*\b(found|held|on record|known|exists?|stands?|named|available)\b")  # fmt: skip
LOOKED = re.compile(r"(?i)\b(looked|search(ed)?|checked|asked|read|went through|in the (press|papers|archives?))\b")
CARRIED = re.compile(r"(?i)\b(carried by|as reported by|copied|reposted)\b")
PASSED = re.compile(r"(?i)\b(approved|adopted|passed|endorsed|agreed to|voted (for|to)|assents?|consented)\b")
LATELY = 120  # days within which a decision said to have been taken may be the one that is asked about: a judgement
COPIED = 4  # records from which on a sentence that stands over all of them is told: a judgement


def source_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Documents and claims that are not shown to be of the scenario's day, but for those of what happened after it.

    And rates of a fund that held only later.
    """
    for name, rate in s.reimbursement.rates.items():
        if rate.since and rate.since > s.as_of:
            what = f"{rate.since} is after the scenario's date {s.as_of}"
            yield f"reimbursement.rates.{name}.since", what, "the rate that held by then"
    later = {name for one in s.happened for name in one.claims}
    later -= {name for _, number in s.estimates() for name in number.claims}
    texts = {s.claims[name].document for name in later & {*s.claims}}
    for name, document in s.documents.items():
        path = f"documents.{name}"
        if name in texts:
            continue
        if document.published and document.published > s.as_of:
            yield f"{path}.published", f"{document.published} is after the scenario's date {s.as_of}", "leave it out"
        elif document.published and document.undated:
            yield f"{path}.undated", f"it has a date: {document.published}", "leave one of the two out"
        elif not document.published and not document.undated:
            what = f"has no date of publication, so nothing shows that it is not later than {s.as_of}"
            yield path, what, "`published: 2025-03-01`; a text without a day, such as a law, says `undated: why`"
    timeless = {name for name, claim in s.claims.items() if getattr(s.documents.get(claim.document), "undated", "")}
    for path, estimate in s.estimates("process", "theatre") if timeless else ():
        if path.startswith(OF_EVENTS) and timeless & set(estimate.claims):
            cited = ", ".join(sorted(timeless & set(estimate.claims)))
            yield path, f"rests on {cited}, whose document has no day", "a dated document, or an assumption"
    yield from learned_faults(s)
    for name, claim in ((name, claim) for name, claim in s.claims.items() if name not in later):
        if claim.date and claim.date > s.as_of:
            yield f"claims.{name}.date", f"{claim.date} is after the scenario's date {s.as_of}", "leave it out"
        if found := _window(s, claim.says):
            what = f"counts up to the scenario's own date (`{found}`), which cannot be known on it"
            yield f"claims.{name}.says", what, "what was counted up to the day before, as printed by then"


def learned_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Numbers that claims cannot move, and claims that cannot move one."""
    for path, names in s.learned.items():
        at = f"learned.{path}"
        try:
            number = value_at(s, path)
        except KeyError:
            number = None
        if not isinstance(number, Estimate) or not isfinite(_scale(number)):
            what = "has no scale that ends on both sides" if isinstance(number, Estimate) else "leads to no number"
            yield at, what, "a position, a probability or a share: stakeholders.NAME.stakes.ISSUE.position"
        elif number.certain:
            yield at, "is given without an interval, so nothing can move it", f"{number.best:g} (LOW to HIGH)"
        yield from unknown(at, "claim", names, s.claims)
        for name in names:
            claim = s.claims.get(name)
            if claim is None:
                continue
            day = claim.date or getattr(s.documents.get(claim.document), "published", None)
            if claim.condition or not claim.polarity or not day:
                why = "depends on something" if claim.condition else "has no day" if claim.polarity else "takes no side"
                yield at, f"claim {name} {why}, so it moves nothing", "leave it out"


def _scale(number: Estimate) -> float:
    return number.unit.at_most - number.unit.at_least


def _narrow(s: ScenarioFields) -> Iterator[Fault]:
    """Positions and chances surer than the best of the claims that they cite lets anybody be."""
    from contingent.evidence.credence import narrowest  # only who is told of sources reads what reads articles

    found: list[str] = []
    for path, number in s.estimates():
        cited = [s.claims[name] for name in number.claims if name in s.claims]
        grades = [one.grade for one in cited if all(each.attribution != "poll" for each in cited)]
        if not grades or number.certain or not isfinite(_scale(number)) or path.endswith(".salience"):
            continue
        half = min(narrowest(grade[0], int(grade[1])) for grade in grades) * _scale(number) / 2
        least = min(number.best + half, number.unit.at_most) - max(number.best - half, number.unit.at_least)
        if number.high - number.low < 0.999 * least:
            found.append(f"{path} ({number})")
    if found:
        what = f"{len(found)} numbers are narrower than the grades of their claims allow: {'; '.join(found)}"
        yield "claims", what, "widen them, or say in `assumption` why you are surer"


def marking_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Markings that are none of those listed, or lower than that of a document or claim the brief rests on."""
    levels, highest = [each.casefold() for each in s.markings], ("", -1)

    def level(marking: str) -> int:
        """The place of the longest level that a marking begins with; -1 for none."""
        known = [each for each in levels if re.match(rf"{re.escape(each)}(?!\w)", marking.casefold())]
        return levels.index(max(known, key=len)) if known else -1

    for path, marking in {
        "marking": s.marking,
        **{f"documents.{n}.marking": d.marking for n, d in s.documents.items()},
        **{f"claims.{n}.marking": c.marking for n, c in s.claims.items()},
    }.items():
        if marking and level(marking) < 0:
            yield (path, f"`{marking}` is none of {', '.join(s.markings)}", "one of them, or your own as `markings:`")
        highest = max(highest, (path, level(marking)), key=lambda each: each[1])
    if level(s.marking) < highest[1]:
        what = f"is lower than that of {highest[0].removesuffix('.marking')}, which the brief rests on"
        yield "marking", what, f"`marking: {s.markings[highest[1]]}`"


def _window(s: ScenarioFields, says: str) -> str:
    """The words that end a count on the scenario's date, if there are any."""
    day = s.as_of
    written = rf"({day.isoformat()}|{day.day} {day:%B}( {day.year})?|{day:%B} {day.day}(, {day.year})?)"
    found = re.search(rf"\b(from|between|since|\d)[^.;]{{0,40}}?(\bto|\buntil|\bthrough|\band|–|-) ?{written}\b", says)
    return found[0] if found else ""


def source_notes(s: ScenarioFields) -> Iterator[Fault]:
    """What a reviewer would ask about the sources of a case that can be run."""
    for name, document in s.documents.items():
        for what, fix in weaknesses(document):
            yield f"documents.{name}", what, fix
    over: dict[str, list[str]] = defaultdict(list)
    for path, sentence in _assumptions(s):
        over[" ".join(sentence.split())].append(path)
        if (found := ABSENCE.search(sentence)) and not LOOKED.search(sentence):
            yield path, f"says that there is none (`{found[0]}`)", "say where and how it was looked for"
    copied = {
        sentence: paths
        for sentence, paths in over.items()
        if len(paths) >= COPIED and len(sentence.split()) > 3 and "typical" not in sentence.lower()
    }
    if told := "; ".join(f"{paths[0]} and {len(paths) - 1} more: “{said[:50]}”" for said, paths in copied.items()):
        what = f"the same sentence stands over {COPIED} records or more ({told})"
        yield "assumption", what, "see whether it is true of each"
    for path, estimate in s.estimates():
        if STATES.fullmatch(path) and (found := FORECAST.search(estimate.assumption)):
            what = f"reads like a forecast (`{found[0]}`); a starting value is how it was on {s.as_of}"
            yield path, what, "the state on the day, and what comes after to the model"
    for name, gate in s.process.gates.items():
        undecided = gate.kind not in ("vote", "veto") or "open" in gate.assumption
        for claim in () if undecided else gate.claims:
            if _lately(s, claim) and PASSED.search(s.claims[claim].says):
                what = f"claim {claim} says that this has happened: “{s.claims[claim].says[:80]}”"
                yield f"process.gates.{name}", what, "take the gate out, or say in the assumption what is still open"
    yield from _narrow(s)
    yield from _polls(s)
    yield from _two_values(s)


def _lately(s: ScenarioFields, claim: str) -> bool:
    """Whether a claim is known to be of the months before the scenario's date."""
    told = s.claims.get(claim)
    said = told and (told.date or getattr(s.documents.get(told.document), "published", None))
    return said is not None and 0 <= (s.as_of - said).days <= LATELY


def _assumptions(s: ScenarioFields) -> Iterator[tuple[str, str]]:
    """Every assumption where it stands."""
    there = {path: str(getattr(record, "assumption", "")) for path, record in records(s)}
    yield from ((path, sentence) for path, sentence in there.items() if sentence)
    for path, estimate in s.estimates():
        above = (there.get(".".join(path.split(".")[:count]), "") for count in range(path.count(".") + 1))
        if estimate.assumption and estimate.assumption not in above:
            yield path, estimate.assumption


def weaknesses(document: Any) -> Iterator[tuple[str, str]]:
    """What is weak about where a document was found, each with what to do."""
    place = urlsplit(document.url)
    if document.url and not place.path.strip("/") and not place.query:
        yield "cites a home page, on which nobody finds it again", "the address of the page itself"
    elif not document.url and not document.sha256:
        yield "has no address", "`url:` of the page, or `sha256:` of the text"
    if document.kind == "mirror" or (CARRIED.search(document.publisher) and document.kind != "agency"):
        yield "is a copy of somebody else's page", "the first page; `kind: agency` for an agency's report"


def _polls(s: ScenarioFields) -> Iterator[Fault]:
    """Polls whose universe is not said, or is another than the number's."""
    for name, claim in s.claims.items():
        if claim.attribution == "poll" and not claim.asked:
            what = "is a poll that does not say who was asked"
            yield f"claims.{name}.asked", what, "`asked: 440 adults in the Gaza Strip`"
    places = {"theatre.parameters.support_at_start": s.theatre.label}
    places |= {f"contributors.{code}.home_support": who.label for code, who in s.contributors.items()}
    for path, estimate in s.estimates():
        for claim in (s.claims[c] for c in estimate.claims if c in s.claims):
            where = places.get(path, "")
            if claim.asked and where and not estimate.assumption and not _within(claim.asked, where):
                what = f"is of {where}; the poll asked: {claim.asked}"
                yield path, what, "a poll of them, or a wider interval whose assumption says so"


def _within(asked: str, where: str) -> bool:
    """Whether a poll was of a place alone: named, and no other beside it."""
    known = {word.casefold() for word in re.findall(r"\w{4,}", where)}
    named = [word.casefold() for word in re.findall(r"\b[A-Z]\w{3,}", asked)]
    return bool(named) and all(any(word.startswith(each[:5]) for each in known) for word in named)


def _two_values(s: ScenarioFields) -> Iterator[Fault]:
    """Numbers of one name and unit taken from one claim alone, with nothing assumed, that differ."""
    told: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for path, estimate in s.estimates():
        if len(estimate.claims) == 1 and not estimate.assumption:
            told[estimate.claims[0], path.rpartition(".")[2], str(estimate.unit)][path] = estimate.best
    for (claim, _, _), values in told.items():
        if len(set(values.values())) > 1:
            first, *others = values
            what = f"and {', '.join(others)} rest on claim {claim} alone and differ"
            yield first, what, "one value, or say what was split"


def listed(s: ScenarioFields) -> list[dict[str, Any]]:
    """Every document with day, kind, what rests on it, and what is weak about it."""
    numbers = Counter(
        document
        for _, estimate in s.estimates()
        for document in {s.claims[claim].document for claim in estimate.claims if claim in s.claims}
    )
    claims = Counter(claim.document for claim in s.claims.values())
    return [
        {
            "document": name, "title": document.title, "publisher": document.publisher, "url": document.url,
            "published": str(document.published or ""), "undated": document.undated, "kind": document.kind,
            "claims": claims[name], "numbers": numbers[name],
            "weak": [what for what, _ in weaknesses(document)],
        }
        for name, document in s.documents.items()
    ]  # fmt: skip


def document_in_words(row: dict[str, Any]) -> str:
    """One document of `listed` in two lines."""
    day = row["published"] or f"no day: {row['undated']}"
    told = [row["kind"] or "kind not said", f"{row['claims']} claims, {row['numbers']} numbers", *row["weak"]]
    return f"{row['document']}  {day}  {row['publisher']}: {row['title']}  {row['url']}\n    {'; '.join(told)}"
