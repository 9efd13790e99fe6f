"""One child with one app: who it is, what lies on its phone, and what it has told the server."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from alphazed.demo.child import Attempt, Child
from alphazed.demo.days import StoryDay, to_rfc3339, utc_offset_min
from alphazed.demo.library import Exercise, Library
from alphazed.demo.phone import Json, Phone
from alphazed.demo.promises import Promises


class Person(NamedTuple):
    """Who plays: the protagonist of one app."""

    app: str
    name: str
    age: int
    city: str
    country: str
    locale: str
    timezone: str
    talent: float

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Given(NamedTuple):
    """An answer that was given: the attempt, and the answer as it is sent."""

    day: int
    exercise: Exercise
    attempt: Attempt
    sent: Json


@dataclass(slots=True)
class Tally:
    """Figures of the week; of answers only those that the child itself has sent."""

    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    lessons: int = 0
    opened: int = 0  # concepts begun because what they rest on was known
    bytes_downloaded: int = 0


@dataclass(slots=True)
class Player:
    """State of one side of the story."""

    person: Person
    phone: Phone
    promises: Promises
    child: Child
    random: Random
    guardian_id: int = 0
    learner_id: int = 0
    release: int = 0
    memory_version: int = 0
    library: Library = field(default_factory=Library)
    tally: Tally = field(default_factory=Tally)
    given: list[Given] = field(default_factory=list)  # all that was ever given, in order
    kept: list[Given] = field(default_factory=list)  # of these, what the server has not seen yet

    @property
    def name(self) -> str:
        return self.person.name

    def give(self, byte_id: int, day: StoryDay, session_id: int) -> Given:
        """Let the child answer one exercise, and keep the answer on the phone."""
        exercise = self.library.exercises[byte_id]
        attempt = self.child.answer(exercise, float(day.number))
        moment = day.moment(sum(each.day == day.number for each in self.given))
        given = Given(day.number, exercise, attempt, self._answer(exercise, attempt, moment, session_id))
        self.given.append(given)
        self.kept.append(given)
        return given

    def _answer(self, exercise: Exercise, attempt: Attempt, moment: datetime, session_id: int) -> Json:
        return {
            "client_id": str(UUID(int=self.random.getrandbits(128), version=4)),
            "byte_id": exercise.id,
            "outcome": attempt.outcome,
            "rt_ms": attempt.rt_ms,
            "hints": attempt.hints,
            "answered_at": to_rfc3339(moment),
            "utc_offset_min": utc_offset_min(moment),
            "device_seq": len(self.given) + 1,
            "session_id": session_id,
        }
