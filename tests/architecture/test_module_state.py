"""Nothing that outlives a request holds an app's rows or ids: looked for in the code, and in the running process."""

import gc
import sys
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from accounts import queries
from accounts.api import views
from accounts.models import User
from bossadmin.navigation import list_url
from content.models import Release
from tenants import current
from tests.architecture.module_state import scan
from tests.editors import Editor, add_rows
from tests.phones import Phone

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = CONFIGURATION["tool"]["importlinter"]["root_packages"]

#: What the rooms keep from one request to the next, and why no app's rows or ids are in it.
KEPT: Mapping[str, str] = {
    "alphazed.celery changes os.environ": "which settings to read; the same for all apps",
    "alphazed.wsgi changes os.environ": "which settings to read; the same for all apps",
    "bossadmin.apps.BossAdminConfig.ready sets admin.site": "pages by model; they hold no rows",
    "bossadmin.apps.BossAdminConfig.ready sets sites.site": "as above",
    "content.arabic_search remembers normalise()": "a text folded is the same text in every app",
    "content.curricula.quran_source remembers is_pause_mark()": "a word of the Quran tells it by itself",
    "content.kinds remembers _validator()": "schemas are code",
    "jobs.management.commands.jobs_worker.Command._stop_between_jobs.stop sets self._stopping": "yes or no",
    "learning.services.sessions remembers read_index()": "keyed by the hash of all that is in it, ids included",
    "tenants.admin keeps ContextVar('request_of_a_page', default=None)": "a weak reference: it ends with the request",
    "tenants.backends.caches.install sets ContentTypeManager._cache": "a dictionary for each app",
    "tenants.backends.caches.install changes sites.SITE_CACHE": "the current app's part of it",
    "tenants.backends.caches.install sets sites.SITE_CACHE": "a dictionary for each app",
    "tenants.backends.caches.install sets sites.SiteManager.clear_cache": "a function of our own",
    "tenants.backends.instances.install sets Query.check_query_object_type": "a function of our own",
    "tenants.backends.instances.install sets base.ModelState": "a class of our own",
    "tenants.backends.instances.install sets model._prepare_related_fields_for_save": "a function of our own",
    "tenants.backends.instances.install sets model.prepare_database_save": "a function of our own",
    "tenants.backends.marking._mark_cache_tables sets BaseDatabaseCache.__init__": "a function of our own",
    "tenants.backends.marking.install sets Options.__setattr__": "a function of our own",
    "tenants.current keeps ContextVar('entered_apps', default=())": "it is what says which app is served",
    "tenants.current.pin rebinds _pinned": "the app of a process that has but one",
    "tenants.management.commands.showmigrations sets showmigrations.MigrationLoader": "a class of our own",
    "tenants.management.progress.showing_progress.show changes bars": "bars of one command's run",
    "tenants.management.progress.showing_progress.show changes steps": "bars of one command's run",
    "tenants.migrating.command sets migrate.MigrationExecutor": "a class of our own",
    "tenants.migrating.locks keeps ContextVar('held_app', default='')": "a name of an app, not what is in it",
    "tenants.ownership keeps ContextVar('is_owner', default=False)": "yes or no",
    "tenants.ownership.as_owner changes connections": "connections hold no state of an app",
    "tenants.registry.catalogue remembers _apps_by_host()": "the registry itself",
    "tenants.registry.catalogue remembers list_apps()": "the registry itself",
    "tenants.retirement.dismantling.remove_rest changes cache": "empties the current app's part of it",
    "thin.origin keeps ContextVar('request_id', default='')": "a name made up for one request",
}


def read_rooms() -> dict[str, str]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text("utf-8") for path in paths}


def test_whatever_outlives_a_request_is_accounted_for() -> None:
    sources = read_rooms()
    assert {name.partition(".")[0] for name in sources} == set(ROOMS)

    assert scan(sources) - KEPT.keys() == set(), "say in KEPT why this holds no row and no id of an app, or undo it"


def test_what_is_accounted_for_is_still_there() -> None:
    assert KEPT.keys() - scan(read_rooms()) == set(), "take this out of KEPT"


