"""Which address answers what? The workbench as an ASGI application, with its OpenAPI description.

Every screen is a page, and the same as `.json`; what changes something is sent by POST, from a script as JSON or from a
form, which works without a script.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from concurrent.futures import BrokenExecutor, Future
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from contingent._version import __version__
from contingent.errors import BusyError, Complaint, ContingentError, InputError, RunError, ScenarioError, error_record
from contingent.evidence.ingest import Settings
from contingent.workbench import issuing
from contingent.workbench.access import Guard, Person, RefusedError
from contingent.workbench.articles import take
from contingent.workbench.desk import Desk
from contingent.workbench.events import events as told_of
from contingent.workbench.page import asset, page
from contingent.workbench.registry import ConflictError
from contingent.workbench.screens import SCREENS, force, home
from contingent.workbench.screens import question as of_question
from contingent.workbench.screens.bottom_line import panel, preview_brief
from contingent.workbench.screens.evidence import asked_of
from contingent.workbench.sent import Act, Answers, Articles, Asked, Change, Claimed, Issue, Named, Question, Target

Draft = str


def application(desk: Desk) -> Guard:
    """The workbench of a desk, behind its guard."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(desk.jobs.revive)
        yield
        desk.close()

    app = FastAPI(title="Contingent workbench", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan)
    _errors(app)
    _reads(app, desk)
    _writes(app, desk)
    force.routes(app, desk, _person)
    return Guard(app, desk.access)


def _errors(app: FastAPI) -> None:
    """One shape of an error, as on the command line; a page for who asked for a page."""

    def told(request: Request, status: int, error: Exception) -> Response:
        record = {"error": error_record(error)}
        if isinstance(error, ConflictError):
            record["error"]["since"] = [entry.model_dump() for entry in error.since]
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(page("error", request.scope.get("person"), **record), status)
        return JSONResponse(record, status)

    @app.exception_handler(ContingentError)
    async def ours(request: Request, error: Exception) -> Response:
        status = {ConflictError: 409, RunError: 404, ScenarioError: 422}.get(type(error), 400)
        if isinstance(error, RefusedError):
            status = error.status
        return told(request, 404 if "there is no such" in str(error) else status, error)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found = [Complaint("", 0, ".".join(map(str, each["loc"][1:])), each["msg"]) for each in error.errors()]
        return told(request, 422, ScenarioError(found))

    @app.exception_handler(TimeoutError)
    @app.exception_handler(BrokenExecutor)
    async def not_yet(request: Request, error: Exception) -> Response:
        where = request.url.path
        return told(request, 503, BusyError(f"{where}: is still being reckoned; ask again in a moment"))

    @app.exception_handler(Exception)
    async def our_fault(request: Request, error: Exception) -> Response:
        what = f"{type(error).__name__}: this is our fault, not yours; what the server printed is what we need to know"
        return told(request, 500, RunError(what))

    @app.exception_handler(HTTPException)
    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return told(request, error.status_code, InputError(f"{request.url.path}: {error.detail}"))


def _person(request: Request, role: Any = "reader") -> Person:
    """Who asks.

    Raises:
        RefusedError: they may not do what asks for a role.
    """
    person: Person = request.scope["person"]
    if not person.may(role):
        raise RefusedError(403, f"{person.name} is a {person.role} here; this asks for a role of {role}")
    return person


