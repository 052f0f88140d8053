"""What do articles make of a scenario: which blanks of a new file do they fill, which numbers of a case do they move?

A draft: every number cites the claims that say it, what no article says stays blank, nothing is carried over from
another case, and no position, chance or wish is made from words. And evidence for a case that stands: claims for or
against move the positions of those who make them, each by a link that can be taken away again.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from contingent.errors import InputError
from contingent.evidence.article import Article, read_article
from contingent.evidence.checks import check
from contingent.evidence.claim import Document, LedgerClaim
from contingent.evidence.credence import Mover, moved, relation_of
from contingent.evidence.extract import extract
from contingent.evidence.ingest import articles_in, document, judged
from contingent.evidence.ledger_view import LedgerView
from contingent.evidence.pack import Pack, shipped_pack
from contingent.evidence.sending import Finding, is_about, label, published, read_sending, spans
from contingent.notation import legible
from contingent.scenario.model import Scenario

MOST = 4  # claims a number cites; more would hide the best
Row = dict[str, Any]
_HEAD = re.compile(r"\b(?:(?<!vice )president|prime minister|chancellor|taoiseach|premier)\b", re.IGNORECASE)
_SENT = {"policing": "police", "monitoring": "observers"}


class Draft:
    """What the articles at some places say, pooled; `told` is what was decided on the way, in words.

    Raises:
        InputError: one cannot be read, or none is about sending people to a force abroad.
    """

    def __init__(self, places: Sequence[Path], kind: str = "") -> None:
        texts = {text.sha256: text for place in places for text in map(read_article, articles_in(place))}
        read = [(text, read_sending(text)) for text in texts.values()]
        about = [(text, found) for text, found in read if is_about(found) or not found]
        if not (kind and about) and not any(found for _, found in about):
            names = ", ".join(text.name for text in texts.values())
            raise InputError(f"{names}: not in English; with --kind its date and claims are drafted" if about else (
                f"{names}: not about sending people to a force abroad; not found together: troops, police or observers "
                "whom somebody offers, asks for or decides on, an international force or several states, and two places"
            ))  # fmt: skip
        self.told = [f"{text.name}: {'left out, not about this' if found else 'not English; only its claims and date'}"
                     for text, found in read if not is_about(found)]  # fmt: skip
        self.articles, self.claims = list[Article](), dict[str, Row]()
        self.said, self.placed = defaultdict[str, list[Finding]](list), set[Finding]()
        for number, (text, found) in enumerate(about):
            self.articles.append(replace(text, title=legible(text.title or text.name), published=published(text)[0]))
            rows = drafted_claims(self.articles[-1], shipped_pack(), number, found)
            self.claims |= rows
            for one in found:
                names = (name for name, row in rows.items() if any(a <= one.start < b for a, b in row["spans"]))
                self.said[one.what].append(one._replace(claims=tuple(names)[:1]))
        self.told += [f"{text.name}: no date was found" for text in self.articles if not text.published]
        where, who = (Counter(one.value for one in self.said[what]) for what in ("place", "decides"))
        pairs = ((place, code) for place in ["", *where] for code in ["", *who] if place != label(code))
        _, likely = max(pairs, key=lambda pair: where[pair[0]] + who[pair[1]], default=("", ""))
        self.place = self._most("place", "the place", label(likely))
        there = {one.whose for one in self.said["place"] if one.value == self.place} - {""}
        self.ours = self._most("decides", "whose decision it is", *there)
        offering = dict.fromkeys(one.whose for one in self.said["people"] + self.said["joins"])
        self.others = [code for code in offering if code not in {"", self.ours, *there}]
        self.kind = kind or self._most("kinds", "the kind of mission")
        if not self.kind:
            raise InputError(f"{self.told[-1]}; say the kind of mission: --kind")

    def _most(self, what: str, words: str, *without: str) -> str:
        """The value found most often, none where two are level; what was counted is told."""
        counts = Counter(one.value for one in self.said[what] if one.value not in without).most_common(3)
        clear = len(counts) == 1 or (counts and counts[0][1] > counts[1][1])
        said = ", ".join(f"{label(value)} {count}" for value, count in counts) or "nothing found"
        self.told.append(f"{words}: {said}{'' if clear else '; not clear, so it is blank'}")
        return counts[0][0] if clear else ""

    def _number(self, what: str, *whose: str) -> Any:
        """The figure given most often, of equals the first, with its claims and what else was said; None if none is."""
        found = [one for one in self.said[what] if not whose or one.whose in whose]
        if not found:
            return None
        figures = [re.findall(r"[\d.]+", one.read or one.value)[0] for one in found]  # "about 500" is 500
        first = Counter(figures).most_common(1)[0][0]
        same = [one for one, figure in zip(found, figures, strict=True) if figure == first]
        best = max(same, key=lambda one: bool(one.read))
        self.placed.update(found)
        others = dict.fromkeys(f"also said: {one.value} ({', '.join(one.claims)})" for one in found if one not in same)
        words = "; ".join([f"as read: {best.read}"] * bool(best.read) + [*others])
        value = int(best.value) if best.value.isdigit() else best.value
        return _flow({"best": value, "claims": _flow(_cite(same))} | ({"assumption": words} if words else {}))

    def write(self, folder: Path, blank: str) -> None:
        """Fills the blanks of a kind's file, and writes the claims beside it."""
        yaml = editor()
        data = yaml.load(blank)
        self._mission(data, data["mandate"], data["theatre"])
        self._people(data["stakeholders"], data["process"]["gates"])
        self._force(data["contributors"], data["pledges"])
        with (folder / "scenario.yaml").open("w", encoding="utf-8") as stream:
            stream.writelines(f"# Drafted; {words}\n" for words in self.told)
            yaml.dump(data, stream)
            for one in dict.fromkeys(one for found in self.said.values() for one in found):
                if (one.what == "law" or one.value[:1].isdigit()) and one not in self.placed:
                    what = f"{one.what} {label(one.whose)} {one.value}".replace("  ", " ")
                    stream.write(f"# Said, and placed nowhere: {what} ({', '.join(one.claims)})\n")
        yaml.default_flow_style = None
        documents = {
            f"article_{n}": {
                k: v for k, v in document(text, offsets_only=True).items() if v and k in Document.model_fields
            }
            for n, text in enumerate(self.articles, 1)
        }
        with (folder / "claims.yaml").open("w", encoding="utf-8") as stream:
            yaml.dump({"documents": documents, "claims": self.claims}, stream)

    def _mission(self, data: Any, mandate: Any, theatre: Any) -> None:
        names, ours = Counter(one.value for one in self.said["force"]), label(self.ours)
        force = max(names, key=lambda one: (names[one], len(one)), default="")
        whither = f"the {force}" if force else f"a force in {self.place}"
        if ours and (force or self.place):
            question = f"Should {ours} send {_SENT.get(self.kind, 'soldiers')} to {whither}, and on which terms?"
            _fill(data, title=f"{ours}: {force or self.place}", question=question)
        _fill(data, as_of=max((text.published for text in self.articles if text.published), default=None))
        _fill(data, decider=ours, contributor=self.ours)
        duration = self._number("duration")
        if ends := re.match(r"([\d.]+) to ([\d.]+)(.*)", str((duration or {}).get("best"))):  # one number stands there
            middle = f"{(float(ends[1]) + float(ends[2])) / 2:g}{ends[3]}"
            duration |= {"best": middle, "assumption": f"said: {ends[0]}"}
        _fill(mandate, label=force, authorized_strength=self._number("authorized"), duration=duration)
        _fill(theatre, label=self.place)
        if "observed" in theatre:
            _fill(theatre["observed"], deaths=self._number("deaths"), weeks=self._number("weeks"))
        for group in list(theatre.get("armed_groups", {}).values())[:1]:
            _fill(group, strength=self._number("groups"))
        for task in mandate["tasks"].values():
            if cited := _cite(one for one in self.said["tasks"] if one.value == task["contributes_to"]):
                task["claims"] = _flow(cited)

    def _people(self, stakeholders: Any, gates: Any) -> None:
        """Persons with an office as stakeholders, and the bodies whose leave is needed as gates."""
        blank, persons = deepcopy(stakeholders["opposition"]), dict[str, Finding]()
        for one in sorted(self.said["person"], key=lambda one: len(one.value)):  # the fullest words for each
            persons[one.value.partition(",")[0].split()[-1].lower()] = one
        for last, one in persons.items():
            place = "leader" if _HEAD.search(one.value) else "ministry" if "inister" in one.value else ""
            if not place or one.whose not in {"", self.ours} or "<" not in stakeholders[place]["label"]:
                place = "person_" + re.sub(r"\W", "_", last, flags=re.ASCII)
                stakeholders[place] = deepcopy(blank)
            stakeholders[place]["label"] = one.value
            if cited := [name for name, row in self.claims.items() if last in row.get("speaker", "").lower()]:
                stakeholders[place]["stakes"]["participation"]["claims"] = _flow(cited[:MOST])
        court = _flow({"label": "", "kind": "chance", "probability": "<0 to 1>", "duration": "<days>"})
        for kind in ("cabinet", "parliament", "senate", "court"):
            for name, _ in Counter(one.value for one in self.said[kind]).most_common(1):
                gates.setdefault(kind, court if kind == "court" else deepcopy(gates["parliament"]))["label"] = name

    def _force(self, states: Any, pledges: Any) -> None:
        own, other, unit = states.pop("<CODE>"), states.pop("<OTHER>"), pledges.pop()
        states[self.ours or "<CODE>"] = own
        _fill(own, label=label(self.ours))
        for pledge in pledges:
            pledge["contributor"] = self.ours or "<CODE>"
        _fill(pledges[0], strength=self._number("people", "", self.ours), notice=self._number("notice"))
        for code in self.others:
            states[code] = _flow({**other, "label": label(code)})
            pledges.append(_flow(deepcopy({**unit, "id": f"{code.lower()}_{unit['unit']}", "contributor": code})))
            _fill(pledges[-1], strength=self._number("people", code))


