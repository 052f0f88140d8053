"""What a question is about: its factors with their words, its people, and dated facts known before the article.

The domain pack, and the sorting of claims by its words. A pack is a YAML file, so that another question needs no
code. Words match whole, a star any ending.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from contingent.errors import InputError
from contingent.records import Record

_NEGATED = re.compile(r"\b(?:not|no|never|without|nobody|nothing|hardly|n['’]t)\b", re.IGNORECASE)


def _as_words(value: Any) -> Any:
    """A number or a year may stand among words; a lone word stands for a list of one."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list | tuple):
        return value  # refused by its type
    return [str(word) if isinstance(word, int | float) else word for word in value]


Words = Annotated[tuple[str, ...], BeforeValidator(_as_words)]


@lru_cache(maxsize=4096)
def pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for a list of words and phrases; None for an empty list."""
    if not words:
        return None
    parts = [re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words]
    return re.compile(r"(?<![\w-])(?:" + "|".join(sorted(parts, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE)


class Factor(Record):
    """One consideration of the decision and the words that show a claim to be about it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    keywords: Words
    speaks_for: Words = Field(default=(), alias="for")
    speaks_against: Words = Field(default=(), alias="against")


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
    factors: dict[str, Factor]
    general_against: Words = ()
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
    parameters: dict[str, Words] = Field(default_factory=dict)
    """For each factor the dotted paths of the scenario's numbers that claims about it bear on."""

    def known_on(self, day: dt.date | None) -> Pack:
        """The same pack without facts published after a day: no hindsight."""
        if day is None:
            return self
        return self.model_copy(update={"facts": {k: f for k, f in self.facts.items() if f.published <= day}})


@cache
def shipped_pack(name: str = "peace_force") -> Pack:
    """A pack that comes with the package.

    Raises:
        InputError: there is none of that name.
    """
    folder = resources.files("contingent.evidence") / "packs"
    file = folder / f"{name}.yaml"
    if not file.is_file():
        there = ", ".join(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".yaml")))
        raise InputError(f"no domain pack `{name}`; shipped are {there}; or give the path of a YAML file")
    return _read(file.read_text(encoding="utf-8"), name)


def read_pack(where: str | Path) -> Pack:
    """The pack in a YAML file, or the shipped one of that name.

    Raises:
        InputError: it cannot be read; every complaint at once.
    """
    path = Path(where)
    if path.suffix in {".yaml", ".yml"}:
        try:
            return _read(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: cannot be read as a domain pack: {error}") from None
    return shipped_pack(str(where))


def _read(text: str, name: str) -> Pack:
    try:
        return Pack.model_validate(YAML(typ="safe").load(text))
    except YAMLError as error:
        raise InputError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from None
    except ValidationError as error:
        lines = [f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise InputError("\n".join(lines)) from None


class Sorter:
    """A pack's words, compiled once by `pattern`; `factors_of` and `polarity_of` are then a few searches each."""

    def __init__(self, pack: Pack) -> None:
        self.about = {name: pattern(factor.keywords) for name, factor in pack.factors.items()}
        self.speaks_for = {name: pattern(factor.speaks_for) for name, factor in pack.factors.items()}
        self.speaks_against = {name: pattern(factor.speaks_against) for name, factor in pack.factors.items()}
        self.against_in_general = pattern(pack.general_against)
        every = tuple(word for factor in pack.factors.values() for word in factor.keywords)
        self.any_factor = pattern((*every, *pack.general_against))

    def factors_of(self, text: str) -> tuple[str, ...]:
        """The factors whose words occur, most hits first, then in the pack's order."""
        if not self.touches(text):
            return ()
        hits = {name: len(found.findall(text)) for name, found in self.about.items() if found}
        return tuple(sorted((name for name in hits if hits[name]), key=lambda name: -hits[name]))

    def polarity_of(self, text: str, factors: tuple[str, ...]) -> Literal[-1, 0, 1]:
        """+1 if the claim argues for joining, -1 against, 0 for neither or both alike."""
        score = 0
        for name in factors:
            yes, no = self.speaks_for[name], self.speaks_against[name]
            score += bool(yes and yes.search(text)) - bool(no and no.search(text))
        if self.against_in_general and self.against_in_general.search(text):
            score -= 1
        if score > 0 and _NEGATED.search(text) and not re.search(r"nothing more|not only|no less", text, re.IGNORECASE):
            return 0
        return 1 if score > 0 else -1 if score < 0 else 0

    def touches(self, text: str) -> bool:
        """Whether any factor's words occur."""
        return bool(self.any_factor and self.any_factor.search(text))
