"""An editor of one app at one list of the dashboard, with an eye on the other app."""

from collections.abc import Container
from typing import Any

from django.contrib import admin
from django.db.models import Model

from tenants import current
from tests.editors import Editor
from tests.isolation.asking import Answer, Outcome, Request, ask, read_rows
from tests.isolation.judging import ANY, judge
from tests.isolation.pages import number_of, only_there
from tests.isolation.planting import seal
from tests.isolation.world import HERMIT, OWNER, World

#: Where Django keeps messages for the next page, and who did what.
SESSIONS, LOG = "django_session", "django_admin_log"


class Desk:
    """Sends what it is told to, and collects in `leaks` what of the other app came through."""

    def __init__(self, world: World, editor: Editor, model: type[Model]) -> None:
        self.editor, self.app, self.model = editor, editor.app.name, model
        self.page = admin.site._registry[model]
        self.address = f"/boss/{model._meta.app_label}/{model._meta.model_name}/"
        self.owner = world.families[self.app][OWNER]
        self.hermit = world.families[world.other(self.app)][HERMIT]
        self.other = self.hermit.app.name
        self.own, self.theirs = number_of(self.owner, model), only_there(self.hermit, model)
        self.before = read_rows()
        self.before[self.app].pop(SESSIONS)
        self.leaks: list[str] = []

    def request(self, method: str, path: str, **parts: Any) -> Request:
        return Request(method, path, self.editor.app.hosts[0], **parts)

    def look(self, attack: str, path: str, statuses: Container[int] = ANY, **query: Any) -> Answer:
        """Open a page, which shows nothing of the other app and writes nothing."""
        return self.judged(attack, self.request("GET", path, query=query), statuses).answer

    def submit(self, attack: str, path: str, form: Any, *, may_write: bool = False) -> Answer:
        """Send a form, which shows and changes nothing of the other app; in its own it may write if it is said so."""
        return self.judged(attack, self.request("POST", path, form=form), ANY, may_write=may_write).answer

    def judged(self, attack: str, request: Request, statuses: Container[int], *, may_write: bool = False) -> Outcome:
        outcome = ask(request, self.editor.client)
        unchanged = {self.other: self.before[self.other]} if may_write else self.before
        self.leaks += judge(
            attack, request, outcome, statuses=statuses, secrets=[seal(self.other)], unchanged=unchanged
        )
        return outcome

    def open(self, path: str) -> Any:
        """Return a page as the test client sees it, with its context."""
        return self.editor.client.get(path)

    def actions(self) -> list[str]:
        """Return the names of the list's actions, and of one that it may not have."""
        request = self.open(self.address).wsgi_request
        with current.use(self.app):
            return [*self.page.get_actions(request), "delete_selected"]
