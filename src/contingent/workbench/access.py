"""Who may do what at the workbench, and from where?

Loopback and a link that works once; or, shared, a name from the header of an identity proxy. Every answer carries a
strict Content-Security-Policy. Host, origin and token are checked before anything is done.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contingent.errors import InputError

Role = Literal["reader", "analyst", "approver"]
ROLES: tuple[Role, ...] = ("reader", "analyst", "approver")
LARGEST = 20_000_000  # bytes of a request: a text of this field has a hundredth
FIELDS = 5_000  # of a form: a question has some hundred
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
COOKIE = "contingent"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()", "cache-control": "no-store",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the workbench; `token` goes with everything they send."""

    name: str
    role: Role
    token: str = ""

    def may(self, role: Role) -> bool:
        """Whether they may do what asks for a role."""
        return ROLES.index(self.role) >= ROLES.index(role)


class RefusedError(InputError):
    """What was asked is not allowed; `status` is the answer's."""

    exit_code = 4

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


@dataclass
class Access:
    """Who is let in: whoever follows the one-time link, or, with `header`, whom a proxy names there.

    `people` gives their roles by name, `*` anybody else's; without one they are readers.
    """

    secret: bytes
    hosts: frozenset[str]
    owner: str = "analyst"
    header: str = ""
    people: Mapping[str, Role] = field(default_factory=dict)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """The token of the link; empty once it was followed."""

    def signed(self, name: str) -> str:
        """A name with the proof that this server wrote it."""
        return f"{name}:{hmac.new(self.secret, name.encode(), sha256).hexdigest()}"

    def person(self, headers: Headers) -> Person | None:
        """Who asks; None if nobody we know."""
        if self.header:
            name = headers.get(self.header, "").strip()
            role = self.people.get(name) or self.people.get("*", "reader")
            return self._known(name, role) if name else None
        given = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        name, _, _ = given.rpartition(":")
        return self._known(name, "approver") if name and hmac.compare_digest(given, self.signed(name)) else None

    def _known(self, name: str, role: Role) -> Person:
        return Person(name, role, hmac.new(self.secret, f"token {name}".encode(), sha256).hexdigest())

    def follow(self, token: str) -> str:
        """The cookie of whoever follows the one-time link.

        Raises:
            RefusedError: the link was followed before, or is another server's.
        """
        if not (self.once and hmac.compare_digest(token, self.once)):
            raise RefusedError(403, "this link was used, or is an older server's; `contingent serve` prints a new one")
        self.once = ""
        return f"{COOKIE}={self.signed(self.owner)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000"


def secret_of(folder: Path) -> bytes:
    """The secret by which a workbench knows its cookies; made in its folder at the first call, for the owner alone."""
    file = folder / ".secret"
    with suppress(FileNotFoundError):
        return file.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes(32)
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(made)
    return file.read_bytes()


