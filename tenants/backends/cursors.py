"""Cursors that resolve `{app}` as the last thing before the driver, so that logs show the SQL that ran."""

from typing import TYPE_CHECKING, Any, override

from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from tenants.backends.names import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence


class TenantCursor(CursorWrapper):
    @override
    def execute(self, sql: Any, params: Any = None) -> Any:
        return super().execute(resolve(sql), params)

    @override
    def executemany(self, sql: Any, param_list: "Sequence[Any]") -> Any:
        return super().executemany(resolve(sql), param_list)


class TenantDebugCursor(CursorDebugWrapper):
    @override
    def execute(self, sql: Any, params: Any = None) -> Any:
        return super().execute(resolve(sql), params)

    @override
    def executemany(self, sql: Any, param_list: "Sequence[Any]") -> Any:
        return super().executemany(resolve(sql), param_list)
