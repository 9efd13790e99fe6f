"""Which apps a command is for."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from tenants import current
from tenants.registry.app import App
from tenants.registry.catalogue import UnknownApp, get_app, list_apps


def add_app_option(parser: ArgumentParser) -> None:
    """Let a command take `--app amal,thurayya`."""
    parser.add_argument("--app", default="", help="names of apps, with commas between; all of them when left out")


def select_apps(names: str) -> list[App]:
    """Return the apps named, else the pinned one, else all."""
    pinned = current.pinned()
    if not names:
        return [pinned] if pinned else list(list_apps().values())
    try:
        return [get_app(name.strip()) for name in names.split(",")]
    except UnknownApp as error:
        raise CommandError(str(error)) from error