class Guard:
    """Stands before the application: refuses foreign hosts and origins, strangers, forged and oversized requests."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._guarded(scope, receive, send)
        except RefusedError as error:
            await _answer(send, error.status, error)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, method = Headers(scope=scope), scope["method"]
        host, back = headers.get("host", ""), ""
        if _name(host) not in self.access.hosts:
            raise RefusedError(
                421, f"{host or 'no host'}: is not how this workbench is called; --host NAME allows a name"
            )
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said) > LARGEST:
            raise RefusedError(413, f"more than {LARGEST // 1_000_000} MB are sent; send a smaller file")
        if scope["path"] == "/enter":
            token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            cookie = self.access.follow(token)
            await _redirect(send, "/", cookie)
            return
        person = self.access.person(headers)
        if person is None and not scope["path"].startswith("/static/"):
            raise RefusedError(401, "follow the link that `contingent serve` printed: it lets this browser in once")
        if method not in ("GET", "HEAD"):
            origin = headers.get("origin")
            if origin and urlsplit(origin).netloc != host:
                raise RefusedError(403, f"{origin}: another page may not send anything here")
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                raise RefusedError(403, "another page may not send anything here")
            assert person is not None
            if method not in ("POST", "PUT", "DELETE", "PATCH"):
                raise RefusedError(405, f"{method}: is not answered here")
            receive, back = await self._with_token(scope, receive, person)
            if back:
                scope["headers"] = [
                    pair for pair in scope["headers"] if pair[0] not in (b"content-type", b"content-length")
                ]
                scope["headers"].append((b"content-type", b"application/json"))
        scope["person"] = person
        held: list[Message] = []

        async def safe(message: Message) -> None:
            if back and (held or (message["type"] == "http.response.start" and message["status"] == 200)):
                held.append(message)  # a form leads on to a page
                if not message.get("more_body", False) and message["type"] == "http.response.body":
                    await _redirect(send, _onward(held, back))
                return
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                message["headers"] += [(name.encode(), value.encode()) for name, value in HEADERS.items()
                                       if name.encode() not in said]  # fmt: skip
            await send(message)

        await self.app(scope, receive, safe)

    async def _with_token(self, scope: Scope, receive: Receive, person: Person) -> tuple[Receive, str]:
        """What receives the body, once a token in a header or in a form field was found right; and where a form leads.

        A form is handed on as JSON, so that there is one way in.
        """
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False) and message["type"] == "http.request"
            if len(body) > LARGEST:
                raise RefusedError(413, f"more than {LARGEST // 1_000_000} MB are sent; send a smaller file")
        headers = Headers(scope=scope)
        given, back = headers.get("x-contingent-token", ""), ""
        if headers.get("content-type", "").startswith(FORMS):
            form = await _form(scope, _again(bytes(body), receive))
            given, back = str(form.pop("token", "")), str(form.pop("back", "")) or "/"
            body = bytearray(json.dumps(form).encode())
        if not hmac.compare_digest(given.encode(), person.token.encode()):
            raise RefusedError(
                403, "the token of the page is missing or old; load the page again, then send it once more"
            )
        return _again(bytes(body), receive), back


def _again(body: bytes, receive: Receive) -> Receive:
    """What tells a body that was received already, and then goes on."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _form(scope: Scope, receive: Receive) -> dict[str, Any]:
    """The fields of a form; those called `group:name` are one mapping, a file is its name and content in base 64."""
    found: dict[str, Any] = {}
    try:
        async with Request(scope, receive).form(max_fields=FIELDS, max_part_size=LARGEST) as form:
            for name, value in form.multi_items():
                group, colon, rest = name.partition(":")
                if isinstance(value, str):
                    (found.setdefault(group, {}) if colon else found)[rest or name] = value
                elif value.filename:
                    content = b64encode(await value.read()).decode()
                    found.setdefault(name, []).append({"name": value.filename, "content": content})
    except (MultiPartException, TypeError, AttributeError):  # or one name is of two kinds
        raise RefusedError(400, "the form cannot be read; load the page again, then send it once more") from None
    return found


def _name(host: str) -> str:
    """A host without its port."""
    with suppress(ValueError):
        return (urlsplit(f"//{host}").hostname or "").lower()
    return ""


async def _answer(send: Send, status: int, error: InputError) -> None:
    content = json.dumps({"error": {"kind": "RefusedError", "message": str(error)}}).encode()
    await _send(send, status, {"content-type": "application/json"}, content)


def _onward(held: list[Message], back: str) -> str:
    """Where a form leads: what the answer says, else back to its page; never to another host."""
    with suppress(ValueError):
        told = json.loads(b"".join(message.get("body", b"") for message in held))
        back = told.get("back", back) if isinstance(told, dict) else back
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


async def _redirect(send: Send, to: str, cookie: str = "") -> None:
    headers = {"location": quote(to, safe="/?&=#%:.*")}
    await _send(send, 303, headers | ({"set-cookie": cookie} if cookie else {}), b"")


async def _send(send: Send, status: int, more: Mapping[str, str], content: bytes) -> None:
    headers = [(name.encode(), value.encode()) for name, value in {**HEADERS, **more}.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
