"""What the infrastructure decides: databases, caches, files. Pure functions of the environment."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from alphazed.settings.env import Environment, Infra

SQLITE = "tenants.backends.sqlite3"
MYSQL = "tenants.backends.mysql"
ENGINES = {"sqlite": SQLITE, "mysql": MYSQL}

#: Seconds that a writer waits for another on SQLite.
SQLITE_TIMEOUT_S = 20


def databases(env: Environment) -> dict[str, Any]:
    """Return DATABASES: one connection that every app of the process shares."""
    return {"default": _database("DATABASE_URL", env.database_url)}


def migrations_database(env: Environment) -> dict[str, Any] | None:
    """Return the same database for a user who may change tables and grant; None where `default` may do so itself."""
    if not env.migrations_database_url:
        return None
    return _database("MIGRATIONS_DATABASE_URL", env.migrations_database_url)


def _database(variable: str, url: str) -> dict[str, Any]:
    scheme = url.split(":", 1)[0]
    if scheme not in ENGINES:
        raise ImproperlyConfigured(f"{variable} begins with {scheme!r}; it must be sqlite:///… or mysql://…")
    engine = ENGINES[scheme]
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url, engine=engine, conn_max_age=600))
    except ValueError as error:
        # Not the address itself, which holds a password.
        raise ImproperlyConfigured(f"{variable} cannot be read: {type(error).__name__}") from None
    return database | {"OPTIONS": _sqlite_options() if engine == SQLITE else _mysql_options(database)}


def _sqlite_options() -> dict[str, Any]:
    return {
        "timeout": SQLITE_TIMEOUT_S,
        # Deferred transactions that read before they write fail at once under a second writer, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }


def _mysql_options(database: dict[str, Any]) -> dict[str, Any]:
    return {
        **database.get("OPTIONS", {}),
        "charset": "utf8mb4",
        "isolation_level": "read committed",
        "init_command": "SET time_zone = '+00:00'",
        "connect_timeout": 2,
        "read_timeout": 30,
    }


def caches(env: Environment) -> dict[str, Any]:
    """Return CACHES: in the process, or one Redis for all apps, each under its own keys."""
    common = {"KEY_FUNCTION": "tenants.cache.app_key"}
    match env.infra:
        case Infra.EMBEDDED:
            return {"default": {"BACKEND": "tenants.cache.AppLocMemCache", **common}}
        case Infra.AWS:
            backend = "tenants.backends.redis_cache.AppRedisCache"
            return {"default": {"BACKEND": backend, "LOCATION": env.redis_url, **common}}


def storages(env: Environment) -> dict[str, Any]:
    """Return STORAGES: packs and assets lie in the app's own folder, static files are everybody's."""
    return {
        "default": {
            "BACKEND": "tenants.storage.AppFileSystemStorage",
            "OPTIONS": {"location": str(env.data_dir / "media")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
