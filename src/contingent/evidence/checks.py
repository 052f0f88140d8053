"""What in an article does not hold together: named rules, each with the claims it concerns and its reason.

Consistency checks. A rule sees one article's claims, the domain pack's dated facts, and other articles where there
are any. It flags; it never deletes or regrades.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contingent.evidence.article import Article
from contingent.evidence.binding import whose
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import look_up
from contingent.evidence.pack import Pack, label, pattern


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at before the claims are used."""

    kind: str
    claims: tuple[str, ...]
    reason: str

    def to_row(self) -> dict[str, Any]:
        """As the ledger writes it."""
        return {"kind": self.kind, "claims": list(self.claims), "reason": self.reason}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Flag:
        """A flag read back from the ledger."""
        return cls(row["kind"], tuple(row["claims"]), row["reason"])


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may look at."""

    article: Article
    findings: tuple[LedgerClaim, ...]
    pack: Pack
    low: str
    """The article in lower case."""

    def said(self, one: LedgerClaim) -> str:
        """The words of a claim."""
        return one.said(self.article.text)

    def about(self, words: Sequence[str]) -> list[LedgerClaim]:
        """The claims in which any of the words occurs."""
        found = pattern(tuple(words)) if self.names(words) else None
        return [one for one in self.findings if found and found.search(self.said(one))]

    def names(self, words: Sequence[str]) -> bool:
        """Whether the article has any of the words; the longest part of each is looked for first, which is quick."""
        found = pattern(tuple(words))
        likely = any(max(re.split(r"[*\s]+", word.lower()), key=len) in self.low for word in words)
        return bool(likely and found and found.search(self.article.text))


Concerned = tuple[Sequence[LedgerClaim], str]
"""The claims that something is wrong with, and the reason."""

_YEAR = re.compile(r"\b(?:(early|mid|late)[ -])?((?:19|20)\d\d)\b", re.IGNORECASE)
_LAST_MONTH = {"early": 4, "mid": 8, "late": 12}


def date_error(case: Case) -> Iterator[Concerned]:
    """A year given for something that, by a dated fact, did not yet exist in it."""
    for fact in (fact for fact in case.pack.facts.values() if fact.not_before):
        for one in case.about(fact.keywords):
            for match in _YEAR.finditer(case.said(one)):
                month = _LAST_MONTH.get((match[1] or "").lower(), 12)
                if fact.not_before and dt.date(int(match[2]), month, 28) < fact.not_before:
                    reason = f"“{match.group()}” is before {fact.not_before:%d %B %Y}: {fact.says} ({fact.source})"
                    yield [one], reason


def authorship(case: Case) -> Iterator[Concerned]:
    """Something ascribed to others than those who, by a dated fact, made it: by a verb with its subject and object."""
    for fact in (fact for fact in case.pack.facts.values() if fact.authors):
        made, authors = pattern(fact.author_words), pattern(fact.authors)
        for one in case.about(fact.keywords):
            said = case.said(one)
            verb = made.search(said) if made else None
            before, after = (
                (_WORDS.findall(part) for part in (said[: verb.start()], said[verb.end() :])) if verb else ([], [])
            )
            told = before and after and not look_up(before[-1]).bits & _NAMING and look_up(after[0]).bits & _OBJECT
            if verb and told and authors and not authors.search(said[: verb.start()]):
                yield [one], f"“{verb.group()}” stands against: {fact.says} ({fact.source})"


_WORDS = re.compile(r"[\w’']+")
_NAMING = lx.DET | lx.POSS | lx.PREP | lx.BE  # before a participle that only names: "the proposed plan"
_OBJECT = lx.DET | lx.POSS | lx.CAP | lx.PREP | lx.TO


def stale_figure(case: Case) -> Iterator[Concerned]:
    """A figure that was in print long before: old, and cumulative rather than present."""
    for fact in (fact for fact in case.pack.facts.values() if fact.figure):
        for one in case.about(fact.keywords):
            for quantity in one.quantities:
                if fact.figure and abs(quantity.value / fact.figure - 1) <= fact.tolerance:
                    yield [one], f"{quantity.value:,.0f} was printed by {fact.published:%B %Y} already: {fact.says}"


def contradiction(case: Case) -> Iterator[Concerned]:
    """Far advanced by some and unknown to somebody who might know; or opposite things of one actor's act."""
    unaware = [one for one in case.findings if one.modality == "knowledge-denied"]
    advanced = [one for one in case.about(case.pack.progress) if one not in unaware]
    soon = [one for one in case.findings if one.modality in {"possibility", "prediction"} and "soon" in one.hedges]
    if unaware and (advanced or soon):
        told = f"reported as far advanced, while {unaware[0].speaker or 'somebody'} says they do not know of it"
        yield _each_once(advanced, soon, unaware), told
    yield from opposed(case.findings, case.said)


