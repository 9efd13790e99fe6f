"""A phone: it knows an address, keeps its tokens, and speaks HTTP."""

import json
import time
from gzip import decompress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

from alphazed.demo.latencies import Latencies
from alphazed.demo.promises import DemoFailed
from tenants.registry.app import App

type Json = dict[str, Any]

ADDRESS = "127.0.0.1"
PATIENCE_S = 30
PROBLEM_JSON = "application/problem+json"


class NoServer(DemoFailed):
    def __init__(self, port: int) -> None:
        super().__init__(f"no server answers on {ADDRESS}:{port}; start it with: make run")


class UnexpectedAnswer(DemoFailed):
    """The server answered with another status than the story needs."""


class Reply(NamedTuple):
    """An answer; header names are lower-case, the body is as it was before compression."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire_bytes: int

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.body)

    @property
    def problem(self) -> Json:
        """The problem document (RFC 9457), empty where there is none."""
        found: Json = self.json if self.headers.get("content-type") == PROBLEM_JSON else {}
        return found


class Phone:
    """One app on one phone. Each call has a connection of its own: none can have gone stale in the meantime."""

    def __init__(self, app: App, port: int, latencies: Latencies) -> None:
        self.app = app
        self.port = port
        self.latencies = latencies
        self.access = ""
        self.refresh = ""

    def get(
        self, template: str, *, expect: int = HTTPStatus.OK, headers: dict[str, str] | None = None, **places: object
    ) -> Reply:
        """Get a path such as "/user/{user_id}/today" with its places filled in."""
        return self._call("GET", template, places, b"", expect, headers or {})

    def send(self, method: str, template: str, body: Json, *, expect: int = HTTPStatus.OK, **places: object) -> Reply:
        """Send a JSON body to a path.

        Raises:
            NoServer: Nobody listens at the address.
            UnexpectedAnswer: The answer has another status than expected.
        """
        headers = {"Content-Type": "application/json"}
        return self._call(method, template, places, json.dumps(body).encode(), expect, headers)

    def take_tokens(self, pair: Json) -> None:
        self.access, self.refresh = pair["access"], pair["refresh"]

    def _call(
        self, method: str, template: str, places: dict[str, object], body: bytes, expect: int, headers: dict[str, str]
    ) -> Reply:
        path = template.format(**places)
        started = time.perf_counter()
        reply = self._exchange(method, path, body, headers)
        endpoint = f"{method} {template.partition('?')[0]}"
        self.latencies.add(endpoint, 1000 * (time.perf_counter() - started))
        if reply.status != expect:
            raise UnexpectedAnswer(_describe(f"{self.app.name}: {method} {path}", reply, expect))
        return reply

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        connection = HTTPConnection(ADDRESS, self.port, timeout=PATIENCE_S)
        try:
            # The address is a number and the app is in the header: not every resolver knows *.localhost.
            connection.request(method, path, body or None, self._headers() | headers)
            answer = connection.getresponse()
            raw = answer.read()
        except ConnectionRefusedError:
            raise NoServer(self.port) from None
        except (OSError, HTTPException) as error:
            raise DemoFailed(f"{self.app.name}: {method} {path}: no answer ({error!r})") from error
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        whole = decompress(raw) if found.get("content-encoding") == "gzip" else raw
        return Reply(answer.status, found, whole, len(raw))

    def _headers(self) -> dict[str, str]:
        headers = {"Host": f"{self.app.hosts[0]}:{self.port}", "Accept-Encoding": "gzip"}
        return headers | ({"Authorization": f"Bearer {self.access}"} if self.access else {})


def _describe(call: str, reply: Reply, expected: int) -> str:
    code = reply.problem.get("code", "without a problem document")
    request_id = reply.headers.get("x-request-id", "none")
    return f"{call}: {reply.status} {code}, expected {expected} (request id {request_id})"
