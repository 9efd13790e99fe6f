"""What a Celery worker does for a message beside its task, in the message's app: take it up, and bury it.

Loaded by workers only: what it imports of Celery would cost every start of the web's processes 30 ms.
"""

from typing import TYPE_CHECKING, Any, override

from celery.exceptions import InvalidTaskError
from celery.worker.request import Request
from celery.worker.strategy import default

from thin import origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery, Task
    from kombu.message import Message


def take_in_its_app(task: "Task", app: "Celery", consumer: object) -> "Callable[..., object]":
    """Return what takes a task's messages from the broker; one that must not run here ends in an error of the log."""
    take = default(task, app, consumer)

    def take_or_refuse(message: "Message", *rest: object) -> object:
        try:
            with origin.resumed(message.headers):
                return take(message, *rest)
        except origin.Misdirected as error:
            raise InvalidTaskError(str(error)) from error

    return take_or_refuse


class AppRequest(Request):  # type: ignore[misc]
    """Logs, retries and calls back for a task whose own process was killed."""

    @override
    def on_timeout(self, soft: bool, timeout: float) -> None:
        with origin.resumed(self.request_dict):
            super().on_timeout(soft, timeout)

    @override
    def on_failure(self, *args: Any, **options: Any) -> Any:
        with origin.resumed(self.request_dict):
            return super().on_failure(*args, **options)
