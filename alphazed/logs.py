"""Which app and which request a line of the log is about."""

import logging
from typing import Any, override

from tenants import current
from thin.origin import request_id


class OriginFilter(logging.Filter):
    """Add `app` and `request_id` to every record; outside an app and a request they are "-"."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        app = current.find()
        record.app = app.name if app else "-"
        record.request_id = request_id.get() or "-"
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"origin": {"()": OriginFilter}},
    "formatters": {"line": {"format": "{asctime} {levelname} [{app} {request_id}] {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["origin"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers would print the same lines again, and mail them.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # Refusals are the client's affair, and millions a day.
        "django.request": {"level": "ERROR"},
    },
}
