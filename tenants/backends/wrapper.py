"""What both database wrappers share. A connection holds no state of an app, so any pooling is safe."""

from typing import TYPE_CHECKING, Any, override

from tenants import current
from tenants.backends import caches, instances, marking
from tenants.backends.cursors import TenantCursor, TenantDebugCursor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

    Wrapper = BaseDatabaseWrapper
else:
    Wrapper = object

instances.install()
marking.install()


class TenantWrapperMixin(Wrapper):
    @override
    def connect(self) -> None:
        caches.install()
        super().connect()

    @override
    def make_cursor(self, cursor: Any) -> TenantCursor:
        return TenantCursor(cursor, self)

    @override
    def make_debug_cursor(self, cursor: Any) -> TenantDebugCursor:
        return TenantDebugCursor(cursor, self)

    @override
    def check_constraints(self, table_names: "Iterable[str] | None" = None) -> None:
        # The stock default is every table of the database, which is every app's.
        names = self.introspection.table_names() if table_names is None else table_names
        with self.introspection.raw():  # type: ignore[attr-defined]
            super().check_constraints(table_names=[marking.mark(name) for name in names])

    @override
    def on_commit(self, func: "Callable[[], Any]", robust: bool = False) -> None:
        """Run the callback in the app that registered it, whatever is current when the transaction ends."""
        app = current.find()
        super().on_commit(current.use(app)(func) if app and callable(func) else func, robust)
