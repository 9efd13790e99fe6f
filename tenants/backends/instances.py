"""Rows in memory remember the app they were made in, and are refused by every other.

An instance read in amal and saved in thurayya would overwrite whoever has the same id there.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import base
from django.db.models.query import ModelIterable, RawModelIterable
from django.db.models.sql.query import Query

from tenants import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

#: What a query answers after its last row.
END = object()


class CrossedApps(RuntimeError):
    """An object of one app was used in another."""

    def __init__(self, instance: "Model", owner: str, served: str) -> None:
        kind = type(instance).__name__
        super().__init__(f"{kind} {instance.pk} belongs to {owner} and cannot be used in {served}")


class StampedState(base.ModelState):
    """Django's state of an instance, and the name of the app in which it was made; None where none was current."""

    app: str | None = None

    def __init__(self) -> None:
        app = current.find()
        if app is not None:
            self.app = app.name


def refuse_another_apps(instance: "Model") -> None:
    """Raise `CrossedApps` for an object that was made in another app than the one being served."""
    owner = getattr(instance._state, "app", None)
    served = current.find()
    if owner is not None and served is not None and owner != served.name:
        raise CrossedApps(instance, owner, served.name)


def _read_in_one_app(read: "Callable[[Any], Iterator[Any]]") -> "Callable[[Any], Iterator[Any]]":
    """Make all rows of a query in the app that it was run in, whatever is current when they are asked for."""

    def read_own(self: Any) -> "Iterator[Any]":
        app, rows = current.find(), read(self)
        while True:
            if app is None or current.find() is app:
                row = next(rows, END)
            else:
                with current.use(app):
                    row = next(rows, END)
            if row is END:
                return
            yield row

    return read_own


def install() -> None:
    """Stamp instances from now on, and look at the stamp wherever no database router is asked.

    That is: when rows are saved, one by one or in bulk, and when a query is given an instance to look for or to set.
    """
    if base.ModelState is StampedState:
        return
    base.ModelState = StampedState  # type: ignore[misc]
    model: Any = base.Model
    prepare, write, check = (
        model._prepare_related_fields_for_save,
        model.prepare_database_save,
        Query.check_query_object_type,
    )

    def prepare_own(self: "Model", *args: Any, **options: Any) -> None:
        refuse_another_apps(self)
        if (state := self._state).app is None and (app := current.find()):  # type: ignore[attr-defined]
            state.app = app.name  # type: ignore[attr-defined]
        prepare(self, *args, **options)

    def write_own(self: "Model", field: Any) -> Any:
        refuse_another_apps(self)
        return write(self, field)

    def check_own(self: Query, value: Any, opts: Any, field: Any) -> None:
        if isinstance(value, base.Model):
            refuse_another_apps(value)
        check(self, value, opts, field)

    for iterable in (ModelIterable, RawModelIterable):
        iterable.__iter__ = _read_in_one_app(iterable.__iter__)  # type: ignore[method-assign]
    model._prepare_related_fields_for_save, model.prepare_database_save = prepare_own, write_own
    Query.check_query_object_type = check_own  # type: ignore[method-assign]
