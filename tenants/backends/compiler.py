"""SQL compilers that quote tables by the app being served."""

from typing import TYPE_CHECKING, override

from tenants.backends.marking import mark
from tenants.backends.names import Logical

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

    Compiler = SQLCompiler
else:
    Compiler = object


class TenantCompilerMixin(Compiler):
    @override
    def quote_name_unless_alias(self, name: str) -> str:
        # The stock cache is keyed by text, so a table `tag` and a column `tag` would share an entry.
        if type(name) is not Logical:
            return super().quote_name_unless_alias(name)
        quoted: dict[str, str] = self.__dict__.setdefault("_quoted_tables", {})
        if name not in quoted:
            quoted[name] = self.connection.ops.quote_name(name)
        return quoted[name]

    @override
    def get_from_clause(self) -> tuple[list[str], tuple[str | int, ...]]:
        if self.query.extra_tables:
            self.query.extra_tables = tuple(map(mark, self.query.extra_tables))
        return super().get_from_clause()
