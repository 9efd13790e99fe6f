"""A phone as the API sees it."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tenants.registry.app import App


class Phone:
    """One app, one guardian, one learner, started anonymously."""

    def __init__(self, app: App, client: Client) -> None:
        self.app, self.client, self.access = app, client, ""
        start = self.post("/app/device", {"install_id": "phone", "platform": "android", "timezone": "Asia/Riyadh"})
        assert start.status_code == 201, start.content
        self.start: dict[str, Any] = start.json()
        self.access, self.guardian, self.learner = (self.start[name] for name in ("access", "guardian_id", "user_id"))

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=self._headers(headers))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(method, path, data, "application/json", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        headers = {"host": self.app.hosts[0]} | {name.replace("_", "-"): value for name, value in more.items()}
        return headers | ({"authorization": f"Bearer {self.access}"} if self.access else {})


def problem_of(response: HttpResponse) -> dict[str, Any]:
    """Return a problem document after checking that it is one."""
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert {"type", "title", "status", "code", "detail", "errors", "request_id"} <= set(document)
    assert document["status"] == response.status_code
    return document
