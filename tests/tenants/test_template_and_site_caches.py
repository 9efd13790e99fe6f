"""What Django keeps in the process or in the cache between requests: each app gets its own back."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.cache import cache_page

from accounts.models import User
from alphazed.settings.env import ROOT
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tests.tenants.streams import APPS, add_people

FRAGMENT = Template("{% load cache %}{% cache 60 greeting %}{{ greeting }}{% endcache %}")
GATEWAY = "abc123.execute-api.example"


def name_app(_: HttpRequest) -> HttpResponse:
    CALLS.append(current.get().name)
    return HttpResponse(current.get().name)


CALLS: list[str] = []
urlpatterns = [path("cached", cache_page(60)(name_app))]


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    CALLS.clear()
    yield
    cache._cache.clear()  # type: ignore[attr-defined]


@pytest.fixture
def pin() -> Iterator[Callable[[App], None]]:
    yield current.pin
    current.pin(None)


def render(app: str, greeting: str) -> str:
    with current.use(app):
        return FRAGMENT.render(Context({"greeting": greeting}))


def test_a_cached_fragment_is_the_apps_own() -> None:
    first = [render(name, f"hello {name}") for name in APPS]
    again = [render(name, "something else") for name in APPS]

    assert first == again == ["hello amal", "hello thurayya"]


def test_no_fragment_is_cached_where_no_app_is_current() -> None:
    with pytest.raises(NoTenant):
        FRAGMENT.render(Context({"greeting": "hello"}))


@pytest.mark.urls(__name__)
def test_a_cached_page_is_the_apps_own(client: Client, amal: App, thurayya: App, pin: Callable[[App], None]) -> None:
    """At the same address: behind one gateway, in processes that share a cache."""
    seen = []
    for app in (amal, thurayya, amal, thurayya):
        pin(app)
        seen.append(client.get("/cached", headers={"host": GATEWAY}).content.decode())

    assert seen == ["amal", "thurayya"] * 2
    assert CALLS == ["amal", "thurayya"]


def test_a_template_that_is_kept_holds_no_rows(db: None, tmp_path: Path, settings: Any) -> None:
    """Django's loader keeps the template itself, and what it shows is read anew."""
    (tmp_path / "people.html").write_text("{% for user in users %}{{ user.name }}{% endfor %}", "utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    add_people()
    users = User.objects.filter(pk=77)

    shown, kept = [], []
    for name in APPS:
        with current.use(name):
            template = get_template("people.html")
            shown.append(template.render({"users": users.all()}))
            kept.append(template.template)  # type: ignore[attr-defined]

    assert kept[0] is kept[1]
    assert shown == ["amals", "thurayyas"]


ENGINES = ("db", "cache", "cached_db", "signed_cookies")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_session_is_the_apps_own(db: None, engine: str) -> None:
    store = import_module(f"django.contrib.sessions.backends.{engine}").SessionStore
    with current.use("amal"):
        session = store()
        session["level"] = 3
        session.save()

    with current.use("amal"):
        amals = store(session.session_key).load()
    with current.use("thurayya"):
        thurayyas = store(session.session_key).load()

    assert (amals, thurayyas) == ({"level": 3}, {})


@pytest.mark.parametrize("engine", ENGINES)
def test_no_session_is_kept_where_no_app_is_current(db: None, engine: str) -> None:
    session = import_module(f"django.contrib.sessions.backends.{engine}").SessionStore()
    session["level"] = 3

    with pytest.raises(NoTenant):
        session.save()


def test_the_proof_fails_with_keys_that_carry_no_app() -> None:
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}):
        seen = [render(name, f"hello {name}") for name in APPS]
        cache.clear()

    assert seen == ["hello amal", "hello amal"]


#: Django's sites are not installed here, so a process of their own has them.
SITES = """
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.sites"], SITE_ID=1,
    DATABASES={"default": {"ENGINE": "tenants.backends.sqlite3", "NAME": sys.argv[1]}},
)
django.setup()
from django.contrib.sites.models import Site
from django.core.management import call_command
from tenants import current

for name in ("amal", "thurayya"):
    with current.use(name):
        call_command("migrate", verbosity=0)
        Site.objects.filter(pk=1).update(domain=name + ".example")


def show():
    for name in ("amal", "thurayya"):
        with current.use(name):
            print(Site.objects.get_current().domain)
"""


def ask_sites(tmp_path: Path, script: str) -> list[str]:
    program = [sys.executable, "-c", SITES + script, str(tmp_path / "sites.sqlite3")]
    return subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def test_a_site_that_is_kept_is_the_apps_own(tmp_path: Path) -> None:
    """Changed behind the cache's back, it is still the one that the app asked for first."""
    change = "with current.use('amal'): Site.objects.update(domain='new.example')"

    shown = ask_sites(tmp_path, f"show()\nshow()\n{change}\nshow()")

    assert shown == ["amal.example", "thurayya.example"] * 3


def test_forgetting_one_apps_sites_leaves_the_others(tmp_path: Path) -> None:
    change = "with current.use('amal'): Site.objects.update(domain='new.example'); Site.objects.clear_cache()"

    shown = ask_sites(tmp_path, f"show()\n{change}\nshow()")

    assert shown == ["amal.example", "thurayya.example", "new.example", "thurayya.example"]


def test_no_site_is_known_where_no_app_is_current(tmp_path: Path) -> None:
    shown = ask_sites(tmp_path, "show()\ntry: Site.objects.get_current()\nexcept current.NoTenant: print('no_app')")

    assert shown == ["amal.example", "thurayya.example", "no_app"]
