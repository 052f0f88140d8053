"""What does the draft rest on: which claims, whose words, where in which article, and which numbers hang on each?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, get_args

from contingent.errors import InputError
from contingent.evidence.claim import Attribution, Modality
from contingent.evidence.export import pieces
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.records import Record
from contingent.scenario.model import learned
from contingent.scenario.paths import children, join
from contingent.workbench.articles import kept, placed
from contingent.workbench.desk import Desk
from contingent.workbench.draft import LINKS, standing_at, written
from contingent.workbench.drafts import Sight
from contingent.workbench.page import frame
from contingent.workbench.screens.assumptions import label
from contingent.workbench.sent import Claimed

EDITABLE = ("says", "quote", "speaker", "channel", "attribution", "modality", "grade", "polarity")
LACKS = {"accept": "tick claims of an article of the draft", "add": "mark words of an article of the draft",
         "edit": "there is no such claim in the draft", "split": "give two quotations, one for each of the two claims",
         "reject": "say why: the numbers that rested on it will tell"}  # fmt: skip
Changes = dict[str, Any]


def evidence(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """An article of the draft with its claims marked, beside what is claimed, by whom, and what rests on it.

    `article` is one of the draft's, or `none` for all claims of the case; `claim` is one to go to.
    """
    articles, wanted = kept(desk.registry.folder / sight.id), asked.get("claim", "")
    of = [each for each in articles if wanted in each["claims"] or each["document"] == _document(sight, wanted)]
    named = [each for each in articles if each["article"] == asked.get("article")]
    here = next(iter([*named, *of, *([] if wanted or "article" in asked else articles)]), None)
    rows = _rows(sight, here)
    marks: Any = [SimpleNamespace(key=row["name"], spans=row["spans"]) for row in rows]
    return {
        **frame(sight), "articles": [(each["article"], each["title"]) for each in articles], "article": here,
        "_pieces": pieces(here["text"], marks) if here else (), "claims": rows, "gone": _rejected(sight),
        "would": _would(sight, here) if here else [], "moods": get_args(Modality), "classes": get_args(Attribution),
        "positions": {each.path: label(sight.scenario, each.path) for each in sight.scenario.movers},
    }  # fmt: skip


def _document(sight: Sight, claim: str) -> str | None:
    return sight.scenario.claims[claim].document if claim in sight.scenario.claims else None


def _rows(sight: Sight, here: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The claims of an article, those of the draft and those only proposed; or all of the draft."""
    rests, moving, s = defaultdict[str, list[Any]](list), sight.as_written.learned, sight.scenario
    for path, number in s.estimates():
        for name in number.claims:
            rests[name].append({"path": path, "label": label(s, path), "moved": name in moving.get(path, ())})
    rows = {name: written(one) for name, one in s.claims.items() if not here or one.document == here["document"]}
    changed = {path.split(".")[1] for path in sight.stands.patched if path.startswith("claims.")}
    states = {name: ("edited" if name in sight.base.claims else "accepted") if name in changed else "of the case"
              for name in rows}  # fmt: skip
    if here:
        rejected = {each["name"] for each in _rejected(sight)}
        rows = {name: row for name, row in here["claims"].items() if name not in rejected} | rows
    return [
        {**dict.fromkeys((*EDITABLE, "date", "reason"), ""), "polarity": 0, "spans": [], **row, "name": name,
         "status": states.get(name, "proposed"), "rests": rests[name],
         "rules": {path: by[name] for path, by in here["moves"].items() if name in by} if here else {}}
        for name, row in rows.items()
    ]  # fmt: skip


def _rejected(sight: Sight) -> list[dict[str, str]]:
    """Claims that the draft took away, by whom and why."""
    return [{"name": each.path.removeprefix("claims."), "who": entry.who, "when": entry.when[:10], "why": entry.why}
            for entry in sight.stands.changes for each in entry.patches
            if each.new == "none" and each.path.startswith("claims.")]  # fmt: skip


