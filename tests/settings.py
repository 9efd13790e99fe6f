"""The project's settings on throwaway data."""

from atexit import register
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from alphazed.settings import main
from alphazed.settings.main import *  # noqa: F403 - the names are the settings

SCRATCH = Path(mkdtemp(prefix="alphazed-tests-"))
register(rmtree, SCRATCH, ignore_errors=True)  # at exit

DATABASES = {"default": main.DATABASES["default"] | {"TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"}}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as threads do not share a database in memory; nothing here needs to survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] |= {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"}

STORAGES = main.STORAGES | {
    "default": {
        "BACKEND": "tenants.storage.AppFileSystemStorage",
        "OPTIONS": {"location": str(SCRATCH / "media")},
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
