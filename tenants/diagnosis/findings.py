"""What a check found, in one line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str  # "database", "amal: migrations"
    said: str
    next_step: str = ""  # what to do about it; empty: all is well

    @property
    def is_well(self) -> bool:
        return not self.next_step


type Check = Callable[[], Iterator[Finding]]


def examine(check: Check, subject: str, otherwise: str) -> Iterator[Finding]:
    """Run a check; one that cannot be run is a finding too, with `otherwise` as the next step."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - whatever is broken: the other checks are to be heard all the same
        yield Finding(subject, f"{type(error).__name__}: {error}".splitlines()[0], otherwise)
