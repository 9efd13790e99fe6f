"""Schema changes whose index and constraint names carry the app's prefix too.

Index names are global to a database on SQLite, foreign key and check names are on InnoDB: two apps with the same tables
would collide.
"""

from typing import TYPE_CHECKING, Any, override

from django.db.backends.utils import truncate_name

from tenants.backends.marking import mark
from tenants.backends.names import LONGEST_NAME, TOKEN, Introspected, Logical, plain
from tenants.registry.app import RESERVED_FOR_PREFIX

if TYPE_CHECKING:
    from typing import Any as Editor

    from django.db.backends.ddl_references import Statement
    from django.db.models import Model
else:
    Editor = object


def _name(name: Any) -> Any:
    if not name or isinstance(name, Logical | Introspected) or name == "PRIMARY":
        return name
    return Logical(_short(name))


def _short(name: str) -> str:
    return truncate_name(plain(str(name)), LONGEST_NAME - RESERVED_FOR_PREFIX, 8)


class TenantSchemaEditorMixin(Editor):
    @override
    def _create_index_name(self, table_name: str, column_names: Any, suffix: str = "") -> str:
        name: str = _name(super()._create_index_name(plain(table_name), column_names, suffix.replace(TOKEN, "")))
        return name

    @override
    def _create_index_sql(self, model: "type[Model]", *, name: Any = None, **options: Any) -> "Statement":
        return super()._create_index_sql(model, name=_name(name), **options)

    @override
    def _delete_index_sql(self, model: "type[Model]", name: Any, sql: Any = None) -> "Statement":
        return super()._delete_index_sql(model, _name(name), sql)

    @override
    def _rename_index_sql(self, model: "type[Model]", old_name: Any, new_name: Any) -> "Statement":
        return super()._rename_index_sql(model, _name(old_name), _name(new_name))

    @override
    def _unique_sql(self, model: "type[Model]", fields: Any, name: Any, *rest: Any, **options: Any) -> str:
        return super()._unique_sql(model, fields, _name(name), *rest, **options)

    @override
    def _create_unique_sql(self, model: "type[Model]", fields: Any, name: Any = None, **options: Any) -> Any:
        return super()._create_unique_sql(model, fields, name=_name(name), **options)

    @override
    def _check_sql(self, name: Any, check: Any) -> str:
        return super()._check_sql(_name(name), check)

    @override
    def _create_check_sql(self, model: "type[Model]", name: Any, check: Any) -> Any:
        return super()._create_check_sql(model, _name(name), check)

    @override
    def _delete_constraint_sql(self, template: Any, model: "type[Model]", name: Any) -> "Statement":
        return super()._delete_constraint_sql(template, model, _name(name))

    @override
    def _constraint_names(self, *criteria: Any, exclude: Any = None, **options: Any) -> list[str]:
        if exclude:
            exclude = set(exclude) | {_short(name) for name in exclude}
        return super()._constraint_names(*criteria, exclude=exclude, **options)

    @override
    def alter_db_table(self, model: "type[Model]", old_db_table: str, new_db_table: str) -> None:
        super().alter_db_table(model, mark(old_db_table), mark(new_db_table))