MODEL = "from django.db import models\nclass User(models.Model): ...\n"


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("from functools import cache\n@cache\ndef f(): ...", "m remembers f()"),
        ("import functools\n@functools.lru_cache(maxsize=9)\ndef f(): ...", "m remembers f()"),
        ("from functools import cache as keep\ndef f(g): return keep(g)", "m.f remembers keep(g)"),
        ("from functools import cached_property\nclass A:\n @cached_property\n def x(self): ...", "m.A remembers x()"),
        ("X = {}\ndef f(a): X[a] = 1", "m.f changes X"),
        ("X = {}\ndef f(a): del X[a]", "m.f changes X"),
        ("X = [i for i in y]\ndef f(a): X.append(a)", "m.f changes X"),
        ("X = {}\ndef f(a):\n mine = X\n mine.setdefault(a, 1)", "m.f changes mine"),
        ("X = {'a': set()}\ndef f(a): X['a'].add(a)", "m.f changes X['a']"),
        ("X = None\ndef f(a):\n global X\n X = a", "m.f rebinds X"),
        ("def f():\n x = 1\n def g():\n  nonlocal x\n  x = 2", "m.f.g rebinds x"),
        ("def f():\n seen = {}\n def g(a): seen[a] = 1\n return g", "m.f.g changes seen"),
        ("class A:\n X = []\n def f(self, a): self.X.append(a)", "m.A.f changes self.X"),
        ("class A:\n @classmethod\n def f(cls, a): cls.x = a", "m.A.f sets cls.x"),
        ("class A:\n def f(self, a): type(self).x = a", "m.A.f sets type(self).x"),
        ("class A:\n def f(self, a): self.__class__.x = a", "m.A.f sets self.__class__.x"),
        ("class A: ...\ndef f(a): A.x = a", "m.f sets A.x"),
        ("import other\ndef f(a): other.x = a", "m.f sets other.x"),
        ("import sys\ndef f(a):\n other = sys.modules['o']\n other.x = a", "m.f sets other.x"),
        ("import other\ndef f(a): setattr(other, 'x', a)", "m.f sets setattr(other, 'x', a)"),
        ("import other\nother.x = 1", "m sets other.x"),
        ("class A:\n def f(self, a): self.x = a\nA()", "m.A.f sets self.x"),
        ("class UserAdmin:\n def f(self, request): self.request = request", "m.UserAdmin.f sets self.request"),
        ("from contextvars import ContextVar\nx = ContextVar('x')", "m keeps ContextVar('x')"),
        ("import threading\nclass A:\n x = threading.local()", "m.A keeps threading.local()"),
        (MODEL + "class View:\n queryset = User.objects.all()", "m.View queries User.objects at import"),
        (MODEL + "def f(rows=User.objects.all()): ...", "m.f queries User.objects at import"),
        (MODEL + "NOBODY = User(name='nobody')", "m keeps User(name='nobody')"),
        ("from tenants import current\nAPP = current.get()", "m keeps current.get()"),
    ],
)
def test_the_scanner_finds(source: str, finding: str) -> None:
    assert scan({"m": source}) == {finding}


@pytest.mark.parametrize(
    "source",
    [
        "X = {'a': 1}\ndef f(): return X['a']",
        "X = {}\nX['a'] = 1\nX.update(b=2)",
        "X = {}\ndef f(X): X['a'] = 1",
        "def f():\n x = []\n x.append(1)\n return x",
        "class A:\n X = {}\n def __init__(self): self.X = {}\n def f(self): self.X['a'] = 1",
        "class UserAdmin:\n def __init__(self): self.x = 1",
        "from django.core.cache import cache\ndef f(): return cache.get('a')",
        MODEL + "def f(): return User.objects.update(name='a'), User(name='b')",
        MODEL + "f = lambda: User.objects.all()",
        "from tenants import current\ndef f(): return current.get()",
    ],
)
def test_the_scanner_passes_over(source: str) -> None:
    assert scan({"m": source}) == set()


def test_the_scanner_sees_an_object_that_another_module_makes() -> None:
    sources = {"m": "class A:\n def f(self, a): self.x = a", "n": "from m import A\nTHE_ONE = A()"}

    assert scan(sources) == {"m.A.f sets self.x"}


type House = tuple[Phone, Editor]


@pytest.fixture
def houses(
    phone: Phone, thurayyas_phone: Phone, released: Release, released_in_thurayya: Release
) -> list[tuple[Phone, Editor]]:
    """Both apps with a phone, an editor and a row of every model."""
    for each in (phone, thurayyas_phone):
        with current.use(each.app):
            add_rows(1)
    return [(each, Editor(each.app)) for each in (phone, thurayyas_phone)]


