"""Begin an app: all of it or nothing.

An app is served once it has a file in the registry, so everything else is made before that. What was made is in the
journal, and taken back when making it fails or is killed. Taking it back is a small retirement; hence the place.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from tenants import current, grants, journal
from tenants.exports.files import has_files
from tenants.journal import Work
from tenants.migrating import locks
from tenants.ownership import as_owner
from tenants.registry import writer
from tenants.registry.app import App
from tenants.retirement.dismantling import dismantle


class Taken(RuntimeError):
    """An app of this name cannot be made: something has the name already."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{current.get().name} {problem}")


class NotTakenBack(RuntimeError):
    """Making an app failed, and then taking back what was made."""

    def __init__(self, first: BaseException, second: Exception) -> None:
        super().__init__(
            f"{str(first) or type(first).__name__}; what was made could not be taken back either ({second}): "
            "nobody is served from it, and the next `launch_app` of this name removes it"
        )


@contextmanager
def founding(app: App, text: str) -> Iterator[None]:
    """Make a new app in the block; `text`, its file in the registry, is written when the block ends well.

    Whatever ends the block otherwise, everything is taken back. After a kill the next founding of this name does so.

    Raises:
        Taken: the name is in use; nothing was changed.
        Busy: another process is at work on an app of this name.
        NotTakenBack: making it failed, and so did the way back.

    """
    with current.use(app), as_owner():
        try:
            with locks.hold():
                take_back()
                refuse_taken()
                with _letting_go_of_what_was_cut_off():
                    journal.begin(Work.LAUNCH)
                    yield
                    _enter_registry(app, text)
                    journal.end(Work.LAUNCH)
        except (Taken, locks.Busy):
            raise
        except BaseException as error:
            # With its file the app is served: what was cut off then is only the last stroke.
            if not end_launch():
                _take_back_after(error)
                raise


def take_back() -> int | None:
    """Remove what a launch of the current app that was cut off has made; return its tables, or None without one."""
    with as_owner(), locks.hold():
        if not was_cut_off():
            return None
        writer.remove_file(current.get().name)  # half written, at most
        return dismantle(_quietly)


def was_cut_off() -> bool:
    """Tell whether a launch of the current app was begun and came to no end."""
    return journal.find(Work.LAUNCH) is not None and not writer.has_file(current.get().name)


def end_launch() -> bool:
    """Strike out a launch that was cut off when the app had its file already; return whether there was one."""
    with as_owner():
        if not writer.has_file(current.get().name) or journal.find(Work.LAUNCH) is None:
            return False
        with locks.hold():
            journal.end(Work.LAUNCH)
        return True


def refuse_taken() -> None:
    """Raise `Taken` where anything bears the current app's name already."""
    name = current.get().name
    unfinished, tables = journal.list_unfinished(), connection.introspection.table_names()
    if Work.RETIRE in unfinished:
        raise Taken(f"is being retired: finish that first, with `manage.py retire_app {name}`")
    if writer.has_file(name):
        raise Taken("is an app already; choose another name")
    # The journal alone and empty is what a launch leaves that was killed between its first two statements.
    if tables and (tables != [journal.TABLE] or unfinished):
        raise Taken(f"has {len(tables)} tables and no file in the registry: somebody's data; choose another name")
    if has_files():
        raise Taken("has files in the media folder and no file in the registry: somebody's data; choose another name")
    if grants.are_used():
        raise Taken(f"has a MySQL account already, {grants.account()}; drop it, or choose another name")


def _enter_registry(app: App, text: str) -> None:
    try:
        writer.write_file(app.name, text)
    except FileExistsError:
        dismantle(_quietly)
        raise Taken("has got a file in the registry meanwhile, from somebody else; choose another name") from None


@contextmanager
def _letting_go_of_what_was_cut_off() -> Iterator[None]:
    """Close the connection on failure: a statement that Ctrl-C cut off would spoil the next. Its lock goes with it."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _quietly(*_: object) -> None: ...


def _take_back_after(error: BaseException) -> None:
    try:
        take_back()
    except (DatabaseError, OSError, locks.Busy) as another:
        raise NotTakenBack(error, another) from error
