"""What an app is: the frozen record that its TOML file becomes.

NamedTuples, because the Lambda handler reads this module before its first answer and dataclasses cost it ten
milliseconds at import.
"""

from collections.abc import Mapping
from typing import NamedTuple

#: Characters of a table name kept free for the prefix. Constant for ever: names already cut by it live in databases.
RESERVED_FOR_PREFIX = 16


class Theme(NamedTuple):
    """How the app shows itself to editors."""

    primary: str  # "#rrggbb"
    emoji: str


class LessonMix(NamedTuple):
    """Targets for one session of content_duo: shares from low to high; what cannot be met falls to review."""

    new: tuple[float, ...]  # (low, high)
    review: tuple[float, ...]
    challenge: tuple[float, ...]
    new_per_session: int
    open_concepts: int  # no new concept is opened while so many are not yet held for two days
    target_success: float  # chance of a right answer that a byte is chosen for
    retention: float  # recall at which a concept falls due


class Limits(NamedTuple):
    """Upper bounds that protect the service; a request beyond one is refused with its name."""

    answers_per_call: int
    body_bytes: int
    learners_per_guardian: int
    session_items: int


class App(NamedTuple):
    """One app of the family, as `tenants/registry/<name>.toml` describes it over its family and `default.toml`."""

    name: str
    family: str
    title: Mapping[str, str]  # {language: text}, with a text for the first language
    hosts: tuple[str, ...]
    languages: tuple[str, ...]  # ISO 639-1, the app's default first
    features: tuple[str, ...]
    rooms: tuple[str, ...]  # the optional ones whose tables the app has
    curriculum: str
    min_version: str
    daily_goal: int  # graded answers a day
    theme: Theme
    lesson_mix: LessonMix
    limits: Limits

    @property
    def prefix(self) -> str:
        return self.name + "_"

    @property
    def default_title(self) -> str:
        return self.title[self.languages[0]]