def _reads(app: FastAPI, desk: Desk) -> None:
    """What is looked at and not changed."""

    def shown(name: str, tell: Callable[..., dict[str, Any]], address: str) -> None:
        def told(request: Request, draft: str = "") -> dict[str, Any]:
            asked = dict(request.query_params)
            return tell(desk, desk.drafts.sight(draft), asked) if draft else tell(desk, asked | request.path_params)

        def as_page(request: Request) -> HTMLResponse:
            values = told(request, request.path_params.get("draft", ""))
            return HTMLResponse(page(name, _person(request), **values))

        def as_json(request: Request) -> JSONResponse:
            return JSONResponse(_plain(told(request, request.path_params.get("draft", ""))))

        app.add_api_route(f"{address or '/index'}.json", as_json, methods=["GET"], summary=f"The screen `{name}`",
                          openapi_extra=_of_draft(address))  # fmt: skip
        app.add_api_route(address or "/", as_page, methods=["GET"], response_class=HTMLResponse,
                          include_in_schema=False)  # fmt: skip

    shown("home", home.home, "")
    shown("question", of_question.question, "/q/{question}")
    for name, tell in SCREENS.items():
        shown(name, tell, f"/d/{{draft}}/{name}")

    @app.get("/d/{draft}/panel.json", summary="What the draft's changes do, as a preview")
    def panel_of(draft: Draft, wait: Annotated[bool, Query()] = False) -> JSONResponse:  # noqa: FBT002
        return JSONResponse(_plain(panel(desk, desk.drafts.sight(draft), wait=wait)))

    @app.get("/d/{draft}/panel", include_in_schema=False)
    def panel_page(request: Request, draft: Draft, wait: Annotated[bool, Query()] = False) -> HTMLResponse:  # noqa: FBT002
        found = panel(desk, desk.drafts.sight(draft), wait=wait)
        return HTMLResponse(page("panel", _person(request), **found))

    @app.get("/d/{draft}/preview.html", response_class=Response, summary="The whole brief, by a preview's runs")
    def previewed(draft: Draft) -> Response:
        return issuing.answer(preview_brief(desk, desk.drafts.sight(draft)), f"{draft}-preview", "html")

    @app.get("/d/{draft}/export.zip", response_class=Response, summary="The draft as the folder of a case")
    def exported(draft: Draft) -> Response:
        name = {"content-disposition": f'attachment; filename="{draft}.zip"'}
        return Response(desk.drafts.export(draft), media_type="application/zip", headers=name)

    @app.get("/d/{draft}/runs/{run}/brief.{kind}", response_class=Response, summary="The brief of a finished run")
    def brief(draft: Draft, run: str, kind: str) -> Response:
        return issuing.brief(desk, desk.drafts.sight(draft), run, kind)

    @app.get("/d/{draft}/events", response_class=StreamingResponse, summary="Changes and progress, as they happen")
    async def events(request: Request, draft: Draft, times: Annotated[int, Query(ge=1)] = 10**9) -> StreamingResponse:
        desk.registry.draft(draft)
        return StreamingResponse(told_of(request, desk, draft, times), media_type="text/event-stream")

    @app.get("/audit.json", summary="Who did what")
    def audit() -> JSONResponse:
        return JSONResponse(desk.registry.audit())

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        content, kind = asset(name)
        return Response(content, media_type=kind, headers={"cache-control": "max-age=3600"})


def _of_draft(address: str) -> dict[str, Any] | None:
    named = {"name": address.rpartition("{")[2].partition("}")[0], "in": "path", "required": True}
    return {"parameters": [{**named, "schema": {"type": "string"}}]} if named["name"] else None


