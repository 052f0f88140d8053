"""How does a draft's finished run become a brief, marked as a what-if until somebody issues it?"""

from __future__ import annotations

import re
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.responses import Response

from contingent.atomic import atomic_write
from contingent.brief import compose
from contingent.brief.document import FEWEST, Brief
from contingent.brief.document.blocks import Box, Bullets, Paragraph
from contingent.errors import ExtraError, InputError
from contingent.study.store import Store
from contingent.study.study import load
from contingent.workbench.desk import Desk
from contingent.workbench.draft import standing
from contingent.workbench.drafts import Sight
from contingent.workbench.previews import PATIENT, kept

KINDS = ("html", "pdf", "docx", "md")
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "md": "text/markdown; charset=utf-8",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip
WHAT_IF = "What-if, not issued"
OWN = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')


def brief(desk: Desk, sight: Sight, run: str, kind: str) -> Response:
    """The brief of a finished run of a draft, in one of `KINDS`.

    Raises:
        InputError: no such kind, or the run is none of the draft's.
    """
    if kind not in KINDS:
        raise InputError(f"brief.{kind}: there is no such form; known are {', '.join(KINDS)}")
    return answer(made(desk, sight, run), run, kind)


def answer(document: Brief, name: str, kind: str) -> Response:
    """A brief as it is sent, with a policy as strict as the workbench's."""
    content = document.render(kind)
    headers = {"content-disposition": f'inline; filename="brief-{name}.{kind}"'}
    if kind == "html" and (own := OWN.search(content.decode("utf-8"))):  # as strict, with the hashes of its own style
        headers["content-security-policy"] = own[1].replace("&#39;", "'") + "; frame-ancestors 'none'"
    return Response(content, media_type=TYPES[kind], headers=headers)


_briefs: OrderedDict[str, Brief] = OrderedDict()
"""Of the process that composes: the latest, by run."""


def composed(_: str, __: str, store: str, run: str) -> Brief:
    """The brief of a finished run of a store."""
    return _briefs.get(run) or kept(_briefs, run, compose(load(run, Store(Path(store)))))


def made(desk: Desk, sight: Sight, run: str, *, issued: bool = False) -> Brief:
    """The brief of a run of the draft: with the list of changes and their reasons, marked unless it is issued."""
    job = _job(desk, sight, run)
    found: Brief = desk.previews.ask(composed, desk.drafts.folder(sight.id), str(desk.store.folder), run).result(
        PATIENT
    )
    entries = desk.registry.entries(sight.id)
    issued = issued or any(entry.kind == "issue" and entry.run == run for entry in entries)
    changes = standing([entry for entry in entries if entry.seq <= job["seq"]]).changes
    if changes:
        told = tuple(
            (f"{entry}. {entry.why or 'No reason given.'} ({entry.who}, {entry.when[:10]})",) for entry in changes
        )
        box = Box("change", f"What was changed of the case, by whom and why ({len(told)})", (Bullets(told),))
        first, *rest = found.sections
        found = replace(found, sections=(replace(first, blocks=(*first.blocks, box)), *rest))
    if changes and not issued:
        warning = Box("warning", WHAT_IF, (Paragraph(("The numbers of the case were changed in a draft.",)),))
        first, *rest = found.sections
        marking = " \u00b7 ".join(filter(None, (found.marking, WHAT_IF)))
        found = replace(found, marking=marking, sections=(replace(first, blocks=(warning, *first.blocks)), *rest))
    return found


def _job(desk: Desk, sight: Sight, run: str) -> dict[str, Any]:
    for told in desk.jobs.all(sight.id).values():
        if told.get("run") == run and told["state"] == "finished":
            return told
    raise InputError(f"{run}: there is no such finished run of this draft; `Runs` lists those there are")


def issue(desk: Desk, sight: Sight, run: str, who: str, why: str) -> dict[str, Any]:
    """Issues the brief of a run, in HTML and PDF, numbered; what was issued before stays.

    Raises:
        InputError: the run is of an earlier state of the draft, or of too few runs for a brief.
        ConflictError: somebody changed the draft meanwhile.
    """
    job = _job(desk, sight, run)
    after = [e for e in desk.registry.entries(sight.id) if e.seq > job["seq"] and e.kind not in ("issue", "why")]
    if after:
        raise InputError(f"run {run}: the draft was changed since ({after[-1]}); run it as it stands, then issue that")
    if job["runs"] < FEWEST:
        raise InputError(f"run {run}: has {job['runs']} runs; a brief needs {FEWEST}, 2,000 are usual")
    document, contents = made(desk, sight, run, issued=True), dict[str, bytes]()
    for kind in ("html", "pdf"):
        with suppress(ExtraError):  # where nothing writes PDF, the page alone is issued, and said to be
            contents[kind] = document.render(kind)
    entry = desk.registry.append(sight.id, sight.seq, kind="issue", who=who, run=run, why=why)
    folder = desk.registry.folder / sight.id / "issued"
    folder.mkdir(exist_ok=True)
    for kind, content in contents.items():
        with atomic_write(folder / f"{entry.seq:04}-{run}.{kind}") as scratch:
            scratch.write_bytes(content)
    return {"seq": entry.seq, "run": run, "files": [f"{entry.seq:04}-{run}.{kind}" for kind in contents],
            "back": f"/d/{sight.id}/runs"}  # fmt: skip
