"""Threads that know which app they work for."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, override

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable


class AppThreadPoolExecutor(ThreadPoolExecutor):
    """Run each call in the context of whoever submits it: the app, and the request that the log names.

    A plain thread has no app in a shared process, and its queries raise `NoTenant`. Django's connections belong to the
    thread that opened them, and nothing else can close them: here none outlives its call, so what waits for work holds
    no connection and what ends leaves none behind. Give a thread enough to do in one call.
    """

    @override
    def submit[**P, R](self, fn: "Callable[P, R]", /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        def call() -> R:
            try:
                return fn(*args, **kwargs)
            finally:
                connections.close_all()

        # A copy for each call, as a context cannot be entered by two threads at once.
        return super().submit(copy_context().run, call)
