"""What a question is about: its factors with their words, its people, and dated facts known before the article.

The domain pack, and the sorting of claims by its words. A pack is a YAML file, so that another question needs no
code. Words match whole, a star any ending.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from contingent.errors import InputError
from contingent.evidence.acts import DECISIONS, Asserted
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Terms, acts, words
from contingent.evidence.grammar.sentences import Sentence
from contingent.processes import content_of
from contingent.records import Record, from_yaml


def _as_words(value: Any) -> Any:
    """A number or a year may stand among words; a lone word stands for a list of one."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list | tuple):
        return value  # refused by its type
    return [str(word) if isinstance(word, int | float) else word for word in value]


GENERAL = "peace_force"
LARGEST = 1_000_000  # bytes of a pack; the largest shipped has 20,000
_PACKS = resources.files("contingent.evidence") / "packs"
Words = Annotated[tuple[str, ...], BeforeValidator(_as_words)]


_PAST = frozenset(["since", "ago", "missions", "earlier"])
_STEPS = frozenset(["send", "join", "withdraw", "stay"])
_MEANS = frozenset(["depart", "fund", "train", "delay", "reduce", "argue", "weigh", "sign"])
_UNITS, _COUNTS = words("units") | words("forces") | words("heads"), words("counts")
_WERE = frozenset(["was", "were", "did"]) | words("pasts")


