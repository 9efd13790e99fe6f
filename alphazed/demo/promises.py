"""What the server has promised, checked while the story goes on."""


class DemoFailed(Exception):
    """The week cannot go on; the message is one line for the person who ran it."""


class BrokenPromise(DemoFailed):
    """The server answered politely, and wrongly."""


class Promises:
    """Counts what one app has kept, so that the last page can say how much there was to break."""

    def __init__(self, app: str) -> None:
        self.kept = 0
        self._app = app

    def hold(self, condition: bool, sentence: str) -> None:  # noqa: FBT001 - reads as an assertion
        """Check a promise; raise BrokenPromise with the sentence that does not hold."""
        if not condition:
            raise BrokenPromise(f"{self._app}: the server broke a promise: {sentence}")
        self.kept += 1