def use_api(phone: Phone) -> None:
    """Do what a phone does in a lesson."""
    now = datetime.now(UTC).isoformat()
    lesson = phone.post("/content_duo/generate", {"user_id": phone.learner}).json()
    answer = {"outcome": "exposed", "answered_at": now, "utc_offset_min": 180}
    answers = [answer | {"client_id": str(item["byte_id"]), "byte_id": item["byte_id"]} for item in lesson["items"]]
    assert phone.post(f"/user/{phone.learner}/answers", {"sent_at": now, "answers": answers}).status_code == 200
    for path in ("app/config", "app/content/manifest", "app/attribution", "user/learners"):
        assert phone.get(f"/{path}").status_code == 200
    for path in ("progress", "today"):
        assert phone.get(f"/user/{phone.learner}/{path}").status_code == 200


def use_dashboard(editor: Editor) -> None:
    """Open the first page, and of each model the list and one row."""
    editor.read("/boss/")
    for model in admin.site._registry:
        with current.use(editor.app):
            key = model._default_manager.values_list("pk", flat=True)[0]
        editor.read(list_url(model._meta.label))
        editor.read(f"{list_url(model._meta.label)}{key}/change/")


def list_rows() -> list[Any]:
    """Return all rows and evaluated querysets in memory, but for the content types that each app keeps for itself."""
    gc.collect()
    manager: Any = ContentType.objects
    kept = set[int]()
    for name in ("amal", "thurayya"):
        with current.use(name):
            kept |= {id(row) for by_key in manager._cache.values() for row in by_key.values()}
    # By `type`: asking a lazy object for its class would make it load its row.
    return [
        each
        for each in gc.get_objects()
        if (issubclass(type(each), Model) and id(each) not in kept)
        or (issubclass(type(each), QuerySet) and each._result_cache is not None)
    ]


def find_holder(row: object) -> str:
    """Return the way from an object to the module or class that holds on to it; "" where only running code does."""
    modules = {id(vars(module)): name for name, module in sys.modules.items()}
    reached, ways, begun = [row], [type(row).__name__], 0
    seen = {id(row), id(reached)}
    while begun < len(reached):
        # A level at a time: each call looks at everything there is.
        level = {id(each): number for number, each in enumerate(reached) if number >= begun}
        begun = len(reached)
        for holder in gc.get_referrers(*reached[-len(level) :]):
            number = next((level[id(each)] for each in gc.get_referents(holder) if id(each) in level), None)
            if number is None or id(holder) in seen or isinstance(holder, FrameType):
                continue
            if id(holder) in modules:
                name = next(name for name, value in holder.items() if value is reached[number])
                return f"{ways[number]} in {modules[id(holder)]}.{name}"
            if isinstance(holder, type):
                return f"{ways[number]} in {holder.__module__}.{holder.__qualname__}"
            seen.add(id(holder))
            reached.append(holder)
            ways.append(f"{ways[number]} in {type(holder).__name__}")
    return ""


def find_kept(before: list[Any]) -> set[str]:
    """Return the ways to rows that were not there before and are still in somebody's hands."""
    known = {id(row) for row in before}
    return {find_holder(row) for row in list_rows() if id(row) not in known} - {""}


def test_no_row_is_kept_after_requests_to_both_apps(houses: list[tuple[Phone, Editor]]) -> None:
    before = list_rows()

    for phone, editor in houses:
        use_api(phone)
        use_dashboard(editor)

    assert find_kept(before) == set()


#: Where a view might put the guardian who asks.
PLACES: dict[str, Callable[[Any, User], object]] = {
    "planted.recent": lambda planted, guardian: planted.recent.append(guardian),
    "planted.View": lambda planted, guardian: setattr(planted.View, "last", guardian),
    "planted.remember": lambda planted, guardian: planted.remember(guardian),
    "planted.everybody": lambda planted, _: len(planted.everybody),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_row_that_a_view_keeps_is_found(phone: Phone, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    planted: Any = ModuleType("planted")
    planted.recent, planted.everybody, planted.remember = [], User.objects.all(), cache(str)
    planted.View = type("View", (), {"__module__": "planted"})
    monkeypatch.setitem(sys.modules, "planted", planted)

    def list_learners(guardian: User) -> Any:
        PLACES[place](planted, guardian)
        return queries.list_learners(guardian)

    monkeypatch.setattr(views, "list_learners", list_learners)
    before = list_rows()

    assert phone.get("/user/learners").status_code == 200

    assert any(way.endswith(f" in {place}") for way in find_kept(before))
