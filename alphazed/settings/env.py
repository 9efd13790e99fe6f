"""The environment, read once: nobody else looks at it."""

import hmac
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent
BUNDLE_KEY_LENGTH = 32


class Infra(StrEnum):
    """Where the parts run: all on this machine, or on AWS."""

    EMBEDDED = "embedded"
    AWS = "aws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the process was told from outside; everything in settings is a function of it."""

    infra: Infra = Infra.EMBEDDED
    app_name: str | None = None  # None: a shared process, the Host header picks the app
    secret_key: str
    bundle_key: str = ""  # signs content bundles; `read_environment` never leaves it empty
    database_url: str  # of whoever may read and write rows
    migrations_database_url: str = ""  # of whoever may also change tables; empty: the same
    redis_url: str = ""
    data_dir: Path = ROOT / "var"
    port: int = 8000  # of `manage.py serve`
    debug: bool = False


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:  # noqa: TID251 - the one reader
    """Return the environment, or raise `ImproperlyConfigured` naming the variable that is wrong."""
    infra = _read_infra(variables.get("ALPHAZED_INFRA", "embedded"))
    data_dir = Path(variables.get("DATA_DIR") or ROOT / "var").absolute()
    embedded = infra is Infra.EMBEDDED
    if embedded:
        _make_folder(data_dir)
    secret_key = _read_secret_key(variables, data_dir, embedded=embedded)
    return Environment(
        infra=infra,
        app_name=variables.get("APP_NAME") or None,
        secret_key=secret_key,
        bundle_key=_read_bundle_key(variables, secret_key),
        database_url=_require(
            variables, "DATABASE_URL", f"sqlite:///{data_dir / 'alphazed.sqlite3'}" if embedded else ""
        ),
        migrations_database_url=variables.get("MIGRATIONS_DATABASE_URL", ""),
        redis_url="" if embedded else _require(variables, "REDIS_URL"),
        data_dir=data_dir,
        port=_read_port(variables.get("PORT") or "8000"),
        debug=_read_bool(variables, "DEBUG"),
    )


def _read_infra(value: str) -> Infra:
    try:
        return Infra(value)
    except ValueError:
        raise ImproperlyConfigured(f"ALPHAZED_INFRA is {value!r}; it must be 'embedded' or 'aws'") from None


def _read_port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 2**16:
        raise ImproperlyConfigured(f"PORT is {value!r}; it must be a number from 1 to 65535")
    return int(value)


def _read_bool(variables: Mapping[str, str], name: str) -> bool:
    value = variables.get(name, "0").lower()
    if value not in {"", "0", "1", "false", "true"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be 0 or 1")
    return value in {"1", "true"}


def _require(variables: Mapping[str, str], name: str, default: str = "") -> str:
    value = variables.get(name) or default
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; ALPHAZED_INFRA=aws needs it")
    return value


def _read_secret_key(variables: Mapping[str, str], data_dir: Path, *, embedded: bool) -> str:
    """Return SECRET_KEY; the embedded default makes one on its first start and keeps it."""
    if not embedded or variables.get("SECRET_KEY"):
        return _require(variables, "SECRET_KEY")
    path = data_dir / "secret_key"
    if not path.exists():
        create_once(path, secrets.token_urlsafe(48))
    return path.read_text("utf-8")


def _read_bundle_key(variables: Mapping[str, str], secret_key: str) -> str:
    """Return BUNDLE_KEY, which installations that exchange content share; the default is this installation's own."""
    # Derived under a purpose of its own: whoever is given this key learns nothing about SECRET_KEY.
    key = variables.get("BUNDLE_KEY") or hmac.digest(secret_key.encode(), b"content bundles", "sha256").hex()
    if len(key) < BUNDLE_KEY_LENGTH:
        # A bundle shows its own signature: whoever holds one may try short keys as long as he likes.
        raise ImproperlyConfigured(f"BUNDLE_KEY is too short; it must have {BUNDLE_KEY_LENGTH} characters or more")
    return key


def _make_folder(folder: Path) -> None:
    """Make a folder and see that files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be written ({error.strerror}); name another") from None


def create_once(path: Path, text: str) -> None:
    """Create a private file whole or not at all; of several processes that start together the first one wins."""
    with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
