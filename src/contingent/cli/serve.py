"""`contingent serve`: the workbench, as a page on this machine."""

from __future__ import annotations

import gc
import getpass
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.load import known
from contingent.cli.output import Flags, Place
from contingent.errors import ExtraError, InputError

if TYPE_CHECKING:
    from contingent.workbench.access import Access

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    case: str = "",
    /,
    *,
    port: int = 0,
    open_: Annotated[bool, Parameter(name="--open")] = True,
    database: str = "",
    host: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    bind: str = "127.0.0.1",
    user_header: str = "",
    roles: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    workers: int = 2,
    get: str = "",
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Open the workbench on this machine: change a CASE's assumptions, see what that does, run it, issue the brief.

    It prints a link that lets one browser in, once. Drafts, and what was done to them, are kept beside the runs.

    Args:
        case: a shipped name or a folder, of which a draft is begun if there is none.
        port: where it listens; a free one if not given.
        open_: open the link in a browser.
        database: address of a PostgreSQL database for a shared workbench, such as postgresql+psycopg://HOST/NAME; a
            SQLite file beside the runs if not given.
        host: a name under which the workbench may be called, beside localhost.
        bind: the address it listens at; another than this machine's own asks for --user-header.
        user_header: the header in which an identity proxy in front of it names who asks; nobody else is let in.
        roles: NAME=reader, analyst or approver; *=ROLE for anybody else, who is a reader if nothing is said.
        workers: processes of a full run.
        get: print the answer to this address, such as /index.json, and end: nothing is served.
        flags: how to report.
        place: where runs and drafts are kept.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for small matrices, more threads only wait for each other
    try:
        import uvicorn

        from contingent.workbench.access import Access, secret_of
        from contingent.workbench.app import application
        from contingent.workbench.desk import FOLDER, Desk
    except ImportError:
        raise ExtraError("the workbench needs the extra `serve`: pip install 'contingent[serve]'") from None
    if bind not in HERE and not user_header:
        raise InputError(
            f"--bind {bind}: others could come in; name the header of the proxy that knows them: --user-header"
        )
    out = place.out or Path("runs")
    people: Any = dict(_roles(each) for each in roles)
    access = Access(secret_of(out / FOLDER), HERE | {name.lower() for name in host}, _owner(), user_header, people)
    desk = Desk.at(out, access, database, workers)
    if case and not any(told["case"] == _where(case) for told in desk.registry.drafts().values()):
        desk.drafts.create(case, access.owner)
    app = application(desk)
    if get:
        return _answer(app, get, access, flags)
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((bind, port))
            listener.listen(128)  # who follows the link at once waits until the server is up
        except (OSError, OverflowError) as error:
            raise InputError(f"--port {port}: {error}; leave it out for a free one") from None
        link = f"http://{bind if ':' not in bind else f'[{bind}]'}:{listener.getsockname()[1]}"
        link += "" if user_header else f"/enter?token={access.once}"
        flags.answer({"link": link}, f"the workbench is at\n{link}", beside="it lets one browser in; Ctrl-C ends it")
        if open_ and not user_header and not flags.json:
            import webbrowser

            webbrowser.open(link)
        gc.freeze()  # what was loaded is not looked through again while somebody waits
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        uvicorn.Server(config).run([listener])
    return 0


def _where(case: str) -> str:
    from contingent.scenario.read import locate
    from contingent.workbench.drafts import case_of

    return case_of(locate(case))


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "analyst"


def _roles(said: str) -> tuple[str, str]:
    from contingent.workbench.access import ROLES

    name, _, role = said.partition("=")
    known("roles", role, ROLES, "role")
    return name, role


def _answer(app: Any, path: str, access: Access, flags: Flags) -> int:
    """What the workbench answers to one address, without a port; 1 where it refuses."""
    import asyncio

    address, _, asked = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": address, "raw_path": address.encode(), "query_string": asked.encode(), "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json"),
                    (b"cookie", f"contingent={access.signed(access.owner)}".encode())],
        "client": ("127.0.0.1", 0), "server": ("localhost", 0), "state": {},
    }  # fmt: skip
    if access.header:
        scope["headers"].append((access.header.lower().encode(), access.owner.encode()))
    found: list[Any] = []

    async def send(message: Any) -> None:
        found.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"} if found else {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(app(scope, receive, send))
    text = b"".join(message.get("body", b"") for message in found).decode("utf-8", "replace")
    flags.answer(json.loads(text) if flags.json else text, text)
    return 0 if found[0]["status"] < 400 else 1
