"""content_duo: a session made on demand for one child, and what is left of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.db import transaction

from content.files import Folder, open_file
from content.models import Publication, Release
from content.release_index import ReleaseIndex, load
from learning.hot.learners import LearnerState, find_today, get_state, lock_learner
from learning.models import LessonSession
from learning.queries import count_begun, list_answered_bytes, read_learner
from learning.sessions.generate import generate
from learning.sessions.plan import Item, Mix, Plan, Share
from tenants import current
from tenants.services import DjangoDatabase
from thin.errors import AppError, NotFound


class NothingPublished(AppError):
    code = "nothing_published"
    http_status = 409
    title = "The app has no release to make a session from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A session as a phone plays it: the items' payloads are those of the release."""

    session: LessonSession
    items: list[Item]
    payloads: list[dict[str, Any]]


def start_session(*, learner_id: int, size: int, seconds: int, seed: str, now: datetime) -> Lesson:
    """Make a session for a learner; an empty seed lets the day, its count and the release decide."""
    publication = Publication.objects.select_related("release").first()
    if publication is None:
        raise NothingPublished
    now_ms = _to_ms(now)
    with transaction.atomic():
        # Locked, or two devices starting at once would take the same number of the day.
        state = lock_learner(DjangoDatabase(), learner_id)
        today = find_today(state, now_ms)
        number = LessonSession.objects.filter(user_id=learner_id, local_day=today).count() + 1
        session = LessonSession.objects.create(
            user_id=learner_id,
            local_day=today,
            number=number,
            seed=seed or _make_seed(learner_id, today, number, publication.release.number),
            release=publication.release.number,
            size=size,
            seconds=seconds,
            created_ms=now_ms,
        )
    return _make_lesson(session, publication.release, state, answered=[], now_ms=now_ms)


def continue_session(*, learner_id: int, session_id: int, now: datetime) -> Lesson:
    """Make what is left of a session anew, from what the answers so far have shown."""
    session = LessonSession.objects.filter(pk=session_id, user_id=learner_id).first()
    if session is None:
        raise NotFound("the learner has no such session")
    state = get_state(DjangoDatabase(), learner_id)
    # The release it began with: a publication in the middle of a session must not change what is asked.
    release = Release.objects.get(number=session.release)
    answered = list_answered_bytes(learner_id=learner_id, session_id=session.pk)
    return _make_lesson(session, release, state, answered=answered, now_ms=_to_ms(now))


def _make_lesson(
    session: LessonSession, release: Release, state: LearnerState, *, answered: list[int], now_ms: int
) -> Lesson:
    index = read_index(release.index_sha256)
    left = max(session.size - len(answered), 0)
    begun = count_begun(learner_id=session.user_id, session_id=session.pk) if answered else 0
    mix = _read_mix()
    plan = Plan(
        today=find_today(state, now_ms),
        size=left,
        seconds=session.seconds * left / session.size,
        # Another seed after each answer: what is left is drawn anew, and the same way every time it is asked for.
        seed=f"{session.seed}/{len(answered)}",
        # The cap on new concepts is the whole session's, however often the rest of it is asked for.
        mix=mix._replace(new_per_session=max(mix.new_per_session - begun, 0)),
        exclude=frozenset(answered),
    )
    items = generate(index, read_learner(learner_id=session.user_id, state=state, now_ms=now_ms), plan)
    return Lesson(session=session, items=items, payloads=[index.payload(item.position) for item in items])


@lru_cache(maxsize=16)
def read_index(sha256: str) -> ReleaseIndex:
    """Return a release's index, kept in the process.

    Safe across apps although rows' ids are in it: the key is the hash of the whole content, ids included.
    """
    with open_file(Folder.INDEXES, sha256) as file:
        return load(file.read())


def _read_mix() -> Mix:
    mix = current.get().lesson_mix
    return Mix(
        new=Share(*mix.new),
        review=Share(*mix.review),
        challenge=Share(*mix.challenge),
        new_per_session=mix.new_per_session,
        open_concepts=mix.open_concepts,
        target_success=mix.target_success,
    )


def _make_seed(learner_id: int, day: int, number: int, release: int) -> str:
    return blake2b(f"{learner_id}/{day}/{number}/{release}".encode(), digest_size=8).hexdigest()


def _to_ms(now: datetime) -> int:
    return int(now.timestamp() * 1000)
