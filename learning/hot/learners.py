"""One learner's own row: the lock, the ability, and what day it is where the child is."""

from typing import NamedTuple

from learning.hot.days import local_day
from thin.database import Database
from thin.errors import NotFound


class LearnerState(NamedTuple):
    """What is kept of a learner as a whole; the offset is that of the latest answer, in minutes east of UTC."""

    ability: float
    utc_offset_min: int
    memory_version: int


def lock_learner(database: Database, learner: int) -> LearnerState:
    """Return a learner's state and hold the learner until the transaction ends.

    Without the lock two devices of one child would each replay without the other's answers, and the slower one
    would write over the faster one's memory.
    """
    if not database.select(f"SELECT id FROM {{app}}users WHERE id = %s{database.for_update}", (learner,)):  # noqa: S608 - a constant
        raise NotFound
    return get_state(database, learner)


def get_state(database: Database, learner: int) -> LearnerState:
    """Return a learner's state, a beginner's where nothing was answered yet."""
    rows = database.select(
        "SELECT COALESCE(s.ability, 0.0), COALESCE(s.utc_offset_min, u.utc_offset_min), COALESCE(s.memory_version, 0)"
        " FROM {app}users u LEFT JOIN {app}learner_states s ON s.user_id = u.id WHERE u.id = %s",
        (learner,),
    )
    return LearnerState(*rows[0])


def write_state(database: Database, learner: int, state: LearnerState) -> None:
    """Write a learner's state, under the learner's lock."""
    database.execute(
        "REPLACE INTO {app}learner_states (user_id, ability, utc_offset_min, memory_version) VALUES (%s, %s, %s, %s)",
        (learner, *state),
    )


def find_today(state: LearnerState, now_ms: int) -> int:
    """Return the local day that it is for the child."""
    return local_day(now_ms, state.utc_offset_min)
