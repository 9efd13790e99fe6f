"""Files that belong to an app, in a folder of its own."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import override

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

from tenants import current


class AppFileSystemStorage(FileSystemStorage):
    """Keep each app's files under `<location>/<app>/`; outside an app every call raises `NoTenant`.

    A file is there whole or not at all, whoever reads it meanwhile and whenever the writer is killed.
    """

    @override
    def path(self, name: str) -> str:
        return safe_join(safe_join(self.location, current.get().name), name)

    @override
    def url(self, name: str | None) -> str:
        """Return the file's address, in the app's own folder as the file is; refuse one that climbs out of it."""
        self.path(name or "")
        return super().url(f"{current.get().name}/{name or ''}")

    # Django's hook for subclasses, which its type stubs do not have.
    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(target)
        return name
