"""Every app of the family, read once from the TOML files beside this module."""

import re
import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tenants.registry.app import RESERVED_FOR_PREFIX, App, LessonMix
from tenants.registry.reader import RegistryError, overlay, read_record

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
DEFAULTS = "default"
#: No underscore, so that no app's prefix is the beginning of another's.
NAME = re.compile(rf"[a-z][a-z0-9]{{0,{RESERVED_FOR_PREFIX - 2}}}")
#: The file that is no app's, and the prefix that SQLite keeps for tables of its own.
RESERVED_NAMES = frozenset({DEFAULTS, "sqlite"})
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
#: Switches a phone knows; a misspelt one must not pass for "off".
FEATURES = frozenset({"creature_building", "juz_amma", "noorani_qaida", "physics_games", "tajweed_feedback"})
#: Labels of rooms that an app has only when its file names them; every other room is everybody's. None is built yet.
OPTIONAL_ROOMS: frozenset[str] = frozenset()


class UnknownApp(LookupError):
    """No file of the registry has this name."""


@cache
def list_apps() -> "Mapping[str, App]":
    """Return the apps by name, in alphabetical order; raise `RegistryError` for the first file that is wrong."""
    return read_folder(FOLDER)


def get_app(name: str) -> App:
    """Return the app of this name; `UnknownApp` lists those there are."""
    try:
        return list_apps()[name]
    except KeyError:
        raise UnknownApp(f"no app is called {name!r}; there are {', '.join(list_apps())}") from None


def find_app_by_host(host: str) -> App | None:
    """Return the app that this Host header (with or without a port) belongs to."""
    return _apps_by_host().get(host.lower().rsplit(":", 1)[0].rstrip("."))


@cache
def _apps_by_host() -> dict[str, App]:
    return {host: app for app in list_apps().values() for host in app.hosts}


def forget() -> None:
    """Have the files read again, by this process; others go on with the apps they know until they are restarted."""
    list_apps.cache_clear()
    _apps_by_host.cache_clear()


def read_folder(folder: Path) -> "Mapping[str, App]":
    """Read every `<name>.toml` of a folder over `default.toml`."""
    return _read_apps(_read_files(folder))


def read_draft(name: str, text: str) -> App:
    """Return the app that `<name>.toml` with this text would be, checked with all the others; nothing is written."""
    _check_name(name)
    return _read_apps(_read_files(FOLDER) | {name: _parse(f"{name}.toml", text)})[name]


def stand_in(name: str) -> App:
    """Return an app of which only the name counts, to look at what is there of one that has no file."""
    _check_name(name)
    table = _read_file(FOLDER / f"{DEFAULTS}.toml")
    theme = {"primary": "#000000", "emoji": ""}
    own = {"name": name, "family": name, "title": {}, "hosts": [], "theme": theme}
    app: App = read_record(App, table | own, f"{name}.toml")
    return app


def _read_files(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: _read_file(path) for path in sorted(folder.glob("*.toml"))}


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return _parse(path.name, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise RegistryError(path.name, "syntax", str(error)) from error


def _parse(source: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(source, "syntax", str(error)) from error


def _read_apps(tables: dict[str, dict[str, Any]]) -> "Mapping[str, App]":
    defaults = tables.pop(DEFAULTS)
    apps = {name: _read_app(name, tables, defaults) for name in tables}
    _refuse_shared_hosts(apps)
    return MappingProxyType(apps)


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        problem = f"must match {NAME.pattern}: it becomes the prefix of every table"
        raise RegistryError(f"{name}.toml", "name", problem)
    if name in RESERVED_NAMES:
        raise RegistryError(f"{name}.toml", "name", "is reserved; choose another")


def _read_app(name: str, tables: dict[str, dict[str, Any]], defaults: dict[str, Any]) -> App:
    source = f"{name}.toml"
    _check_name(name)
    if "name" in tables[name]:
        raise RegistryError(source, "name", "is the file's own; leave it out")
    family = tables[name].get("family", name)
    if not isinstance(family, str) or family not in tables:
        others = ", ".join(sorted(tables.keys() - {name}))
        raise RegistryError(source, "family", f"there is no {family}.toml; there are {others}")
    table = overlay(overlay(defaults, tables[family]), tables[name])
    # Hosts follow the name, never the family: an app that inherited its family's host would take its requests.
    hosts = tables[name].get("hosts", [host.format(name=name) for host in defaults["hosts"]])
    app: App = read_record(App, table | {"name": name, "family": family, "hosts": hosts}, source)
    app = app._replace(hosts=tuple(host.lower() for host in app.hosts))  # as they are looked up
    _check(app, source)
    return app


def _check(app: App, source: str) -> None:
    mix = app.lesson_mix
    problems = {
        "languages": "needs at least one" if not app.languages else "",
        "title": "" if all(map(app.title.get, app.languages)) else "needs a text for each of the app's languages",
        "hosts": _describe_bad_hosts(app.hosts),
        "features": f"knows no {unknown}" if (unknown := sorted(set(app.features) - FEATURES)) else "",
        "rooms": f"knows no optional {unknown}" if (unknown := sorted(set(app.rooms) - OPTIONAL_ROOMS)) else "",
        "min_version": "" if re.fullmatch(r"\d+\.\d+\.\d+", app.min_version) else "must look like 1.2.3",
        "theme.primary": "" if re.fullmatch(r"#[0-9a-f]{6}", app.theme.primary) else "must look like #1f6feb",
        "lesson_mix": "" if _is_mix(mix) else "new, review and challenge must be [low, high] with room for a sum of 1",
        "lesson_mix.target_success": "" if 0 < mix.target_success < 1 else "must lie between 0 and 1",
        "lesson_mix.retention": "" if 0 < mix.retention < 1 else "must lie between 0 and 1",
        "lesson_mix.new_per_session": "" if mix.new_per_session >= 0 else "must not be negative",
        "lesson_mix.open_concepts": "" if mix.open_concepts >= 0 else "must not be negative",
        "daily_goal": "" if app.daily_goal > 0 else "must be positive",
        "limits": "" if all(limit > 0 for limit in app.limits) else "must all be positive",
    }
    for key, problem in problems.items():
        if problem:
            raise RegistryError(source, key, problem)


def _describe_bad_hosts(hosts: tuple[str, ...]) -> str:
    if not hosts:
        return "needs at least one"
    bad = [host for host in hosts if not HOST.fullmatch(host)]
    return f"must be bare names such as amal.example.org, not {bad[0]!r}" if bad else ""


def _is_mix(mix: LessonMix) -> bool:
    shares = (mix.new, mix.review, mix.challenge)
    if not all(len(share) == len(("low", "high")) and 0 <= share[0] <= share[-1] <= 1 for share in shares):
        return False
    return sum(share[0] for share in shares) <= 1 <= sum(share[-1] for share in shares)


def _refuse_shared_hosts(apps: dict[str, App]) -> None:
    owners: dict[str, str] = {}
    for app in apps.values():
        for host in app.hosts:
            if (owner := owners.setdefault(host, app.name)) != app.name:
                raise RegistryError(f"{app.name}.toml", "hosts", f"{host} belongs to {owner} already")
