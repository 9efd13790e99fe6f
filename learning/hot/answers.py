"""Answers: parsed, verified and applied, three steps of which the last can also run from a queue."""

from typing import NamedTuple

from accounts.hot.access import authenticate, may_act_for
from learning.hot.batches import Rejected, parse
from learning.hot.days import streak
from learning.hot.learners import LearnerState, find_today, lock_learner, write_state
from learning.hot.projection import credit_days, project_memories
from learning.hot.recording import find_new, foresee, insert, read_history, read_latest_offset
from learning.hot.verification import Verified, verify
from thin.database import Database
from thin.errors import NotFound
from thin.http import Request, Response, Services, answer, read_json_object


class Applied(NamedTuple):
    """What a batch changed."""

    accepted: int
    duplicates: int
    streak: int  # local days in a row
    memory_version: int


def record(request: Request, services: Services) -> Response:
    """Take a batch of answers; late, repeated or shuffled, it changes nothing twice."""
    app = services.app
    caller = authenticate(request, services).subject
    payload = read_json_object(request, app.limits.body_bytes)
    batch = parse(payload, most=app.limits.answers_per_call)
    verified, rejected = verify(services.database, batch, now_ms=request.now_ms)
    applied = apply(
        services.database,
        verified,
        caller=caller,
        learner=int(request.params["user_id"]),
        retention=app.lesson_mix.retention,
        now_ms=request.now_ms,
    )
    return answer(
        {
            "accepted": applied.accepted,
            "duplicates": applied.duplicates,
            "rejected": [each._asdict() for each in _in_order(batch.rejected, rejected)],
            "streak": applied.streak,
            "memory_version": applied.memory_version,
        }
    )


def apply(
    database: Database, verified: list[Verified], *, caller: int, learner: int, retention: float, now_ms: int
) -> Applied:
    """Store what is new and bring the learner's memory up to date, all or nothing.

    Whether the caller may act for the learner is asked here, as a batch may have waited since it was sent.
    """
    if not may_act_for(database, subject=caller, learner=learner):
        raise NotFound
    with database.transaction():
        state = lock_learner(database, learner)
        new = find_new(database, learner, verified)
        if new:
            state = _add(database, learner, new, state, retention=retention, now_ms=now_ms)
        days = credit_days(database, learner, new)
    return Applied(
        accepted=len(new),
        duplicates=len(verified) - len(new),
        streak=streak(days, find_today(state, now_ms)),
        memory_version=state.memory_version,
    )


def _add(
    database: Database, learner: int, new: list[Verified], state: LearnerState, *, retention: float, now_ms: int
) -> LearnerState:
    history = read_history(database, learner, {each.concept_id for each in new})
    foreseen, ability = foresee(new, history, state.ability)
    insert(database, learner, foreseen, now_ms=now_ms)
    project_memories(database, learner, history, retention=retention)
    state = LearnerState(ability, read_latest_offset(database, learner), state.memory_version + 1)
    write_state(database, learner, state)
    return state


def _in_order(*refusals: list[Rejected]) -> list[Rejected]:
    return sorted((each for refused in refusals for each in refused), key=lambda each: each.client_id or "")
