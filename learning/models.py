"""What children did, and what follows from it.

Hot tables: instants are milliseconds since 1970 UTC, days are local days counted from 1970-01-01, flags are 0 or 1, and
there is no JSON, because the database drivers disagree on everything richer.
"""

from django.db import models

from accounts.models import User
from content.models import Concept, ContentByte


class Answer(models.Model):
    """One attempt at one byte, as the phone told it. Only ever added.

    What a rating depends on stands on the row itself, as it was when the answer was first stored: editing a byte later
    changes no child's past.
    """

    class Outcome(models.TextChoices):
        CORRECT = "correct"
        WRONG = "wrong"
        SKIPPED = "skipped"
        EXPOSED = "exposed"

    user = models.ForeignKey(User, models.CASCADE, related_name="answers", db_index=False)
    client_id = models.CharField(max_length=64, help_text="The phone's own id: the same answer sent twice is one")
    # Content is retired, never deleted; a foreign key would cost two more indexes on the largest table.
    byte = models.ForeignKey(ContentByte, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    concept = models.ForeignKey(Concept, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    outcome = models.CharField(max_length=8, choices=Outcome)
    rt_ms = models.PositiveIntegerField(null=True)
    hints = models.PositiveSmallIntegerField()
    answered_ms = models.BigIntegerField()
    received_ms = models.BigIntegerField()
    utc_offset_min = models.SmallIntegerField()
    local_day = models.IntegerField()
    device_seq = models.BigIntegerField()
    session_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    expected_ms = models.PositiveIntegerField()
    guess = models.FloatField()
    rule_version = models.PositiveSmallIntegerField()
    p_predicted = models.FloatField(null=True, help_text="Chance of a right answer, as foreseen; none for an exposure")

    class Meta:
        db_table = "answers"
        constraints = [models.UniqueConstraint(fields=["user", "client_id"], name="answers_once")]
        indexes = [
            models.Index(fields=["user", "concept", "answered_ms"], name="answers_of_concept"),
            models.Index(fields=["user", "answered_ms"], name="answers_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.outcome} {self.byte_id}"


class UserMemory(models.Model):
    """What one learner's answers about one concept amount to: `learning.hot.memory.replay` of them, nothing else."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memories", db_index=False)
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="+")
    accuracy = models.FloatField(help_text="Share of graded attempts that were correct")
    stability = models.FloatField(help_text="Days until recall falls to 90 %")
    difficulty = models.FloatField(help_text="FSRS, 1 to 10")
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    due_day = models.IntegerField()
    unlocked_until_day = models.IntegerField(help_text="0 while it does not open what depends on it")
    accurate_since_day = models.IntegerField()
    reps = models.PositiveIntegerField()
    correct = models.PositiveIntegerField()
    varied_successes = models.PositiveIntegerField()
    exposures = models.PositiveIntegerField()

    class Meta:
        db_table = "user_memory"
        verbose_name_plural = "user memory"
        constraints = [models.UniqueConstraint(fields=["user", "concept"], name="user_memory_once")]
        indexes = [models.Index(fields=["user", "due_day"], name="user_memory_due")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.concept_id}"


class LearningDay(models.Model):
    """A local day on which a learner answered. Credited once and for good: no change of time zone takes it back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="learning_days", db_index=False)
    day = models.IntegerField()
    answers = models.PositiveIntegerField()
    correct = models.PositiveIntegerField()

    class Meta:
        db_table = "learning_days"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="learning_days_once")]
        indexes = [models.Index(fields=["day"], name="learning_days_day")]

    def __str__(self) -> str:
        return f"{self.user_id} on day {self.day}"


class LearnerState(models.Model):
    """What is kept of a learner as a whole.

    `ability` is Elo: it depends on the order in which answers arrived, unlike everything in `UserMemory`.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="learner_state")
    ability = models.FloatField(default=0, help_text="Elo logit")
    utc_offset_min = models.SmallIntegerField(help_text="Of the latest answer")
    memory_version = models.PositiveIntegerField(default=0, help_text="Grows with every batch that added an answer")

    class Meta:
        db_table = "learner_states"

    def __str__(self) -> str:
        return f"{self.user_id} at version {self.memory_version}"


class LessonSession(models.Model):
    """One session of content_duo: with the seed and the release it can be made again to the last item."""

    user = models.ForeignKey(User, models.CASCADE, related_name="lesson_sessions", db_index=False)
    local_day = models.IntegerField()
    number = models.PositiveSmallIntegerField(help_text="Counted within the local day, from 1")
    seed = models.CharField(max_length=64)
    release = models.PositiveIntegerField()
    size = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    created_ms = models.BigIntegerField()

    class Meta:
        db_table = "lesson_sessions"
        constraints = [models.UniqueConstraint(fields=["user", "local_day", "number"], name="lesson_sessions_once")]

    def __str__(self) -> str:
        return f"{self.user_id} session {self.number} of day {self.local_day}"
