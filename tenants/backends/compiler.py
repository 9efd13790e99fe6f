"""SQL compilers that quote tables by the app being served."""

from typing import TYPE_CHECKING, Any, override

from tenants.backends.marking import mark
from tenants.backends.names import Logical

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler
    from django.db.models.sql.query import Query

    Compiler = SQLCompiler
else:
    Compiler = object


class TenantCompilerMixin(Compiler):
    def __init__(
        self, query: "Query", connection: "BaseDatabaseWrapper", using: str | None, elide_empty: bool = True
    ) -> None:
        super().__init__(query, connection, using, elide_empty)
        #: Apart from the stock cache, which is keyed by text: a table `tag` and a column `tag` would share an entry.
        self._quoted_tables: dict[str, str] = {}

    @override
    def quote_name_unless_alias(self, name: str) -> str:
        """Quote a name as Django does, and a table for the app being served.

        Django's own lines, not a call of them: this runs for every column, and the call would cost more than they do.
        """
        is_table = type(name) is Logical
        cache = self._quoted_tables if is_table else self.quote_cache
        if name in cache:
            return cache[name]
        query = self.query
        if not is_table and (
            (name in query.alias_map and name not in query.table_map)
            or (query.extra and name in query.extra_select)
            or (query.external_aliases.get(name) and name not in query.table_map)
        ):
            quoted = name
        else:
            quoted = self.connection.ops.quote_name(name)
        cache[name] = quoted
        return quoted

    @override
    def get_from_clause(self) -> tuple[list[str], tuple[str | int, ...]]:
        if self.query.extra_tables:
            self.query.extra_tables = tuple(map(mark, self.query.extra_tables))
        return super().get_from_clause()

    @override
    def get_order_by(self) -> Any:
        self.query.extra_order_by = tuple(map(self._mark_ordering, self.query.extra_order_by))
        return super().get_order_by()

    def _mark_ordering(self, field: Any) -> Any:
        """Give the table in `extra(order_by=["-users.name"])` its token, unless that name is an alias."""
        if not isinstance(field, str) or "." not in field:
            return field
        table, column = field.removeprefix("-").split(".", 1)
        if table not in self.query.table_map and table not in self.query.extra_tables:
            return field
        return f"{'-' * field.startswith('-')}{mark(table)}.{column}"
