"""Names of apps that mean something to SQL, to a file system, or that are the beginning of another's."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from shutil import copy

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from alphazed.settings.env import Environment
from alphazed.settings.tenancy import pinned_app
from content.models import Asset, Licence
from tenants import current
from tenants.cookies import AppCookiesMiddleware
from tenants.registry.app import App
from tenants.registry.catalogue import FOLDER, UnknownApp, get_app, read_folder
from tenants.registry.reader import RegistryError
from tenants.services import signing_key
from thin import tokens
from thin.errors import Unauthenticated

FILE = 'title = { ar = "نجم", en = "Star" }\ntheme = { primary = "#0f766e", emoji = "🌱" }\n'
REFUSED = (
    "amal_x",
    "amal_",
    "_amal",
    "Amal",
    "AMAL",
    "a;drop",
    "a'--",
    'a"b',
    "a`b",
    "a b",
    "a.b",
    "a-b",
    "a%s",
    "{app}",
    "a\n",
    "a\0b".replace("\0", "\x7f"),
    "1amal",
    "amal\u0661",
    "\uff41mal",
    "\u0430mal",
    "amal\u200b",
    "a" * 16,
    "a" * 17,
    "",
    "..",
    "sqlite",
)
#: Words of SQL and of the databases, which no name stands beside without its underscore.
HARMLESS = ("mysql", "select", "null", "table", "users", "sys", "django", "main", "temp", "x", "a" * 15)
#: Each the beginning of the next.
BEGINNINGS = ("ama", "amal", "amalb", "amalbeta", "amal2")

type Found = Callable[..., dict[str, App]]


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """Make a registry of apps of these names, and return what it reads."""

    def read(*names: str) -> dict[str, App]:
        copy(FOLDER / "default.toml", tmp_path)
        for name in names:
            (tmp_path / f"{name}.toml").write_text(FILE, "utf-8")
        return dict(read_folder(tmp_path))

    return read


@pytest.fixture
def tables(transactional_db: None, found: Found) -> Iterator[Callable[..., list[App]]]:
    """Make apps with a few real tables, and drop those again."""
    made: list[tuple[App, type[models.Model]]] = []

    def make(*names: str) -> list[App]:
        apps = [get_app(name) if name == "amal" else found(name)[name] for name in names]
        for app in apps:
            for model in (Licence, Asset, Session) if app.name != "amal" else ():
                with current.use(app), connection.schema_editor() as editor:
                    editor.create_model(model)
                made.append((app, model))
        return apps

    yield make
    for app, model in reversed(made):
        with current.use(app), connection.schema_editor() as editor:
            editor.delete_model(model)


def fill(app: App) -> None:
    """Put a file and its licence into the current app, named after it."""
    licence = Licence.objects.create(key=app.name, name=f"of {app.name}")
    Asset.objects.create(key=app.name, sha256="0" * 64, media_type="image/png", size=1, licence=licence)


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_name_that_could_be_taken_for_something_else_is_refused_with_its_file(name: str, found: Found) -> None:
    with pytest.raises(RegistryError) as caught:
        found(name)

    assert str(caught.value).startswith(f"{name}.toml: name: " if name else ".toml.toml: name: ")


def test_the_file_of_defaults_is_no_app(found: Found) -> None:
    assert "default" not in found("star")
    with pytest.raises(UnknownApp):
        get_app("default")


@pytest.mark.parametrize(
    "name", [*REFUSED, "../x", "../registry/amal", "amal/../qais", "amal.toml", "default"], ids=ascii
)
def test_a_name_from_outside_leads_to_no_file(name: str) -> None:
    with pytest.raises(UnknownApp):
        current.use(name)
    with pytest.raises(CommandError, match="no app is called"):
        call_command("migrate_apps", "--app", name or ",")
    if name:
        with pytest.raises(ImproperlyConfigured, match="APP_NAME"):
            pinned_app(Environment(app_name=name, secret_key="x", database_url="sqlite://"))


@pytest.mark.parametrize("name", HARMLESS)
def test_a_word_of_sql_is_a_name_like_any_other(name: str, tables: Callable[..., list[App]]) -> None:
    (app,) = tables(name)

    with current.use(app):
        fill(app)
        asset = Asset.objects.select_related("licence").get(licence__key=name)
        there = set(connection.introspection.table_names())

    assert asset.licence.name == f"of {name}"
    assert there == {"assets", "licences", "django_session"}


def test_no_app_sees_a_table_of_one_whose_name_begins_alike(tables: Callable[..., list[App]]) -> None:
    seen = {}
    for app in (apps := tables(*BEGINNINGS)):
        with current.use(app):
            fill(app)
    for app in apps:
        with current.use(app), connection.cursor() as cursor:
            seen[app.name] = set(connection.introspection.table_names(cursor))
            constraints = connection.introspection.get_constraints(cursor, "assets")
            assert connection.introspection.get_relations(cursor, "assets")["licence_id"] == ("id", "licences")
            assert [name for name in constraints if any(other in name for other in BEGINNINGS)] == []
            assert list(Asset.objects.values_list("key", "licence__key")) == [(app.name, app.name)]
            connection.check_constraints()

    assert [name for name, names in seen.items() if any("beta" in each or each[0] == "_" for each in names)] == []
    assert all(names == {"assets", "licences", "django_session"} for name, names in seen.items() if name != "amal")


def test_emptying_an_app_leaves_those_whose_names_begin_alike(tables: Callable[..., list[App]]) -> None:
    apps = tables(*BEGINNINGS)
    for app in apps:
        with current.use(app):
            fill(app)

    with current.use("amal"):
        # As `manage.py flush` does.
        statements = connection.ops.sql_flush(
            no_style(), ["assets", "licences"], reset_sequences=True, allow_cascade=True
        )
        connection.ops.execute_sql_flush(statements)

    left = {}
    for app in apps:
        with current.use(app):
            left[app.name] = Asset.objects.count()
    assert left == {"ama": 1, "amal": 0, "amalb": 1, "amalbeta": 1, "amal2": 1}


def cookies_seen(header: str) -> set[str]:
    """Return the names of the cookies that a view of the current app sees."""
    seen: set[str] = set()

    def look(request: HttpRequest) -> HttpResponse:
        seen.update(request.COOKIES)
        return HttpResponse()

    AppCookiesMiddleware(look)(RequestFactory().get("/", headers={"cookie": header}))
    return seen


def test_a_token_and_a_cookie_are_good_in_one_app_only(found: Found) -> None:
    apps = list(found(*BEGINNINGS).values())
    accepted, seen = {}, {}
    for app, other in product(apps, apps):
        with current.use(app):
            token = tokens.sign(signing_key(), subject=1, family=1, now_s=1)
        with current.use(other), suppress(Unauthenticated):
            accepted[app.name, other.name] = tokens.verify(token, signing_key(), now_s=1)
        with current.use(other):
            seen[app.name, other.name] = cookies_seen(f"{app.prefix}session=1")

    assert set(accepted) == {(name, name) for name in BEGINNINGS}
    assert {pair for pair, names in seen.items() if names} == {(name, name) for name in BEGINNINGS}


def test_files_and_cache_entries_are_apart_as_well(found: Found) -> None:
    apps = list(found(*BEGINNINGS).values())
    for app in apps:
        with current.use(app):
            cache.set("beta:key", app.name)
            default_storage.save("beta/note.txt", ContentFile(app.name.encode()))

    kept = {}
    for app in apps:
        with current.use(app), default_storage.open("beta/note.txt") as file:
            kept[app.name] = (cache.get("beta:key"), file.read())
        with current.use(app):
            default_storage.delete("beta/note.txt")
            cache.delete("beta:key")
    assert kept == {name: (name, name.encode()) for name in BEGINNINGS}
