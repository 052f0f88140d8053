"""Which person, office or group a mention stands for: names in full, titles, pronouns, groups, documents.

Mention resolution.
"""

import re
from functools import lru_cache

from contingent.evidence.acts import office_of
from contingent.evidence.claim import Kind, Speaker
from contingent.evidence.grammar.lexicon import patterns, words
from contingent.evidence.grammar.sentences import read
from contingent.evidence.pack import Pack

_WORD, _RUN, _SOME, _UNNAMED, _ONE_OF_THEM, _PEOPLES, _JOINTLY, _ONE, _HOLDER, _KIN = patterns(
    "speakers", "word run some unnamed one_of_them peoples jointly one holder kin"
)
_PLAIN = frozenset(["the", "neighbouring", "neighboring", "former", "federal", "us", "u.s", "un", "deputy", "vice"])
_TITLES = words("offices") | words("titles") | _PLAIN
_COMMON = (
    words("anonymous") - words("offices") | words("familiar") | words("publics") | frozenset(["a", "an", "one", "some"])
)
_PREPOSITIONS = frozenset(["in", "at", "from", "for", "with", "on", "of", "to", "by", "near", "outside"])
_ANYBODY = frozenset(["you", "no one", "everyone", "everybody", "nobody", "somebody", "anyone"])
_SECOND_HAND = words("familiar") & {"people", "sources", "source", "those", "insiders", "insider", "person"}
_TOLD = words("second_hand")
_SPOKES = {"spokesman", "spokeswoman", "spokesperson"}
_GENDER = {True: words("feminine"), False: words("masculine")}
_ALONE = ("a ", "an ", "one ", "another")
_NEAR = 300  # characters back in which a pronoun's person is looked for
_RECENT = 200  # mentions looked back over
REPORTER = Speaker("", "reporter")


