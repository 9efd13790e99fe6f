"""What Django's routers are asked before rows and tables are touched."""

from typing import Any

from tenants import current
from tenants.backends.instances import refuse_another_apps
from tenants.registry import catalogue


class TenantRouter:
    """Keep rows in their app, and rooms that an app does not have out of it. There is one database: none is chosen."""

    def db_for_read(self, model: Any, **hints: Any) -> None:
        if (instance := hints.get("instance")) is not None:
            refuse_another_apps(instance)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> None:
        refuse_another_apps(one)
        refuse_another_apps(other)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        app = current.find()
        return False if app and app_label in catalogue.OPTIONAL_ROOMS.difference(app.rooms) else None