def drafted_claims(article: Article, pack: Pack, number: int = 0, found: Sequence[Finding] = ()) -> dict[str, Row]:
    """The article's claims as a scenario file holds them, A01, A02, ...; sentences with numbers are added."""
    claims, parts = list(extract(article, pack)), spans(article.text)
    for one in found:
        told = one.what == "law" or one.value[:1].isdigit()
        if told and not any(a <= one.start < b for claim in claims for a, b in claim.spans):
            span = next((a, b) for a, b in parts if a <= one.start < b)
            claims.append(LedgerClaim(id=f"x{len(claims)}", spans=(span,), attribution="reporter-narrative",
                                      record="unattributed", form="narrative", modality="fact-asserted"))  # fmt: skip
    claims.sort(key=lambda claim: claim.spans[0])
    names = {one.id: f"{chr(65 + number % 26)}{'_' * (number // 26)}{n:02d}" for n, one in enumerate(claims, 1)}
    rows = {}
    for one in judged(article, claims, check(article, tuple(claims), pack)):
        named = one.model_copy(update={"about": names.get(one.about, "")})
        rows[names[one.id]] = legible(named.cited(f"article_{number + 1}", article.text, article.published))
    return rows


def editor() -> YAML:
    """Reads and writes a file with its comments and quotes as they are."""
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _cite(found: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(name for one in found for name in one.claims))[:MOST]


