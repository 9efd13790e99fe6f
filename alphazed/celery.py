"""The Celery application: the tasks' registry and tracer, and what keeps a message in its app.

The outbox is the door to jobs, and `jobs_worker` needs no broker. Where there is one (CELERY_BROKER_URL), `delay()`,
`celery -A alphazed worker` and `beat` work too: a message carries the app and the request that caused it, and is worked
on there. Celery's signals could not do it: what a receiver raises is logged and passed over, so it refuses nothing.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any, override

from celery import Celery, Task, signals

from tenants import current
from thin import origin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alphazed.settings.main")  # noqa: TID251 - Celery asks for it here


class ForeignHeaders(ValueError):
    """A message was to be sent for another app than the current one."""

    def __init__(self, named: object, app: str) -> None:
        super().__init__(f"the headers name {named!r} while the current app is {app!r}: enter the app that is meant")


class AppCelery(Celery):  # type: ignore[misc]
    """Sends each message with the headers of where it comes from; outside an app it sends nothing."""

    task_cls = "alphazed.celery:AppTask"

    @override
    def send_task(self, name: str, *args: Any, **options: Any) -> Any:
        # Every way to send ends here: delay, chains, groups, chords, callbacks, retries and beat.
        headers = options.pop("headers", None) or {}
        return super().send_task(name, *args, headers=_stamp(headers), **options)


def _stamp(given: Mapping[str, Any]) -> dict[str, Any]:
    """Add the current app to headers; where none is current, as in beat, they may name one themselves."""
    if current.find() is None and "app" in given:
        with origin.resumed(given):
            return _stamp(given)
    headers = origin.make_headers()
    if given.get("app", headers["app"]) != headers["app"]:
        raise ForeignHeaders(given["app"], headers["app"])
    return {**given, **headers}


class AppTask(Task):  # type: ignore[misc]
    """Runs, fails, retries and leads on to the next of its chain in the app of its message."""

    abstract = True
    Strategy = "alphazed.celery_worker:take_in_its_app"
    Request = "alphazed.celery_worker:AppRequest"

    _trace: Callable[..., object] | None = None

    @property
    def __trace__(self) -> Callable[..., object] | None:
        """What a worker runs for a message: the task, what is linked to it, and Celery's own lines in the log."""
        return self._trace

    @__trace__.setter
    def __trace__(self, trace: Callable[..., object] | None) -> None:
        self._trace = trace and _in_its_app(trace)

    @override
    def apply(self, *args: Any, **options: Any) -> Any:
        """Run at once, as `task_always_eager` has it; refuse to outside an app, where nothing could be sent either."""
        current.get()
        return super().apply(*args, **options)

    @override
    def retry(self, *args: Any, **options: Any) -> Any:
        """Try again in the app of the message, whatever the task has entered since."""
        headers = self.request.headers or {}
        if "app" not in headers:  # eager, or called as a function
            return super().retry(*args, **options)
        with origin.resumed(headers):
            return super().retry(*args, **options)


def _in_its_app(trace: Callable[..., object]) -> Callable[..., object]:
    def trace_in_its_app(uuid: str, args: object, kwargs: object, request: Mapping[str, object]) -> object:
        with origin.resumed(request):
            return trace(uuid, args, kwargs, request)

    return trace_in_its_app


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def leave_logging_alone(**_: object) -> None:
    """Keep the lines of the log as the settings have them: a worker would put handlers of its own in their place."""


app = AppCelery("alphazed", set_as_current=True)
app.config_from_object(
    {
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "result_expires": None,  # or beat would send a daily clean-up of results, for no app
    }
)
app.autodiscover_tasks()
