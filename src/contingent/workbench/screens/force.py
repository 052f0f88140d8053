"""Who covers what in a phase, what is short and why; how are pledges changed, one by one or by a block of a sheet?"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from contingent.atomic import atomic_write
from contingent.errors import InputError, ScenarioError, did_you_mean
from contingent.force import Plan
from contingent.force.blockers import TITLES, named, reasons
from contingent.force.plan import plan_sheets
from contingent.grids import Grid, grids
from contingent.labels import PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Pledge
from contingent.scenario.workbook import SHEETS, workbook, written
from contingent.scenario.workbook_import import Reading, reading_of
from contingent.scenario.workbook_pages import heads, sheet_of
from contingent.study.planning import plan_all, problem
from contingent.study.worlds import in_world, usual, world_of, worlds
from contingent.workbench.desk import Desk
from contingent.workbench.draft import standing_at
from contingent.workbench.draft import written as plainly
from contingent.workbench.drafts import Sight
from contingent.workbench.page import awaited, frame
from contingent.workbench.previews import kept
from contingent.workbench.sent import Block, Pledged, Sent

NOBODY = 0.5  # persons: less is nobody
AS_IT_IS = world_of((), ())
SHEET = next(sheet for sheet in SHEETS if sheet.name == "Pledges")
COLUMNS = {field: next(each for each in SHEET.columns if each.field == field)
           for field in ("strength", "notice", "reliability", "cost", "caveats")}  # fmt: skip
KEYS = {column.field + (f"_{part}" if part in ("low", "high") else ""): (column, part)
        for column in COLUMNS.values() for part in column.parts}  # fmt: skip
"""What of a pledge the screen shows, in its order: a block without headings is taken for these, behind the name."""
NAME = re.compile(r"[0-9a-f]{16}\.(json|xlsx|csv)")
FORMULA = re.compile(r"\s*(?:[=@]|[+-](?![\d\s.,'\u2019%]*$)).")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_stopped: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
"""Of a process: what stands in the way of a force, by the problem."""


def planned(_: str, __: str, under: Scenario) -> Plan:
    """The plan of a scenario under an option in a world; one that was made before in this process is taken."""
    return plan_all({("", ""): under})["", ""]


def stopped(_: str, __: str, under: Scenario) -> dict[str, Any]:
    """What stands in the way of every minimum, and what would help: see `force.blockers.reasons`."""
    key = problem(under)
    return _stopped.get(key) or kept(_stopped, key, reasons(under, planned("", "", under)))


def force(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """The plan of an `option` in a `world` and a `phase`: requirements and pledges, and what stands in the way.

    Not `ready` yet: ask again with `wait=1`; with `why=1` as well, what stands in the way is waited for. `sheet` is one
    that was sent: what it would change stands in `sheet`.

    Raises:
        InputError: there is no such option, world, phase or sheet.
    """
    scenario, folder = sight.scenario, desk.drafts.folder(sight.id)
    under, chosen = _standing(scenario, asked)
    told = {
        **frame(sight), **chosen, "phases": {name: each.label for name, each in scenario.mandate.phases.items()},
        "options": {name: each.label for name, each in scenario.options.items()},
        "worlds": {name: _world(scenario, name) for name in worlds(scenario)}, "caveats": {
            name: each.label for name, each in scenario.caveats.items()},
        "sheet": _told(desk, sight, asked["sheet"]) if asked.get("sheet") else None,
        "heads": {key: column.heading(part) for key, (column, part) in KEYS.items()},
        "pledges": [_pledge(scenario, under, each) for each in scenario.pledges],
    }  # fmt: skip
    plan: Plan | None = awaited(desk.previews.ask(planned, folder, under), asked)
    if plan is None:
        return {**told, "ready": False, "rows": [], "serve": {}, "total": None, "why": None}
    rows = list(grid(under, plan, chosen["phase"]))
    serve = {p.id: sum(row["by"].get(p.id, 0.0) for row in rows) for p in under.pledges}
    total = {key: float(sum(row[key] for row in rows)) for key in ("minimum", "wanted", "sent", "short", "below")}
    total["coverage"] = 1 - total["short"] / total["wanted"] if total["wanted"] else 1.0
    found = awaited(desk.previews.ask(stopped, folder, under), asked if "why" in asked else {})
    return {
        **told, "ready": True, "rows": rows, "serve": {name: sent for name, sent in serve.items() if sent >= NOBODY},
        "total": total, "withheld": list(plan.withheld), "why": found and _why(under, found, chosen["phase"]),
    }  # fmt: skip


def _standing(scenario: Scenario, asked: Mapping[str, str]) -> tuple[Scenario, dict[str, str]]:
    """The scenario under the option and in the world that are asked for; and which these are, with the phase."""
    active = [name for name in scenario.options if name != scenario.baseline]
    usually = {"option": (active or [scenario.baseline])[-1], "world": usual(scenario),
               "phase": next(iter(scenario.mandate.phases))}  # fmt: skip
    brought = worlds(scenario)
    known = {"option": scenario.options, "world": brought, "phase": scenario.mandate.phases}
    chosen = {what: asked.get(what) or usually[what] for what in known}
    for what, name in chosen.items():
        if name not in known[what]:
            raise InputError(f"{name}: there is no such {what}; {did_you_mean(name, set(known[what]))}")
    return in_world(scenario.under(chosen["option"]), brought[chosen["world"]]), chosen


def _world(scenario: Scenario, name: str) -> str:
    """A world in words."""
    events = scenario.process.events
    came = {each: not (each.startswith("no_") and each not in events) for each in name.split()}
    told = [("" if yes else "not: ") + events[each if yes else each.removeprefix("no_")].label
            for each, yes in came.items() if name != AS_IT_IS]  # fmt: skip
    return "; ".join(told) or "as the case is"


def grid(under: Scenario, plan: Plan, phase: str) -> Iterator[dict[str, Any]]:
    """Every requirement of a phase: persons wanted, sent, short and below the minimum, and who sends them (`by`)."""
    mandate, sectors = under.mandate, under.theatre.sectors
    for item in (each for each in under.requirements if each.phase == phase):
        at = {PHASE: phase, SECTOR: item.sector, TASK: item.task}
        mine = [p.id for p in under.pledges if p.unit == item.unit]
        sent = plan.assigned.sel({**at, PLEDGE: mine}).to_numpy().tolist()
        short, below = (float(each.sel({**at, UNIT_TYPE: item.unit})) for each in (plan.shortfall, plan.critical))
        wanted = item.wanted.best
        yield {
            "requirement": item.id, "task": mandate.tasks[item.task].label, "sector": sectors[item.sector].label,
            "unit": under.unit_types[item.unit].label, "minimum": item.minimum.best, "wanted": wanted,
            "sent": sum(sent), "short": short, "below": below, "coverage": 1 - short / wanted if wanted else 1.0,
            "by": {name: persons for name, persons in zip(mine, sent, strict=True) if persons >= NOBODY},
        }  # fmt: skip


def _pledge(scenario: Scenario, under: Scenario, pledge: Pledge) -> dict[str, Any]:
    """One pledge of the draft, its numbers as a sheet has them; `altered` by the option that is looked at."""
    cells = {column.field: written(getattr(pledge, column.field), column) for column in COLUMNS.values()}
    return {
        "id": pledge.id, "who": scenario.contributors[pledge.contributor].label, "status": pledge.status,
        "unit": scenario.unit_types[pledge.unit].label, "caveats": list(pledge.caveats),
        "altered": standing_at(under, f"pledges.{pledge.id}") != pledge,
        "cells": {key: cells[column.field][column.parts.index(part)] for key, (column, part) in KEYS.items()},
    }  # fmt: skip


def _why(under: Scenario, found: Mapping[str, Any], phase: str) -> dict[str, Any]:
    """What stands in the way in a phase, by name, and the cheapest way out of each kind."""
    posts = {each.id: each for each in under.requirements}

    def called(name: str) -> str:
        post = posts[name]
        place = f"{under.mandate.tasks[post.task].label}, {under.theatre.sectors[post.sector].label}"
        return f"{under.unit_types[post.unit].label} for {place}, {under.mandate.phases[post.phase].label}"

    blocked = [
        {**each, "label": called(each["requirement"]), "instead": [(called(n), more) for n, more in each["instead"]]}
        for each in found["blocked"] if posts[each["requirement"]].phase == phase
    ]  # fmt: skip
    eased = {name: next((each for each in found[name] if round(each["critical"]) < 0), None) for name in TITLES}
    return {"blocked": blocked, "eased": [
        {"title": TITLES[name], "what": named(under, each["what"]), **each} for name, each in eased.items() if each
    ]}  # fmt: skip


def rows_of(sent: Pledged) -> list[list[str]]:
    """A pledge that was sent as a block with headings."""
    cells = {key: text for key, text in sent.cells.items() if key in KEYS}
    if sent.caveat is not None:
        cells["caveats"] = ", ".join(name for name, on in sent.caveat.items() if on)
    return [["id", *(KEYS[key][0].heading(KEYS[key][1]) for key in cells)], [sent.pledge, *cells.values()]]


def block_of(scenario: Scenario, sent: Block) -> tuple[str, list[list[str]]]:
    """The name of the sheet that a block is of, and its rows with headings.

    Raises:
        InputError: it is no block, or larger than what lies right of and below where it was pasted.
    """
    try:
        rows = list(csv.reader(io.StringIO(sent.text.strip("\r\n"), newline=""), delimiter="\t"))
    except csv.Error as error:
        raise InputError(f"what was pasted is no block of cells ({error}); copy it from the sheet again") from None
    pasted, wide = Grid("", rows), max(map(len, rows), default=0)
    if not sent.text.strip():
        raise InputError("nothing was pasted; copy cells of a sheet, and paste them")
    if found := sheet_of(pasted, set()):
        return found.name, rows
    if any(column.field == "{id}" for column, _ in heads(pasted, SHEET)[1].values()):
        return SHEET.name, rows
    heading, below = [column.heading(part) for column, part in KEYS.values()], [p.id for p in scenario.pledges]
    ours = sent.pledge in below and sent.column in KEYS  # else the names of the pledges stand in the block
    heading = heading[list(KEYS).index(sent.column) :] if ours else ["id", *heading]
    below = below[below.index(sent.pledge) :] if ours else [""] * len(rows)
    if len(rows) > len(below) or wide > len(heading):
        room = f"there is room for {len(below)} rows and {len(heading)} columns"
        raise InputError(f"the block has {len(rows)} rows and {wide} columns; {room}")
    told = ([name, *row] if ours else row for name, row in zip(below, rows, strict=False))
    return SHEET.name, [(["id"] if ours else []) + heading[:wide], *told]


def as_grid(name: str, rows: list[list[str]]) -> Grid:
    """Pasted rows as a sheet; what a sheet would take for a formula is marked as one, and refused as such."""
    marks = {(r, c): "holds a formula" for r, row in enumerate(rows) for c, text in enumerate(row)
             if FORMULA.match(text)}  # fmt: skip
    return Grid(name, rows, marks)


def keep(desk: Desk, sight: Sight, sent: Block) -> str:
    """Keeps a block or a file that was sent; its name."""
    if sent.files:
        content = sent.files[0].content
        ending = "xlsx" if content.startswith(b"PK") else "csv"
    else:
        content, ending = json.dumps(block_of(sight.scenario, sent)).encode(), "json"
    name = f"{sha256(content).hexdigest()[:16]}.{ending}"
    folder = desk.registry.folder / sight.id / "sheets"
    folder.mkdir(exist_ok=True)
    with atomic_write(folder / name) as scratch:
        scratch.write_bytes(content)
    return name


def read(desk: Desk, sight: Sight, name: str) -> Reading:
    """What a sheet that was sent says, beside the draft as it stands now.

    Raises:
        InputError: there is no such sheet, or it cannot be read.
        ScenarioError: with every cell that cannot be read.
    """
    file = desk.registry.folder / sight.id / "sheets" / name
    if not NAME.fullmatch(name) or not file.is_file():
        raise InputError(f"{name}: there is no such sheet; paste it, or send its file, again")
    try:
        if file.suffix == ".json":
            pasted = as_grid(*json.loads(file.read_text("utf-8")))
            return reading_of(sight.scenario, [pasted], "what was pasted", whole=False)
        return reading_of(sight.scenario, grids(file), "the sheet")
    except ScenarioError:
        raise
    except InputError as error:
        raise InputError(str(error).replace(str(file), "the sheet")) from None


def _told(desk: Desk, sight: Sight, name: str) -> dict[str, Any]:
    """What a sheet would change."""
    found = read(desk, sight, name)
    said = [{"path": ".".join(filter(None, (d.part, d.id, d.field))), "before": d.before, "after": d.after}
            for d in found.differences]  # fmt: skip
    return {"name": name, "notes": list(found.notes), "differences": said}


def wanted(found: Reading) -> dict[str, Any]:
    """What a sheet changes, as a draft's changes: a number rests on who sent it, and no longer on what it rested on."""
    now = {path: standing_at(found.scenario, path) for path in found.changes}
    return {path: "none" if new is None else plainly(now[path]) if isinstance(now[path], Estimate) else new
            for path, new in found.changes.items()}  # fmt: skip


