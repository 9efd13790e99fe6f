"""What the session generator reads of a learner."""

from django.db.models import Max

from learning.hot.days import MS_PER_DAY
from learning.hot.learners import LearnerState
from learning.models import Answer, UserMemory
from learning.sessions.learner import Learner, Recent, pack_memories

#: Bytes shown longer ago are as good as never shown.
SHOWN_DAYS = 30
RECENT_ANSWERS = 60
#: A graded answer foreseen within this range was a challenge.
CHALLENGE_FROM, CHALLENGE_TO = 0.55, 0.75


def read_learner(*, learner_id: int, state: LearnerState, now_ms: int) -> Learner:
    """Return a learner as the generator sees them: three queries of plain rows, no objects."""
    memories = UserMemory.objects.filter(user_id=learner_id).values_list(
        "concept_id", "stability", "difficulty", "last_day", "unlocked_until_day", "reps"
    )
    answers = Answer.objects.filter(user_id=learner_id)
    shown = answers.filter(answered_ms__gte=now_ms - SHOWN_DAYS * MS_PER_DAY)
    return Learner(
        memories=pack_memories(memories),
        ability=state.ability,
        recent=_read_recent(learner_id),
        last_shown=dict(shown.values_list("byte_id").annotate(Max("local_day")).order_by()),
    )


def _read_recent(learner_id: int) -> Recent:
    graded = Answer.objects.filter(user_id=learner_id, p_predicted__isnull=False).order_by("-answered_ms", "-pk")
    rows = list(graded.values_list("outcome", "p_predicted")[:RECENT_ANSWERS])
    right = [outcome == Answer.Outcome.CORRECT for outcome, _ in rows]
    stretch = [CHALLENGE_FROM <= (p or 0) < CHALLENGE_TO for _, p in rows]
    return Recent(
        graded=len(rows),
        correct=sum(right),
        challenges=sum(stretch),
        challenges_correct=sum(correct and hard for correct, hard in zip(right, stretch, strict=True)),
    )


def count_begun(*, learner_id: int, session_id: int) -> int:
    """Return how many concepts the learner was asked about for the first time in this session."""
    answers = Answer.objects.filter(user_id=learner_id)
    asked = answers.filter(p_predicted__isnull=False)  # what was only shown may still come up as new
    here = set(asked.filter(session_id=session_id).values_list("concept_id", flat=True))
    elsewhere = asked.filter(concept_id__in=here).exclude(session_id=session_id)
    return len(here - set(elsewhere.values_list("concept_id", flat=True)))


def list_answered_bytes(*, learner_id: int, session_id: int) -> list[int]:
    """Return the bytes of a session that the learner has already answered, in order of id."""
    answers = Answer.objects.filter(user_id=learner_id, session_id=session_id)
    return list(answers.values_list("byte_id", flat=True).distinct().order_by("byte_id"))
