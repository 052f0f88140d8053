"""Which person, office or group a mention stands for: names in full, titles, pronouns, groups, documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from contingent.evidence.lexicon import words
from contingent.evidence.pack import Pack

Kind = Literal["person", "official", "familiar", "institution", "public", "document", "poll", "reporter"]
_CAPS = re.compile(r"\b[^\W\d_a-zà-ÿ][\w’'-]*")
_WORD = re.compile(r"[\w’'-]+")
_PLAIN = frozenset(["the", "former", "federal", "us", "u.s", "un", "deputy", "vice"])
_TITLES = words("offices") | words("titles") | _PLAIN
_COMMON = (
    words("anonymous") - words("offices") | words("familiar") | words("publics") | frozenset(["a", "an", "one", "some"])
)
_PLACE = re.compile(r"\s(?:in|at|from|for|with|on|who|close|familiar|involved)\s")
_SOME = re.compile(r"(?:many|most|some|ordinary|few)\s+\w+s\b")
_UNNAMED = re.compile(r"^(?:an?|one|another|two|three|several|some|senior|unnamed|many|other|top)\b", re.IGNORECASE)
_SECOND_HAND = words("familiar") & {"people", "sources", "source", "those", "insiders", "insider", "person"}


_RECENT = 200  # mentions looked back over


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: `name` in full or the description as written; `single` when it is one individual."""

    name: str
    kind: Kind
    office: str = ""
    single: bool = False


REPORTER = Speaker("", "reporter")


class Cast:
    """The speakers of one article in the order they are met, so that later mentions find earlier ones."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.persons: list[Speaker] = []
        self.groups: list[Speaker] = []
        self.institutions = tuple(name.lower() for name in pack.institutions)

    def resolve(self, mention: str, before: str = "") -> Speaker:
        """The speaker a mention stands for; `before` is the text in front of it, for relative pronouns."""
        low = mention.lower().strip(" ,")
        if low in {"he", "she", "his", "her", "him"}:
            return self.persons[-1] if self.persons else Speaker(mention, "person", single=True)
        if low in {"they", "their", "them"}:
            return self.groups[-1] if self.groups else Speaker(mention, "official")
        if low in {"who", "which"}:
            return self._antecedent(before)
        found = self._describe(mention.strip(" ,"), low)
        if found.kind == "person":
            self.persons.append(found)
        elif found.kind in {"official", "familiar"}:
            self.groups.append(found)
        return found

    def _antecedent(self, before: str) -> Speaker:
        clause = re.split(r"[.;:!?”\"]\s|\n", before.rstrip(" ,—"))[-1].strip(" ,—")[-80:]
        return self._describe(clause, clause.lower())

    def _describe(self, mention: str, low: str) -> Speaker:
        first = low.split(",")[0]
        tokens = set(_WORD.findall(first))
        if tokens & {"poll", "polls", "survey", "surveys"}:
            return Speaker(mention, "poll")
        known = self._known(mention)
        if known:
            return known
        official = tokens & words("anonymous")
        if tokens & _SECOND_HAND and not official:
            told = tokens & {
                "familiar",
                "close",
                "briefed",
                "knowledge",
                "sources",
                "source",
                "insiders",
                "insider",
                "those",
            }
            return self._group(mention, "familiar") if told else Speaker(mention, "public")
        if tokens & words("publics") or (_SOME.match(first) and not official):
            return Speaker(mention, "public")
        name = self._name(mention)
        if name and not self._is_institution(first, tokens):
            return Speaker(name, "person", self._office(mention, name), single=True)
        if official:
            single = not any(token.endswith("s") and token in words("anonymous") for token in tokens)
            if single and not _UNNAMED.match(first) and not tokens & {"official", "diplomat", "aide"}:
                met = next((one for one in reversed(self.persons[-_RECENT:]) if self._shares_office(one, tokens)), None)
                return met or Speaker(mention, "person", first.removeprefix("the ").strip(), single=True)
            return self._group(mention, "official", single=single)
        if self._is_institution(first, tokens):
            return Speaker(mention, "institution")
        if tokens & words("documents"):
            return Speaker(mention, "document")
        if tokens & words("familiar"):
            return self._group(mention, "familiar")
        return Speaker(mention, "institution" if mention[:1].isupper() else "public")

    def _known(self, mention: str) -> Speaker | None:
        """Somebody of the pack or met before, by name or by surname alone."""
        for name, person in self.pack.people.items():
            if name in mention or person.name in mention:
                return Speaker(person.name, "person", person.office, single=True)
        bare = re.sub(r"^(?:mr|mrs|ms|dr|sir|gen|sen)\.?\s+", "", mention, flags=re.IGNORECASE).removesuffix("’s")
        for person in reversed(self.persons[-_RECENT:]):
            if bare and (person.name == bare or person.name.endswith(" " + bare) or person.name.startswith(bare + " ")):
                return person
        return None

    def _name(self, mention: str) -> str:
        """The run of capitalized words that is a personal name: two or more, or one after a title."""
        head = _PLACE.split(mention.split(",")[0])[0]
        capitals = [word for word in _CAPS.findall(head) if word.lower() not in _COMMON]
        titles = [i for i, word in enumerate(capitals) if word.lower().rstrip(".") in _TITLES]
        strict = [i for i in titles if capitals[i].lower().rstrip(".") not in _PLAIN]
        if strict and strict[-1] + 1 < len(capitals):
            capitals = capitals[strict[-1] + 1 :]  # "Indonesian Foreign Minister Sugiono": the name follows the title
        run = [
            word.removesuffix("’s").removesuffix("'s") for word in capitals if word.lower().rstrip(".") not in _TITLES
        ]
        return " ".join(run) if len(run) >= 2 or (run and strict) else ""

    def _office(self, mention: str, name: str) -> str:
        rest = mention.replace(name, " ").strip(" ,")
        return rest if any(word in words("offices") for word in _WORD.findall(rest.lower())) else ""

    def _shares_office(self, person: Speaker, tokens: set[str]) -> bool:
        return bool(set(_WORD.findall(person.office.lower())) & tokens & words("offices"))

    def _is_institution(self, first: str, tokens: set[str]) -> bool:
        return any(first == name or first.startswith(name + " ") for name in self.institutions) or bool(
            tokens & words("institutions") and not tokens & words("anonymous")
        )

    def _group(self, mention: str, kind: Kind, *, single: bool = False) -> Speaker:
        """A group of unnamed people; a bare "Officials" is the last such group."""
        if len(mention.split()) == 1 and not single:
            for group in reversed(self.groups[-_RECENT:]):
                if group.kind == kind and not group.single:
                    return group
        return Speaker(mention, kind, single=single)