def _would(sight: Sight, here: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the proposals of an article that move numbers would do to them, all accepted."""
    moving = {name for by in here["moves"].values() for name in by} - {each["name"] for each in _rejected(sight)}
    wanted, now = _accept(sight, here, moving - {*sight.scenario.claims}), sight.as_written
    linked = {path: [*now.learned.get(path, ()), *names] for path, names in wanted.get(LINKS, {}).items()}
    after = learned(now.with_({**wanted, LINKS: {**written(now.learned), **linked}})) if linked else now
    told = ((path, standing_at(sight.scenario, path), standing_at(after, path)) for path in linked)
    return [{"path": path, "label": label(after, path), "before": f"{a}", "after": f"{b}"} for path, a, b in told]


def _accept(sight: Sight, here: Mapping[str, Any], names: set[str]) -> Changes:
    """The changes that take proposals of an article in: the document, the claims, and what they move."""
    chosen = {f"claims.{name}": row for name, row in here["claims"].items() if name in names}
    moves = {path: sorted(names & by.keys()) for path, by in here["moves"].items() if names & by.keys()}
    new = here["document"] not in sight.scenario.documents
    return ({f"documents.{here['document']}": here["row"]} if new else {}) | chosen | ({LINKS: moves} if moves else {})


def asked_of(desk: Desk, sight: Sight, act: str, sent: Claimed, who: str) -> tuple[Changes, str]:
    """The changes that an act on claims makes, and its reason where none is given.

    Raises:
        InputError: there is no such claim or article, or what is sent does not do for the act.
    """
    document, quote = _document(sight, sent.name), sent.words.get("quote")
    here = next((each for each in kept(desk.registry.folder / sight.id)
                 if each["article"] == sent.article or each["document"] == document), None)  # fmt: skip
    does = {"accept": sent.take and here, "add": quote and here, "edit": document,
            "reject": document and sent.why.strip(), "split": document and quote and sent.second}  # fmt: skip
    if not does[act]:
        raise InputError(f"{act} {sent.name or sent.article}: {LACKS[act]}")
    if act == "accept" and here:
        return _accept(sight, here, {*sent.take}), f"Taken from “{here['title']}”."
    if act == "reject":
        return _reject(sight, sent, who), ""
    return (_split if act == "split" else _worded)(sight, sent, here), "Two statements." if act == "split" else ""


def _worded(sight: Sight, sent: Claimed, here: Mapping[str, Any] | None) -> Changes:
    """A claim in other words, or a new one at a place of an article."""
    now = written(sight.scenario.claims.get(sent.name)) or {}
    values = {
        key: each.strip() for key, each in sent.words.items() if key in EDITABLE and each.strip() != str(now.get(key))
    }
    if values.get("quote"):
        values |= _quoted(values["quote"], here, sent)
    if values.get("polarity", "0").strip("-") in ("0", "1"):
        values |= {"polarity": int(values["polarity"])} if "polarity" in values else {}
    if now or here is None:
        return {f"claims.{sent.name}.{key}": value for key, value in values.items()}
    taken = {*sight.scenario.claims, *here["claims"]}
    name = next(each for n in range(1, len(taken) + 2) if (each := f"{here['document']}_m{n:02d}") not in taken)
    row = {"document": here["document"], "date": here["row"]["published"], "says": f"“{values['quote']}”",
           **{key: each for key, each in values.items() if each != ""}, "reason": "made by hand"}  # fmt: skip
    return {**_accept(sight, here, set()), f"claims.{name}": row} | (
        {LINKS: {sent.moves: [name]}} if sent.moves else {}
    )


def _quoted(quote: str, here: Mapping[str, Any] | None, sent: Claimed | None = None) -> Changes:
    """A quotation with its place, where the article is at hand."""
    if here is None:
        return {"quote": quote}
    start, end = placed(here["text"], quote, *((sent.start, sent.end) if sent else ()))
    return {"quote": " ".join(here["text"][start:end].split()), "spans": [[start, end]]}


def _split(sight: Sight, sent: Claimed, here: Mapping[str, Any] | None) -> Changes:
    """A claim as two, one for each of two quotations: whatever cites it cites both, and they count once."""
    now, name = sight.scenario.claims[sent.name], sent.name
    new = next(each for n in range(2, 1000) if (each := f"{name}_{n}") not in sight.scenario.claims)
    group = {"group": now.group or name}
    other = {**written(now), **group, **_quoted(sent.second, here)}
    other["says"] = f"{now.speaker or 'The article'}: “{other['quote']}”"
    first = {f"claims.{name}.{key}": value for key, value in {**group, **_quoted(sent.words["quote"], here)}.items()}
    moves = {path: [new] for path, names in sight.as_written.learned.items() if name in names}
    return {f"claims.{new}": {key: each for key, each in other.items() if each not in (None, "")}, **first,
            **dict(_cited(sight.as_written, name, (name, new), "")), **({LINKS: moves} if moves else {})}  # fmt: skip


def _reject(sight: Sight, sent: Claimed, who: str) -> Changes:
    """A claim taken away; what cited it alone tells that it did, and by whom and why it was rejected."""
    name, claims = sent.name, sight.scenario.claims
    note = (
        f"Rested on claim {name} (“{claims[name].says[:120]}”), rejected by {who} on {date.today()}: {sent.why.strip()}"
    )
    about = {f"claims.{other}.about": "" for other, one in claims.items() if one.about == name}
    return {**dict(_cited(sight.as_written, name, (), note)), **about, f"claims.{name}": "none"}


def _cited(node: Any, name: str, by: tuple[str, ...], note: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every place that cites a claim, with what stands there once others are cited for it, or none and a note."""
    claims = getattr(node, "claims", None)
    if isinstance(claims, tuple) and name in claims:
        told = _sources({"claims": claims, "assumption": getattr(node, "assumption", "")}, name, by, note)
        if isinstance(node, Estimate):
            yield path, {"best": write_estimate(Estimate(node.best, node.low, node.high, unit=node.unit)), **told}
        else:
            yield from ((join(path, key), each) for key, each in told.items() if key in type(node).model_fields)
    if isinstance(node, Mapping) and not any(isinstance(each, Record | Estimate) for each in node.values()):
        if (plain := _plain(node, name, by, note)) != node:
            yield path, plain  # paths of an option or an event, to what stands there
        return
    for step, below in children(node):
        if path or step not in ("claims", "documents", LINKS):
            yield from _cited(below, name, by, note, join(path, step))


def _plain(node: Any, name: str, by: tuple[str, ...], note: str) -> Any:
    if not isinstance(node, Mapping):
        return node
    found = {key: _plain(each, name, by, note) for key, each in node.items()}
    return found | (_sources(node, name, by, note) if name in (node.get("claims") or ()) else {})


def _sources(node: Mapping[str, Any], name: str, by: tuple[str, ...], note: str) -> dict[str, Any]:
    claims = list(dict.fromkeys(new for each in node["claims"] for new in (by if each == name else (each,))))
    said = node.get("assumption", "")
    return {"claims": claims, "assumption": said if claims else f"{said} {note}".strip()}
