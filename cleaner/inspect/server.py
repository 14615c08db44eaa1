"""The report of one page as a page that answers: on this machine only, to whoever knows its secret address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Lock
from typing import Any, Literal

import msgspec

from ..errors import RuleError
from .report import served
from .session import Rule, Session

HOST = "127.0.0.1"
_MAX_BYTES = 100_000
"""Of a request."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Ask(msgspec.Struct):
    """What the page asks for."""

    block: int = -1
    file: str = ""
    action: Literal["drop", "keep"] = "drop"
    rule: Rule = {}


class Server(ThreadingHTTPServer):
    """``name``: what the page is called; ``port``: 0 takes a free one. ``address`` is where a browser finds it.

    Raises OSError where the port is taken.
    """

    daemon_threads = True

    def __init__(self, session: Session, name: str, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.session, self.name, self.token, self.lock = session, name, secrets.token_urlsafe(16), Lock()
        self.hosts = {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}
        self.address = f"http://{HOST}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer({"": self._report, "inspect.js": self._script})

    def do_POST(self) -> None:
        self._answer({"choices": self._choices, "effect": self._effect, "save": self._save})

    def _answer(self, places: dict[str, Callable[[], tuple[str, bytes]]]) -> None:
        """To another host name (a page elsewhere that had its own name lead here) or without the token there is nothing here."""
        _, token, *rest = [*self.path.split("/", 2), ""][:3]
        place = places.get(rest[0])
        known = self.headers.get("Host") in self.server.hosts and secrets.compare_digest(token.encode(), self.server.token.encode())
        if place is None or not known:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"not found\n")
        else:
            try:
                with self.server.lock:
                    kind, data = place()
            except (RuleError, OSError, IndexError, msgspec.MsgspecError) as error:
                self._send(HTTPStatus.BAD_REQUEST, "application/json", msgspec.json.encode({"error": str(error)}))
            else:
                self._send(HTTPStatus.OK, kind, data)

    def _send(self, status: HTTPStatus, kind: str, data: bytes) -> None:
        self.send_response(status)
        for header, value in {**_HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(data))}.items():
            self.send_header(header, value)
        if status != HTTPStatus.OK:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def _report(self) -> tuple[str, bytes]:
        session = self.server.session
        return "text/html", served(session.article, self.server.name, session.files(), session.saved).encode()

    def _script(self) -> tuple[str, bytes]:
        return "text/javascript", files(__package__).joinpath("inspect.js").read_bytes()

    def _choices(self) -> tuple[str, bytes]:
        return _json([asdict(choice) for choice in self.server.session.choices(self._asked().block)])

    def _effect(self) -> tuple[str, bytes]:
        asked = self._asked()
        return _json(asdict(self.server.session.effect(asked.file, asked.action, asked.rule)))

    def _save(self) -> tuple[str, bytes]:
        asked = self._asked()
        return _json({"path": str(self.server.session.save(asked.file, asked.action, asked.rule))})

    def _asked(self) -> _Ask:
        """The body of the request. A form of a page elsewhere cannot send this type, and its script is not let."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isdigit() or int(length) > _MAX_BYTES:
            self.close_connection = True
            raise msgspec.ValidationError(f"JSON of at most {_MAX_BYTES:,} bytes is expected")
        return msgspec.json.decode(self.rfile.read(int(length)), type=_Ask)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the address in a log would be the key."""


def _json(value: Any) -> tuple[str, bytes]:
    return "application/json", msgspec.json.encode(value)