_STEPS = frozenset("send join offer refuse withdraw approve exclude stay favour support sign".split())
_DONE = frozenset("ask decide approve".split())
_SOFT = frozenset(
    "assessment prediction possibility conditional-prediction conditional-evaluation open-question".split()
)
_UNITS = lx.words("units")
_Placed = tuple[int, LedgerClaim, frozenset[str]]
_STEM = re.compile(r"[a-z]{4,}")
_SAME = 0.5  # share of stems in common from which two claims are one, denied in one of them: a judgement


def _side(one: LedgerClaim) -> int:
    """Which side of its act a claim is on; what was not decided, or not asked for, stands against that it was."""
    if one.act not in _STEPS | _DONE:
        return 0
    return one.polarity or (one.act in _DONE and (-1 if one.negated else one.act == "ask"))


def _clash(left: _Placed, right: _Placed, office: str) -> bool:
    """Whether two claims are on opposite sides, by two statements, and not of different units or far-off requests."""
    (here, one, mine), (there, other, theirs) = left, right
    apart = (one.cue, one.speaker, one.document) != (other.cue, other.speaker, other.document)
    same = not (mine and theirs) or bool(mine & theirs)
    return _side(one) * _side(other) < 0 and apart and same and (office != _ASKED or abs(here - there) <= _BESIDE)


def opposed(claims: Sequence[LedgerClaim], said: Callable[[LedgerClaim], str]) -> Iterator[Concerned]:
    """Claims that say opposite things of one actor's joining, and claims of which one is the other denied."""
    acts: dict[tuple[str, str], list[_Placed]] = defaultdict(list)
    flagged: list[set[int]] = []
    for place, one in enumerate(claims):
        told = _side(one) and one.modality not in _SOFT and one.factors[:1] != ("precedent/experience",)
        if told and (one.actor_state or not one.document):
            units = _UNITS & {*_STEM.findall(said(one).lower())}
            acts[whose(one) if one.act != "ask" else ("", _ASKED)].append((place, one, units))
    for (state, office), found in acts.items():
        mine = [one[1] for one in found if any(_clash(one, other, office) for other in found)]
        if mine:
            flagged.append({id(one) for one in mine})
            names = [dict.fromkeys(one.speaker or "the reporter" for one in mine if _side(one) == n) for n in (1, -1)]
            told = f"for by {', '.join(names[0])}, against by {', '.join(names[1])}; or one came after the other"
            yield mine, f"{label(state)} ({office}): {told}"
    stems = [{word[:5] for word in _STEM.findall(said(one).lower())} - _COMMON for one in claims]
    for i, one in enumerate(claims):
        before = range(max(0, i - _NEAR), i)
        denied = [claims[j] for j in before if one.negated != claims[j].negated and _alike(stems[i], stems[j])]
        if denied and not any({id(one), id(other)} <= each for other in denied for each in flagged):
            flagged.append({*map(id, [*denied, one])})
            yield [*denied, one], f"“{said(one)}” denies what is said elsewhere"
        others = [two for two in claims[max(0, i - _ANSWERED) : i] if two.speaker != one.speaker]
        if others and others[0].document == one.document and _REJOINDER.search(said(one)):
            yield [*others, one], f"“{said(one)}” answers what was said just before"


def _alike(left: set[str], right: set[str]) -> bool:
    """Whether two claims share so many words that they are one."""
    shared = left & right
    return len(shared) > 1 and len(shared) >= _SAME * len(left | right)


_ANSWERED = 3  # claims before one that says that they are not so
(_REJOINDER,) = lx.patterns("checks", "rejoinder")
_ASKED = "request"
_BESIDE = 2  # claims; a request and that there was none are about one request if they stand this near
_NEAR = 60  # claims looked back over for one that is denied
_COMMON = frozenset("that this will would have been being they their there".split())


def tension(case: Case) -> Iterator[Concerned]:
    """One speaker who will not say, and says."""
    sided = [one for one in case.findings if one.polarity and one.modality in {"preference", "intention"}]
    for one in [one for one in case.findings if one.modality == "non-commitment" and one.kind != "reporter"]:
        moved = [other for other in sided if other.source == one.source]
        if moved:
            yield [one, *moved], f"{one.speaker} will not say, and then takes a side"