class Cast:
    """The speakers of one article in the order they are met, so that later mentions find earlier ones."""

    def __init__(self, pack: Pack, text: str = "") -> None:
        self.pack = pack
        self.text = text
        self.bodies: list[Speaker] = []
        self.persons: list[Speaker] = []
        self.groups: list[Speaker] = []
        self._met_office = ""
        self.offices: dict[str, str] = {}
        self.female: dict[str, bool] = {}
        self.states: dict[str, str] = {}
        """For whom each speaker is known to speak."""
        self.institutions = tuple(name.lower() for name in pack.institutions)

    def resolve(self, mention: str, before: str = "") -> Speaker:
        """The speaker a mention stands for; `before` is the text in front of it, for relative pronouns."""
        low = mention.lower().strip(" ,")
        if low in {"i", "we", "my", "our", "us"} or {"correspondent", "correspondents"} & set(low.split()):
            return REPORTER
        if low in _ANYBODY:
            return Speaker(mention, "public")
        if low in {"it", "its"}:
            return self.bodies[-1] if self.bodies else Speaker(mention, "institution")
        if low in {"he", "she", "his", "her", "him"}:
            return self._he_or_she(before[-_NEAR:], female=low in {"she", "her"}) or Speaker(
                mention, "person", single=True
            )
        if low in {"they", "their", "them"}:
            return self.groups[-1] if self.groups else Speaker(mention, "official")
        if _ONE_OF_THEM.match(low) and self.groups:
            return Speaker(
                self.groups[-1].name, self.groups[-1].kind, single=low.startswith((*_ALONE, "one", "the other"))
            )
        if low in {"who", "which", "whom"}:
            return self._antecedent(before)
        found = self._describe(mention.strip(" ,"), low)
        if found.kind == "person":
            self.persons.append(found)
            for female, titles in _GENDER.items():
                if titles & set(low.replace(".", "").split()):
                    self.female[found.name] = female
        elif found.kind in {"official", "familiar"}:
            self.groups.append(found)
        elif found.kind in {"institution", "document", "poll"}:
            self.bodies.append(found)
        return found

    def _he_or_she(self, before: str, *, female: bool) -> Speaker | None:
        """The last person named just before, speaker or not, who is not known to be of the other sex."""
        met = [one for one in self.persons[-_RECENT:] if self.female.get(one.name, female) == female]
        runs = [run.group() for run in _RUN.finditer(before) if _TITLES - _PLAIN & {*run.group().lower().split()}]
        new = next(
            (run for run in reversed(runs) if _name_in(run) and self.female.get(_name_in(run), female) == female), ""
        )
        last = met[-1].name.split()[-1] if met else ""
        if new and (not met or before.rfind(last) < before.rfind(new)):
            met.append(self._describe(new, new.lower()))
            self.persons.append(met[-1])
        if met:
            self.female.setdefault(met[-1].name, female)
        return met[-1] if met else None

    def _antecedent(self, before: str) -> Speaker:
        clause = re.split(r"[.;:!?”\"]\s|\n", before.rstrip(" ,—"))[-1].strip(" ,—")[-80:]
        clause = re.split(r"\b(?:by|with|from|to) (?=\S)", clause)[-1]
        return self._describe(clause, clause.lower())

    def _describe(self, mention: str, low: str) -> Speaker:
        first = low.split(",")[0]
        tokens = set(_WORD.findall(first))
        if tokens & {"poll", "polls", "survey", "surveys"}:
            return Speaker(mention, "poll")
        if _KIN.search(first):
            return self._group(mention, "familiar", single=True)
        if known := self._known(mention):
            return known
        official = tokens & words("anonymous")
        head = _WORD.findall(first)[:2]
        if tokens & _SECOND_HAND and (not official or set(head) & _SECOND_HAND & words("publics")):
            told = tokens & _TOLD
            return self._group(mention, "familiar") if told or _ONE.match(first) else Speaker(mention, "public")
        if tokens & words("publics") or (_SOME.match(first) and not official):
            return Speaker(mention, "public")
        self._met_office = ""
        name = self._name(re.sub(r"\s*\([^)]*\)", "", mention)) or self._name(mention)
        if name and " " not in name:
            name = self._in_full(name) or name
        if name and not set(name.lower().split()) & words("institutions") and not self._listed(first):
            return Speaker(name, "person", self._office(mention, name) or self._met_office, single=True)
        if official and _JOINTLY.search(mention):
            return Speaker(mention, "person", first.removeprefix("the ").strip())
        if official:
            single = not any(token.endswith("s") and token in words("anonymous") for token in tokens)
            if tokens & _SPOKES:
                return Speaker(mention, "person", first.strip(), single=True)
            if single and not _UNNAMED.match(first) and not tokens & {"official", "diplomat", "aide"}:
                return self._in_office(first, tokens) or Speaker(
                    mention, "person", first.removeprefix("the ").strip(), single=True
                )
            return self._group(mention, "official", single=single)
        if self._is_institution(first, tokens):
            return Speaker(mention, "institution")
        if tokens & words("documents"):
            return Speaker(mention, "document")
        if tokens & words("familiar"):
            return self._group(mention, "familiar")
        if tokens & words("offices"):
            if _UNNAMED.match(first):
                return self._group(mention, "official", single=True)
            met = self._in_office(first, tokens)
            return met or Speaker(mention, "person", first.removeprefix("the ").strip(), single=True)
        return self._elsewhere(mention)

    def office_kind(self, speaker: Speaker) -> str:
        """The kind of office or body that somebody speaks for."""
        words = speaker.office or speaker.name
        if words.lower().startswith(("its ", "their ")) and self.bodies:
            words = self.bodies[-1].name  # "its leader"
        if words not in self.offices:
            self.offices[words] = office_of(read(words, [(0, len(words))]))
        return self.offices[words]

    def _in_office(self, first: str, tokens: set[str]) -> Speaker | None:
        """The last person met whose office agrees: another portfolio is another person."""
        what, whose = office_of(read(first, [(0, len(first))])), first.partition(" of ")[2]
        for one in reversed(self.persons[-_RECENT:]):
            theirs = self.office_kind(one)
            agrees = theirs == what or what in {"", "government"}
            if agrees and self._shares_office(one, tokens) and (not whose or whose in one.office.lower()):
                return one
        return None

    def _elsewhere(self, mention: str) -> Speaker:
        """Somebody the article names in full at another place; else a body if capitalized, a public if not."""
        bare = mention.strip(" ,").removesuffix("’s").removesuffix("'s")
        if _ONE.match(mention):
            return self._group(mention, "familiar", single=mention.lower().startswith(_ALONE))
        if not mention[:1].isupper() or _PEOPLES.search(mention):
            return Speaker(mention, "public")
        if private := re.match(r"([^\W\d_a-z][\w’'-]+), (?:an?|the) [a-z]", mention):  # "Munir, a student"
            return Speaker(private[1], "person", single=True)
        if name := self._in_full(bare):
            return Speaker(name, "person", self._met_office, single=True)
        return Speaker(mention, "institution")

    def _in_full(self, bare: str) -> str:
        """The name in full, where the article gives it, of somebody named by surname; their office is kept beside."""
        bare = bare.title() if bare.isupper() else bare
        found = _first_in_full(self.text, bare) if bare.isalpha() else ""
        name = _name_in(found.split(",")[0])
        self._met_office = self._office(found, name)
        known = name.endswith(bare) and name != bare and not set(name.lower().split()) & words("institutions")
        return name if known else ""

    def _known(self, mention: str) -> Speaker | None:
        """Somebody of the pack or met before, by name or by surname alone."""
        for name, person in self.pack.people.items():
            if name in mention or person.name in mention:
                return Speaker(person.name, "person", person.office, single=True, state=person.state)
        bare = re.sub(r"^(?:mr|mrs|ms|dr|sir|gen|sen)\.?\s+", "", mention, flags=re.IGNORECASE).removesuffix("’s")
        for person in reversed(self.persons[-_RECENT:]):
            if bare and (person.name == bare or person.name.endswith(" " + bare) or person.name.startswith(bare + " ")):
                return person
        return None

    def _name(self, mention: str) -> str:
        """The personal name in a mention: in its first part, or in the apposition to an office."""
        first, *rest = mention.split(",")
        found = _name_in(first)
        office = _HOLDER.match(first) and not words("institutions") & {*_WORD.findall(first.lower())}
        if not found and rest and (office or set(_WORD.findall(first.lower())) & words("offices")):
            found = _name_in(rest[0])
        return found

    def _office(self, mention: str, name: str) -> str:
        rest = mention.replace(name, " ").strip(" ,")
        return rest if any(word in words("offices") for word in _WORD.findall(rest.lower())) else ""

    def _shares_office(self, person: Speaker, tokens: set[str]) -> bool:
        return bool(set(_WORD.findall(person.office.lower())) & tokens & words("offices"))

    def _listed(self, first: str) -> bool:
        """Whether the pack names it as an institution."""
        return any(first == name or first.startswith(name + " ") for name in self.institutions)

    def _is_institution(self, first: str, tokens: set[str]) -> bool:
        people = words("anonymous") | words("offices")
        return self._listed(first) or bool(tokens & words("institutions") and not tokens & people)

    def _group(self, mention: str, kind: Kind, *, single: bool = False) -> Speaker:
        """A group of unnamed people; a bare "Officials" is the last such group."""
        if len(mention.split()) == 1 and not single:
            for group in reversed(self.groups[-_RECENT:]):
                if group.kind == kind and not group.single and mention.lower() in group.name.lower():
                    return group
        return Speaker(mention, kind, single=single)