def _fill(node: Any, **known: Any) -> None:
    """Puts what is known where a blank stands."""
    node.update({key: value for key, value in known.items() if value and str(node.get(key, "")).startswith("<")})


def _flow(items: dict[str, Any] | list[str]) -> Any:
    """A record or list that is written on one line."""
    row = CommentedMap(items) if isinstance(items, dict) else CommentedSeq(items)
    row.fa.set_flow_style()
    return row


class Evidence(NamedTuple):
    """What a ledger's claims change in a case as written."""

    changes: dict[str, Any]
    """Dotted path to what a file would hold there, for `rewriting`."""
    moves: dict[str, dict[str, str]]
    """Path of a number -> claim that moves it -> its grade, and by which rule."""
    left: list[str]
    """What moves nothing by itself, and why."""


def evidence(scenario: Scenario, known: Sequence[Mover], view: LedgerView) -> Evidence:
    """The documents, claims and links (`learned`) that a case should have for what its stakeholders say in articles.

    What stands there of these articles is renewed: a claim regraded, or taken away. Claims have the name of their text
    and their number in it, so that the same article changes nothing twice.
    """
    found, numbers = Evidence({}, {}, []), dict(scenario.estimates())
    held = {one.sha256: name for name, one in scenario.documents.items() if one.sha256}
    texts = {text.sha256: text.text for text in map(read_article, view.files)}
    links = {path: [*names] for path, names in scenario.learned.items()}
    for body in view.documents:
        name, day = f"article_{body['id'][:8]}", body["published"]
        if why := _not_now(scenario, held.get(body["sha256"], name), name, day):
            found.left.append(f"{body['name']}: {why}")
            continue
        day = dt.date.fromisoformat(day)
        moving = {f"{name}_{one.id}": one for one in view.claims if one.document == body["id"]
                  and _moves(numbers, known, f"{name}_{one.id}", one, found)}  # fmt: skip
        rows: dict[str, Row | None] = {
            f"claims.{key}": None for key in scenario.claims if key.startswith(f"{name}_") and key not in moving
        }
        for key, one in moving.items():
            rows[f"claims.{key}"] = legible(one.cited(name, texts[body["sha256"]], day))
        if rows:
            told = {key: value for key, value in body.items() if value and key in Document.model_fields}
            rows[f"documents.{name}"] = legible({**told, "published": day}) if moving else None
        found.changes.update({path: row for path, row in rows.items() if not _holds(scenario, path, row)})
        links = {path: [one for one in names if not one.startswith(f"{name}_")] for path, names in links.items()}
    for path, rules in found.moves.items():
        links[path] = [*links.get(path, ()), *rules]
    links = {path: sorted(names) for path, names in links.items() if names}
    if links != {path: sorted(names) for path, names in scenario.learned.items()}:
        found.changes["learned"] = links
    return found