def single_chain(case: Case) -> Iterator[Concerned]:
    """A factor the question turns on, supported by nobody who is named."""
    for factor in case.pack.key_factors:
        about = [one for one in case.findings if factor in one.factors and one.polarity]
        named = [one for one in about if one.record == "on-the-record"]
        anonymous = [one for one in about if one.record != "on-the-record"]
        soft = {"preference", "personal-opinion", "conditional-evaluation"}
        if all(one.modality in soft for one in named):
            yield anonymous, f"on {factor}, nobody named asserts what unnamed people are said to"


def non_independence(case: Case) -> Iterator[Concerned]:
    """Several descriptions of unnamed people, who may be the same people."""
    unnamed = [one for one in case.findings if one.record == "background"]
    described = dict.fromkeys(one.speaker for one in unnamed)
    if len(described) > 1:
        yield unnamed, f"{len(described)} descriptions of unnamed people may be one person: count them once"


def quote_fidelity(case: Case) -> Iterator[Concerned]:
    """Quotation marks around words that were spoken in another language."""
    for name, channel in case.pack.channels.items():
        if channel.language == case.pack.language:
            continue
        key = pattern((name,))
        quoted = [one for one in case.findings if key and key.search(one.channel) and one.form in {"direct", "mixed"}]
        yield quoted, f"{name} does not broadcast in this language: the words are a translation"


def category_slip(case: Case) -> Iterator[Concerned]:
    """Several names for the force, some of which do not cover what it is to do."""
    names = [name for name in case.pack.force_names if case.names((name,))]
    enforcing = case.about(case.pack.enforcement)
    if len(names) > 1 and enforcing:
        told = _each_once(case.about(names), enforcing)
        yield told, f"called {', '.join(names)}; disarming somebody is enforcement, not peacekeeping"


def omission(case: Case) -> Iterator[Concerned]:
    """What a decision would have to know and the article does not mention."""
    absent = [topic for topic, words in case.pack.topics.items() if not case.names(words)]
    about = [one for one in case.findings if {"mandate/legal", "tasks"} & set(one.factors)]
    if absent:
        yield about, f"no mention of {', '.join(absent)}"


def undated(case: Case) -> Iterator[Concerned]:
    """Days of the week without a date to count them from, or nobody who signs."""
    missing = [word for word, value in (("date", case.article.published), ("byline", case.article.byline)) if not value]
    relative = [one for one in case.findings if one.date_expression and not re.search(r"\d{4}", one.date_expression)]
    if missing:
        reason = f"the text has no {' and no '.join(missing)}"
        if relative and not case.article.published:
            reason += f": “{relative[0].date_expression}” hangs in the air"
        yield relative or case.findings[:1], reason


def status(case: Case) -> Iterator[Concerned]:
    """Personal opinions, which move nobody's position but their holder's."""
    personal = [one for one in case.findings if one.modality in {"personal-opinion", "meta-status"}]
    yield personal, "a personal opinion by the speaker's own word: not the institution's position"


def procedure(case: Case) -> Iterator[Concerned]:
    """To be informed or consulted is not to vote."""
    informed = case.about(case.pack.consultation_words)
    deciding = [one for one in case.findings if re.search(r"\bgovernment will decide|\bwill decide\b", case.said(one))]
    if informed:
        yield [*informed, *deciding], "to be taken into confidence or consulted is not a vote"


def free_indirect(case: Case) -> Iterator[Concerned]:
    """An argument in the reporter's voice right after those whose argument it is."""
    yield (
        [one for one in case.findings if one.free_indirect and one.polarity],
        "no source of its own, but it carries on the argument of those just quoted",
    )


RULES: dict[str, Callable[[Case], Iterator[Concerned]]] = {
    "date-error": date_error, "authorship": authorship, "contradiction-within": contradiction,
    "tension-within-speaker": tension, "single-chain": single_chain, "non-independence": non_independence,
    "quote-fidelity": quote_fidelity, "stale-figure": stale_figure, "category-slip": category_slip,
    "omission": omission, "undated": undated, "status": status, "procedure": procedure,
    "free-indirect-speech": free_indirect,
}  # fmt: skip
"""By the kind of flag; where no claim is concerned there is none."""


def check(article: Article, findings: tuple[LedgerClaim, ...], pack: Pack) -> tuple[Flag, ...]:
    """Everything the rules find in one article, rule by rule."""
    case = Case(article, findings, pack.known_on(article.published), article.text.lower())
    found = ((kind, *each) for kind, rule in RULES.items() for each in rule(case))
    return tuple(Flag(kind, tuple(one.id for one in claims), reason) for kind, claims, reason in found if claims)


def _each_once(*lists: Sequence[LedgerClaim]) -> list[LedgerClaim]:
    return sorted({one.id: one for claims in lists for one in claims}.values(), key=lambda one: one.id)
