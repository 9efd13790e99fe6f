"""The services of hot endpoints, made of Django's own connection."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from tenants import current
from thin.http import Services
from thin.tokens import derive_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from thin.database import Parameters, Row
    from thin.tokens import SigningKey


class DjangoDatabase:
    """Django's default connection behind `thin.database.Database`; its cursor resolves `{app}`."""

    @property
    def for_update(self) -> str:
        return " FOR UPDATE" if connection.features.has_select_for_update else ""

    def select(self, sql: str, parameters: "Parameters" = ()) -> "list[Row]":
        with connection.cursor() as cursor:
            cursor.execute(sql, tuple(parameters))
            return list(cursor.fetchall())

    def execute(self, sql: str, parameters: "Parameters" = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, tuple(parameters))

    def execute_many(self, sql: str, rows: "Sequence[Parameters]") -> None:
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def transaction(self) -> "AbstractContextManager[None]":
        return transaction.atomic()


def signing_key() -> "SigningKey":
    """Return the current app's key for access tokens."""
    return derive_key(settings.SECRET_KEY, current.get().name)


def django_services() -> Services:
    """Return the services for a hot endpoint that Django serves, in the current app if there is one."""
    return Services(found_app=current.find(), database=DjangoDatabase(), secret_key=settings.SECRET_KEY)