def _not_now(scenario: Scenario, stands_as: str, name: str, day: str | None) -> str:
    """Why a text moves nothing of a case; empty if it may."""
    if stands_as != name:
        return f"is {stands_as} of the case, whose numbers know it already"
    if not day:
        return "has no day; say it with --published"
    return f"is of {day}, after the case's day; set `as_of` there first" if day > str(scenario.as_of) else ""


def _moves(numbers: Mapping[str, Any], known: Sequence[Mover], name: str, one: LedgerClaim, found: Evidence) -> bool:
    """Whether a claim moves a number of a case; which, or why not, is told."""
    bound = [(path, why) for path, why in moved(one, known) if path in numbers]
    relation, rule = relation_of(one)
    if not bound or not one.polarity:
        return False
    if relation == "context" or one.condition:
        what = f"depends on “{one.condition}”, for an event or an option to say" if one.condition else rule
        found.left.append(f"{name}, {one.speaker or 'the reporter'}: {what}")
        return False
    for path, why in bound:
        found.moves.setdefault(path, {})[name] = f"{one.grade}, {rule}; {why}"
    return True


def _holds(scenario: Scenario, path: str, row: Row | None) -> bool:
    """Whether a case holds a document or claim just as given."""
    part, name = path.split(".")
    now = getattr(scenario, part).get(name)
    return now == (type(now).model_validate(row) if now and row else row)