@lru_cache(1024)
def _first_in_full(text: str, surname: str) -> str:
    """The first place of a text with capitalized words before a surname, and an apposition behind it."""
    found = re.search(rf"(?<![\w’'])(?:[A-Z][\w’'.-]*[ \t]+){{1,4}}{surname}\b(?:, (?:an?|the) [^,.\n]{{3,60}})?", text)
    return found[0] if found else ""


def _name_in(part: str) -> str:
    """The last run of capitalized words that is a name: two or more, or one after a title or office."""
    best = ""
    for match in _RUN.finditer(part):
        before = part[: match.start()].split()
        after = part[match.end() :].split()
        before = before[:-1] if before[-1:] == ["the"] and {*before[-2:-1]} & _PREPOSITIONS else before
        if (before and before[-1].lower() in _PREPOSITIONS) or (
            after and after[0].lower() in words("offices") | words("institutions")
        ):
            continue
        capitals = [word for word in match.group().split() if word.lower() not in _COMMON]
        titles = [i for i, word in enumerate(capitals) if word.lower().rstrip(".") in _TITLES - _PLAIN]
        if titles and titles[-1] + 1 < len(capitals):
            capitals = capitals[titles[-1] + 1 :]  # "Indonesian Foreign Minister Sugiono": the name follows the title
        bare = [word.removesuffix("’s").removesuffix("'s") for word in capitals]
        run = [word for word in bare if word.lower().rstrip(".") not in _TITLES]
        office = bool(titles) or bool(before and before[-1].lower() in words("offices"))
        if len(run) >= 2 or (run and office):
            best = " ".join(run)
    return best
