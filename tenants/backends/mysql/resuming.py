"""Going on with a migration that was cut off.

MySQL commits each change of a table by itself, so a process that is killed half way through a migration leaves some of
its statements done and the migration not recorded. Run again from the start, those statements fail, and only those.
"""

import logging
from typing import TYPE_CHECKING, Any, override

from django.db import DatabaseError

from tenants.backends.mysql.base import DatabaseSchemaEditor

if TYPE_CHECKING:
    from django.db.models import Model

logger = logging.getLogger(__name__)

#: What MySQL and MariaDB answer to a change that has been made already.
#: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html
DONE_ALREADY = frozenset(
    {
        1005,  # foreign key exists (MariaDB)
        1050,  # table exists
        1051,  # unknown table, to be dropped
        1054,  # unknown column, to be renamed
        1060,  # column exists
        1061,  # index exists
        1068,  # primary key exists
        1091,  # no such column or key, to be dropped
        1146,  # no such table, to be renamed
        1176,  # no such key, to be renamed
        1826,  # constraint exists
        3821,  # no such check constraint, to be dropped
        3822,  # check constraint exists
        3940,  # no such constraint, to be dropped
    }
)


class ResumingSchemaEditor(DatabaseSchemaEditor):
    """Pass over what has been done. Only for a migration that is known to have been begun: else it hides mistakes."""

    @override
    def execute(self, sql: Any, params: Any = ()) -> None:
        try:
            super().execute(sql, params)
        except DatabaseError as error:
            if error.args[0] not in DONE_ALREADY:
                raise
            logger.info("done before the migration was cut off", extra={"sql": str(sql), "answer": str(error)})

    @override
    def _constraint_names(self, *criteria: Any, **options: Any) -> list[str]:
        # Looked up in the database, where the table may have been dropped by a later step of the same migration.
        try:
            return super()._constraint_names(*criteria, **options)
        except DatabaseError as error:
            if error.args[0] not in DONE_ALREADY:
                raise
            return []

    @override
    def _delete_composed_index(self, model: "type[Model]", fields: Any, constraint_kwargs: Any, sql: str) -> None:
        # Its name is looked up too, and there is nothing left to find once it is dropped.
        columns = [model._meta.get_field(field).column for field in fields]  # type: ignore[union-attr]
        if self._constraint_names(model, columns, **constraint_kwargs):
            super()._delete_composed_index(model, fields, constraint_kwargs, sql)
