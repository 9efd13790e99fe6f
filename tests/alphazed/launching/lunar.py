"""Launching lunar, and looking for what is left of it."""

from io import StringIO

from django.core.management import call_command

from tenants import current
from tenants.exports.files import has_files
from tenants.registry import writer
from tenants.registry.catalogue import stand_in
from tests.registries import list_tables

PLAIN = ("--title", "Lunar", "--languages", "ar,en")


def launch(*options: str, name: str = "lunar") -> str:
    """Run the command; return what it printed."""
    out = StringIO()
    call_command("launch_app", name, *(options or PLAIN), stdout=out)
    return out.getvalue()


def is_there(name: str = "lunar") -> bool:
    with current.use(stand_in(name)):
        return bool(list_tables(name)) or has_files() or writer.has_file(name)
