"""Quoting: the one place where a logical name becomes a physical one."""

from typing import TYPE_CHECKING, Any, override

from tenants.backends.names import TOKEN, Introspected, Logical, resolve, to_physical

if TYPE_CHECKING:
    from django.db.backends.base.operations import BaseDatabaseOperations

    Operations = BaseDatabaseOperations
else:
    Operations = object


class TenantOperationsMixin(Operations):
    @override
    def quote_name(self, name: str) -> str:
        if type(name) is Introspected:
            name = name.physical
        elif type(name) is Logical or TOKEN in name:
            name = resolve(name)
        return super().quote_name(name)

    @override
    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        # SQLite looks references up in sqlite_master, which knows physical names only.
        return super().sql_flush(style, [to_physical(table) for table in tables], **options)

    @override
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return super().last_executed_query(cursor, resolve(sql), params)
