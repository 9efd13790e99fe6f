"""Run a command of `manage.py` and send it a signal right before it does something.

    dying.py SIGNAL PATTERN NTH COMMAND…

The nth thing that matches the pattern is meant, of all that it does: the statements it sends to the database, COMMIT
among them, and the changes it makes to the file system. A process that is killed there leaves the same at every run.
"""

import os
import re
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

#: What a process does to the file system, as Python tells its audit hooks.
FILE_EVENTS = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}


def _arm(sign: int, moment: str, nth: int) -> None:
    """Send this process a signal right before the nth thing it does that matches."""
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415 - in the killed process only
    from django.db.backends.utils import CursorWrapper  # noqa: PLC0415 - in the killed process only

    seen = 0
    execute, commit = CursorWrapper._execute_with_wrappers, BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    def happens(what: str) -> None:
        nonlocal seen
        if re.search(moment, what):
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), sign)

    def execute_watched(self: Any, sql: str, *arguments: Any, **options: Any) -> Any:
        happens(sql)
        return execute(self, sql, *arguments, **options)

    def commit_watched(self: Any) -> None:
        happens("COMMIT")
        commit(self)

    sys.addaudithook(lambda event, details: happens(f"{event} {details}") if event in FILE_EVENTS else None)
    CursorWrapper._execute_with_wrappers = execute_watched  # type: ignore[attr-defined]
    BaseDatabaseWrapper._commit = commit_watched  # type: ignore[attr-defined]


def _run_armed(sign: str, moment: str, nth: str, *arguments: str) -> None:
    # Whoever started the tests may have told its children to ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[0] = str(Path.cwd())  # not the folder of this file, whose rooms would hide the copied ones
    sys.argv = ["manage.py", *arguments]
    _arm(int(sign), moment, int(nth))
    runpy.run_path("manage.py", run_name="__main__")


if __name__ == "__main__":
    _run_armed(*sys.argv[1:])