def routes(app: FastAPI, desk: Desk, who: Callable[[Request, str], Any]) -> None:
    """How pledges are changed, and how the force goes out as a workbook; `who` tells who asks, and refuses them."""

    def changed(request: Request, draft: str, found: Reading, sent: Sent) -> dict[str, Any]:
        person = who(request, "analyst")
        entry, asks = desk.drafts.change(draft, wanted(found), person.name, sent.why, sent.seen)
        desk.registry.note(person.name, person.role, f"changed {entry}", draft)
        return {"seq": entry.seq, "asks_why": asks, "told": str(entry)}

    @app.get("/d/{draft}/force.xlsx", response_class=Response, summary="The force and its plan as a workbook")
    def exported(request: Request, draft: str) -> Response:
        sight = desk.drafts.sight(draft)
        under, _ = _standing(sight.scenario, request.query_params)
        plan = awaited(desk.previews.ask(planned, desk.drafts.folder(draft), under), {"wait": "1"})
        if plan is None:
            raise TimeoutError
        content = workbook(sight.scenario, plan_sheets(under, plan))
        name = {"content-disposition": f'attachment; filename="{draft}.xlsx"'}
        return Response(content, media_type=EXCEL, headers=name)

    @app.post("/d/{draft}/pledge", summary="Change numbers and caveats of one pledge")
    def pledge(request: Request, draft: str, sent: Pledged) -> dict[str, Any]:
        found = reading_of(desk.drafts.sight(draft).scenario, [as_grid(SHEET.name, rows_of(sent))], "", whole=False)
        return changed(request, draft, found, sent)

    @app.post("/d/{draft}/sheet", summary="Send a block of cells or a workbook; says what it would change")
    def sheet(request: Request, draft: str, sent: Block) -> dict[str, Any]:
        who(request, "analyst")
        sight = desk.drafts.sight(draft)
        name = keep(desk, sight, sent)
        return {**_told(desk, sight, name), "back": f"/d/{draft}/force?sheet={name}#sheet"}

    @app.post("/d/{draft}/sheet/{name}", summary="Make what a sheet changes, in one step")
    def taken(request: Request, draft: str, name: str, sent: Sent) -> dict[str, Any]:
        found = changed(request, draft, read(desk, desk.drafts.sight(draft), name), sent)
        return {**found, "back": f"/d/{draft}/force"}
