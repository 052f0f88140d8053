"""In what do two states of a draft, two runs or two options differ, by how much, and why?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contingent.errors import InputError, RunError, did_you_mean
from contingent.workbench.desk import Desk
from contingent.workbench.drafts import Sight
from contingent.workbench.screens.bottom_line import TITLES
from contingent.workbench.screens.frame import awaited, frame
from contingent.workbench.sides import SAYS, Side, carried, set_apart


def compare(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """What sets `b` apart from `a`: each one of `sides`, or, with `of` one of these, two of its options.

    Not `ready` yet: ask again with `wait=1`; with `why=1` as well, `why` is waited for.

    Raises:
        InputError: there is no such side or option.
    """
    known = sides(desk, sight)
    of = asked.get("of", "")
    options = {name: each.label for name, each in sight.scenario.options.items()}
    first, second = _chosen(asked, options if of else known)
    one, two = known[_known(of, known)] if of else known[first], known[of or second]
    more: tuple[Any, ...] = ((first, second),) if of else ()
    told = {**frame(sight), "sides": {name: each.label for name, each in known.items()}, "a": first, "b": second,
            "of": of, "options": options, "says": SAYS, "why": None, "rows": [], "changes": []}  # fmt: skip
    found = awaited(desk.previews.ask(set_apart, desk.drafts.folder(sight.id), one, two, *more), asked)
    if found is None:
        return {**told, "ready": False}
    names = {name: TITLES.get(name) or found["criteria"].get(name) or name.replace("_", " ").replace(".", ": ")
             for name in [*found["hardly"], *found["alike"], *(row["measure"] for row in found["rows"])]}  # fmt: skip
    why = [] if of or not found["changes"] else awaited(
        desk.slow.ask(carried, desk.drafts.folder(sight.id), one, two), asked if "why" in asked else {})  # fmt: skip
    return {**told, **found, "ready": True, "names": names, "why": why}


def _chosen(asked: Mapping[str, str], known: Mapping[str, Any]) -> list[str]:
    usual = list(known)[:2]
    return [_known(asked.get(side) or usual[at], known) for at, side in enumerate(("a", "b"))]


def _known(name: str, known: Mapping[str, Any]) -> str:
    if name not in known:
        raise InputError(f"{name}: there is no such side to compare; {did_you_mean(name, set(known))}")
    return name


def sides(desk: Desk, sight: Sight) -> dict[str, Side]:
    """All that can be compared: the case, the draft, others of the same case, and finished runs of the same question;
    the latest of each first.
    """
    folder = str(desk.drafts.folder(sight.id))
    found = {"case": Side("The case as written", folder), "draft": Side("This draft now", folder, sight.changes)}
    others = sorted(desk.registry.drafts().items(), key=lambda pair: pair[1]["when"], reverse=True)
    names = {name: told["name"] for name, told in others}
    for name, told in others:
        if told["case"] == sight.told["case"] and name != sight.id:
            other = desk.drafts.sight(name)
            found[f"draft:{name}"] = Side(f"Draft {told['name']}", str(desk.drafts.folder(name)), other.changes)
    whose = {job["run"]: f", {names[job['draft']]} after change {job['seq']}" for job in desk.jobs.all().values()
             if job.get("draft") in names}  # fmt: skip
    for each in desk.store.manifests():
        if not isinstance(each, RunError) and each.name == sight.scenario.name:
            label = f"Run {each.id}, {each.runs:,} runs{whose.get(each.id, '')}"
            found[f"run:{each.id}"] = Side(label, run=each.id, store=str(desk.store.folder))
    return found