def _writes(app: FastAPI, desk: Desk) -> None:
    """What changes something; each is noted in the audit."""

    @app.post("/questions", summary="Begin a question of one's own")
    def asks(request: Request, sent: Question) -> dict[str, Any]:
        person, name = _person(request, "analyst"), of_question.begin(desk, sent)
        desk.registry.note(person.name, person.role, f"began question {name}")
        return {"question": name, "back": f"/q/{name}"}

    @app.post("/q/{question}", summary="Keep answers to a question, and go on with it")
    def answers(request: Request, question: str, sent: Answers) -> dict[str, Any]:
        person = _person(request, "analyst")
        draft = of_question.keep(desk, question, sent, person.name)
        desk.registry.note(person.name, person.role, f"answered question {question}", draft)
        return {"question": question, "draft": draft, "back": f"/d/{draft}/assumptions" if draft else f"/q/{question}"}

    @app.post("/drafts", summary="Begin a draft of a case")
    def begin(request: Request, sent: Named) -> dict[str, Any]:
        person = _person(request, "analyst")
        draft = desk.drafts.create(sent.case, person.name, sent.name)
        desk.registry.note(person.name, person.role, f"began a draft of {sent.case}", draft)
        return {"draft": draft, "back": f"/d/{draft}/assumptions"}

    @app.post("/d/{draft}/branch", summary="Begin a draft where this one stands")
    def branch(request: Request, draft: Draft, sent: Named) -> dict[str, Any]:
        person = _person(request, "analyst")
        made = desk.drafts.branch(draft, person.name, sent.name)
        desk.registry.note(person.name, person.role, f"branched it off {draft}", made)
        return {"draft": made, "back": f"/d/{made}/assumptions"}

    @app.post("/d/{draft}/changes", summary="Put other values at paths")
    def change(request: Request, draft: Draft, sent: Change) -> dict[str, Any]:
        person = _person(request, "analyst")
        begun: list[Future[Any]] = []
        folder = desk.drafts.folder(draft)
        early = (lambda will: begun.append(desk.previews.quick(folder, will))) if sent.preview else (lambda _: None)
        entry, asks = desk.drafts.change(draft, sent.wanted(), person.name, sent.why, sent.seen, early)
        desk.registry.note(person.name, person.role, f"changed {entry}", draft)
        found: dict[str, Any] = {"seq": entry.seq, "asks_why": asks, "told": str(entry)}
        if sent.preview:
            sight = desk.drafts.sight(draft)
            found["panel"] = page("panel", person, **panel(desk, sight, begun=begun[0] if begun else None))
        return found

    @app.post("/d/{draft}/articles", summary="Keep articles, and propose their claims")
    def articles(request: Request, draft: Draft, sent: Articles) -> dict[str, Any]:
        person, sight, each = _person(request, "analyst"), desk.drafts.sight(draft), sent.each()
        settings = Settings(published=sent.published, url=sent.url, marking=sent.marking)
        found = [take(desk.registry.folder / draft, sight, name, raw, settings) for name, raw in each]
        desk.registry.note(person.name, person.role, f"kept {', '.join(name for name, _ in each)}", draft)
        return {"articles": found, "back": f"/d/{draft}/evidence{f'?article={found[-1]}' if found else ''}"}

    @app.post("/d/{draft}/evidence/{act}", summary="Take in, edit, reject, add or split claims")
    def claimed(request: Request, draft: Draft, act: Act, sent: Claimed) -> dict[str, Any]:
        person, sight = _person(request, "analyst"), desk.drafts.sight(draft)
        wanted, why = asked_of(desk, sight, act, sent, person.name)
        entry, _ = desk.drafts.change(draft, wanted, person.name, sent.why or why, sent.seen)
        desk.registry.note(person.name, person.role, f"{act} {sent.name}".strip(), draft)
        return {"seq": entry.seq, "told": str(entry)}

    def step(kind: str, says: str) -> None:
        @app.post(f"/d/{{draft}}/{kind}", summary=says, name=kind)
        def done(request: Request, draft: Draft, sent: Target) -> dict[str, Any]:
            person = _person(request, "analyst")
            entry = desk.drafts.step(draft, kind, person.name, sent.seen, sent.target, sent.why)
            desk.registry.note(person.name, person.role, f"{kind} {sent.target or ''}".strip(), draft)
            return {"seq": entry.seq}

    for kind, says in (("undo", "Undo the last step"), ("redo", "Redo it"), ("drop", "Take one change back alone"),
                       ("why", "Give a change its reason")):  # fmt: skip
        step(kind, says)

    @app.post("/d/{draft}/runs", summary="Begin a full run of the draft as it stands")
    def run(request: Request, draft: Draft, sent: Asked) -> dict[str, Any]:
        person, sight = _person(request, "analyst"), desk.drafts.sight(draft)
        job = desk.jobs.start(draft, sight.seq, sight.scenario, sent.runs, sent.seed, person.name)
        desk.registry.note(person.name, person.role, f"began a run of {sent.runs:,}", draft)
        return {"job": job, "back": f"/d/{draft}/runs"}

    def of_job(kind: str, does: Callable[[str], None], says: str) -> None:
        @app.post(f"/jobs/{{job}}/{kind}", summary=says, name=kind)
        def done(request: Request, job: str) -> dict[str, Any]:
            person = _person(request, "analyst")
            does(job)
            desk.registry.note(person.name, person.role, f"{kind} job {job}")
            return {"job": job}

    of_job("cancel", desk.jobs.cancel, "End a run; its finished parts are kept")
    of_job("resume", desk.jobs.resume, "Go on with a run that ended early")

    @app.get("/jobs/{job}.json", summary="How far a run is")
    def job_of(job: str) -> dict[str, Any]:
        return desk.jobs.one(job)

    @app.post("/d/{draft}/issue", summary="Issue the brief of a run of the draft as it stands")
    def issue(request: Request, draft: Draft, sent: Issue) -> dict[str, Any]:
        person = _person(request, "approver")
        found = issuing.issue(desk, desk.drafts.sight(draft), sent.run, person.name, sent.why)
        desk.registry.note(person.name, person.role, f"issued the brief of run {sent.run}", draft)
        return found


def _plain(value: Any) -> Any:
    """What a screen tells, as JSON has it; what is only for the page is left out."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items() if not str(key).startswith("_")}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