@lru_cache(maxsize=4096)
def pattern(listed: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for a list of words and phrases; None for an empty list."""
    if not listed:
        return None
    parts = [re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in listed]
    return re.compile(r"(?<![\w-])(?:" + "|".join(sorted(parts, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE)


def _beside(general: Any, own: Any) -> Any:
    """What a pack says beside what the one it extends says: lists follow each other, names are filled in."""
    if isinstance(general, dict) and isinstance(own, dict):
        return general | {key: _beside(general.get(key), value) for key, value in own.items()}
    return [*general, *own] if isinstance(general, list | tuple) and isinstance(own, list) else own


class Factor(Record):
    """One consideration of the decision and the words that show a claim to be about it."""

    keywords: Words


class Person(Record):
    """Somebody the articles may name, with the name and office in full."""

    name: str
    office: str = ""
    state: str = ""


class Channel(Record):
    """A broadcaster or paper, and the language it speaks."""

    kind: str = ""
    language: str = "en"


class Fact(Record):
    """A dated piece of public knowledge that claims can be held against."""

    says: str
    published: dt.date
    source: str
    keywords: Words = ()
    not_before: dt.date | None = None
    happened: dt.date | None = None
    authors: Words = ()
    author_words: Words = ()
    figure: float | None = None
    tolerance: float = Field(default=0.1, ge=0)


class Pack(Record):
    """A question's own words and knowledge."""

    name: str
    question: str
    extends: str = ""
    """The shipped pack whose words this one has too; what is listed here comes beside them."""
    theatre: Words = ()
    """Names of the place a pack is about: it is taken for texts that name them often."""
    factors: dict[str, Factor]
    argues_for: Words = ()
    argues_against: Words = ()
    """Words that argue for and against joining in this question, beside those of `grammar/words/acts.txt`."""
    people: dict[str, Person] = Field(default_factory=dict)
    institutions: Words = ()
    channels: dict[str, Channel] = Field(default_factory=dict)
    language: str = "en"
    progress: Words = ()
    force_names: Words = ()
    enforcement: Words = ()
    consultation_words: Words = ()
    topics: dict[str, Words] = Field(default_factory=dict)
    key_factors: Words = ()
    facts: dict[str, Fact] = Field(default_factory=dict)
    branches: dict[str, Words] = Field(default_factory=dict)
    """Conditions that are asked about, by name, with the words that name them."""

    @cached_property
    def acts(self) -> Terms:
        """Everything that asserts something of joining or argues for or against it, as class and action."""
        own = ((("plus", "argue"), self.argues_for), (("minus", "argue"), self.argues_against))
        return Terms([*acts(), *((label, word) for label, listed in own for word in listed)])

    @cached_property
    def about(self) -> Terms:
        """The words of every factor."""
        return Terms((name, word) for name, factor in self.factors.items() for word in factor.keywords)

    def factors_of(self, low: Sequence[str]) -> dict[str, int]:
        """The factors whose words occur in a run of tokens, with how many do."""
        return dict(Counter(name for _, _, name in self.about.find(low)))

    def known_on(self, day: dt.date | None) -> Pack:
        """The same pack without facts published after a day: no hindsight."""
        if day is None:
            return self
        _ = self.acts, self.about  # made once, and copied with the rest
        return self.model_copy(update={"facts": {k: f for k, f in self.facts.items() if f.published <= day}})


def considered(s: Sentence, act: Asserted, pack: Pack) -> tuple[str, ...]:
    """What a claim bears on: will to join first, then by how many words of each factor it has."""
    hits = Counter(name for a, _, name in s.find(pack.about) if not (a and s.bits[a] & lx.CAP and name == "tasks"))
    units = {a for a, _, (kind, _) in s.find(pack.acts) if kind == "object"}
    units |= {i for i, word in enumerate(s.low) if word in _UNITS}
    counted = (i for i, b in enumerate(s.bits) if b & lx.NUM or s.low[i] in _COUNTS)
    hits["composition"] += any(units & {i + 1, i + 2, i + 3} for i in counted)
    told = any(b & (lx.ED | lx.HAVE) or word in _WERE for b, word in zip(s.bits, s.low, strict=True))
    hits["timing"] += not told and any(b & lx.TIME and b & lx.CAP for b in s.bits)  # a day to come
    years = (word for b, word in zip(s.bits, s.low, strict=True) if b & lx.NUM and len(word) == 4)
    past = _PAST & {*s.low} or any("1900" < word < "2100" for word in years)
    if past and act.action in _STEPS:
        hits["precedent/experience"] += 9
    elif act.kind in DECISIONS and act.action not in _MEANS and "comment" not in s.low:
        hits["intention"] += 0 if {"public opinion", "moral duty"} & hits.keys() else 9
    return tuple(name for name, count in hits.most_common() if count and name in pack.factors)


@cache
def shipped_pack(name: str = GENERAL) -> Pack:
    """A pack that comes with the package.

    Raises:
        InputError: there is none of that name.
    """
    if name not in shipped():
        raise InputError(
            f"no domain pack `{name}`; shipped are {', '.join(shipped())}; or give the path of a YAML file"
        )
    return _read((_PACKS / f"{name}.yaml").read_text(encoding="utf-8"), name)


@cache
def shipped() -> tuple[str, ...]:
    """The names of the packs that come with the package."""
    return tuple(sorted(item.name[:-5] for item in _PACKS.iterdir() if item.name.endswith(".yaml")))


@cache
def _states() -> dict[str, str]:
    return tomllib.loads((_PACKS / "states_en.toml").read_text("utf-8"))


@cache
def states() -> dict[str, str]:
    """The code of the state that each name, people and capital stands for."""
    called = ((name, code) for code, names in _states().items() for name in names.split(", "))
    return {form: code for name, code in called for form in (name.rstrip("*"), name.replace("*", "s"))}


def names_of(code: str) -> list[str]:
    """Every name, people and capital of a state that is known; else what stands for its code."""
    return [name.rstrip("*") for name in _states().get(code, code).split(", ")]


def label(code: str) -> str:
    """What a state is called."""
    return names_of(code)[0]


def pack_for(text: str) -> Pack:
    """The shipped pack of the theatre that a text names most often, three times at least; else the general one."""
    low = text.lower()
    named = {one: sum(low.count(name.lower()) for name in shipped_pack(one).theatre) for one in shipped()}
    best = max(sorted(named), key=lambda one: named[one])
    return shipped_pack(best if named[best] > 2 else GENERAL)


def read_pack(where: str | Path) -> Pack:
    """The pack in a YAML file, or the shipped one of that name.

    Raises:
        InputError: it cannot be read; every complaint at once.
    """
    path = Path(where)
    if path.suffix in {".yaml", ".yml"}:
        content = content_of(path, LARGEST, "name a domain pack")
        try:
            return _read(content.decode("utf-8"), path.name)
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: cannot be read as a domain pack: {error}") from None
    return shipped_pack(str(where))


def _read(text: str, name: str) -> Pack:
    try:
        own = from_yaml(text, name)
        general = own.get("extends") if isinstance(own, dict) else None
        named = bool(general) and isinstance(general, str)
        return Pack.model_validate(
            _beside(shipped_pack(general).model_dump(exclude_defaults=True), own) if named else own
        )
    except ValidationError as error:
        lines = [f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise InputError("\n".join(lines)) from None
