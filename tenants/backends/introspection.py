"""What the database holds, in logical names; other apps' tables are invisible."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, override

from tenants import current
from tenants.backends.names import Introspected, Logical, to_logical, to_physical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.introspection import BaseDatabaseIntrospection

    Introspection = BaseDatabaseIntrospection
else:
    Introspection = object


class TenantIntrospectionMixin(Introspection):
    #: While true, plain names handed in are physical already: stock methods call each other.
    _is_raw = False

    @contextmanager
    def raw(self, table_name: str = "") -> "Iterator[str]":
        """Translate a table's name once; introspection nested inside passes it on untouched."""
        before = self._is_raw
        is_physical = not table_name or (before and type(table_name) is str)
        physical = table_name if is_physical else to_physical(table_name)
        self._is_raw = True
        try:
            yield physical
        finally:
            self._is_raw = before

    @override
    def get_table_list(self, cursor: Any) -> Any:
        app = current.find()
        if app is None:  # makemigrations compares models with migrations and needs no app
            return []
        return [
            table._replace(name=to_logical(table.name))
            for table in super().get_table_list(cursor)
            if table.name.startswith(app.prefix)
        ]

    @override
    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> Any:
        rows = super().get_sequences(cursor, table_name, table_fields)
        return [row | {"table": table_name} for row in rows]

    @override
    def get_relations(self, cursor: Any, table_name: str) -> dict[str, tuple[str, str]]:
        with self.raw(table_name) as physical:
            relations = super().get_relations(cursor, physical)
        return {column: (other, to_logical(table)) for column, (other, table) in relations.items()}

    @override
    def get_table_description(self, cursor: Any, table_name: str) -> Any:
        with self.raw(table_name) as physical:
            return super().get_table_description(cursor, physical)

    @override
    def get_primary_key_columns(self, cursor: Any, table_name: str) -> list[str] | None:
        with self.raw(table_name) as physical:
            return super().get_primary_key_columns(cursor, physical)

    def get_storage_engine(self, cursor: Any, table_name: str) -> str:
        with self.raw(table_name) as physical:
            engine: str = super().get_storage_engine(cursor, physical)  # type: ignore[misc]
            return engine

    @override
    def get_constraints(self, cursor: Any, table_name: str) -> Any:
        with self.raw(table_name) as physical:
            constraints = super().get_constraints(cursor, physical)
        for facts in constraints.values():
            if target := facts.get("foreign_key"):
                table, column = target
                facts["foreign_key"] = (table if type(table) is Logical else to_logical(table), column)
        return {Introspected.of(name): facts for name, facts in constraints.items()}
