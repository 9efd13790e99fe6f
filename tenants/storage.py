"""Files that belong to an app, in a folder of its own."""

from typing import override

from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

from tenants import current


class AppFileSystemStorage(FileSystemStorage):
    """Keep each app's files under `<location>/<app>/`; outside an app every call raises `NoTenant`."""

    @override
    def path(self, name: str) -> str:
        return safe_join(safe_join(self.location, current.get().name), name)
