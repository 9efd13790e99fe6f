"""Give every model's `db_table` its type, whoever declares the model and whenever.

Contrib's models, automatic many-to-many tables, the historical models of migrations and `django_migrations` itself
never heard of apps; marking them where `Options` is written reaches them all.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.cache.backends.db import BaseDatabaseCache
from django.db.backends.utils import truncate_name
from django.db.models.options import Options
from django.db.models.signals import class_prepared

from tenants.backends.names import LONGEST_NAME, Logical, plain
from tenants.registry.app import RESERVED_FOR_PREFIX

if TYPE_CHECKING:
    from django.db.models import Model


def mark(name: str) -> str:
    """Return the logical name for a table, cut so that any app's prefix still fits; a quoted name is left alone."""
    if not name or type(name) is Logical or name.startswith(('"', "`")):
        return name
    return Logical(truncate_name(plain(name), LONGEST_NAME - RESERVED_FOR_PREFIX, 8))


def install() -> None:
    """Mark the models there are and all that come."""
    Options.__setattr__ = _set_option  # type: ignore[method-assign,assignment]
    class_prepared.connect(_mark_model, dispatch_uid="tenants.backends.marking")
    for models in list(apps.all_models.values()):
        for model in list(models.values()):
            _mark_model(model)
            for field in model._meta.local_fields:
                # Columns are cached together with their table's name, from before it was marked.
                field.__dict__.pop("cached_col", None)
    _mark_cache_tables()


def _set_option(options: "Options[Any]", name: str, value: Any) -> None:
    object.__setattr__(options, name, mark(value) if name == "db_table" else value)


def _mark_model(sender: "type[Model]", **_: object) -> None:
    if type(sender._meta.db_table) is not Logical:
        sender._meta.db_table = sender._meta.db_table  # passes through _set_option


def _mark_cache_tables() -> None:
    initialise = BaseDatabaseCache.__init__

    def initialise_marked(self: BaseDatabaseCache, table: str, params: dict[str, Any]) -> None:
        initialise(self, mark(table), params)

    BaseDatabaseCache.__init__ = initialise_marked  # type: ignore[method-assign]
