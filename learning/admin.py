"""What children did, to be looked at: all of it is written by the endpoints, and memory follows from answers."""

from datetime import UTC, datetime

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from learning.hot.days import day_to_date
from learning.models import Answer, LearnerState, LearningDay, LessonSession, UserMemory
from tenants.admin import LearnersRowsAdmin, label

OUTCOME_COLOURS = {"correct": "success", "wrong": "danger", "skipped": "warning", "exposed": "info"}


def instant(milliseconds: int) -> datetime:
    """Return the instant that a hot table holds as milliseconds since 1970 UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@admin.register(Answer)
class AnswerAdmin(LearnersRowsAdmin):
    list_display = ["answered_at", "user", "byte", "coloured_outcome", "seconds", "foreseen", "received_at"]
    list_select_related = ["user", "byte"]
    ordering = ["-pk"]
    paginator = InfinitePaginator
    readonly_fields = ["answered_at", "received_at"]

    @admin.display(description="answered at")
    def answered_at(self, answer: Answer) -> datetime:
        return instant(answer.answered_ms)

    @admin.display(description="received at", ordering="pk")
    def received_at(self, answer: Answer) -> datetime:
        return instant(answer.received_ms)

    @admin.display(description="seconds")
    def seconds(self, answer: Answer) -> float | None:
        return None if answer.rt_ms is None else round(answer.rt_ms / 1000, 1)

    @admin.display(description="foreseen", ordering="p_predicted")
    def foreseen(self, answer: Answer) -> str | None:
        return None if answer.p_predicted is None else f"{answer.p_predicted:.0%}"

    @label(OUTCOME_COLOURS, description="outcome", ordering="outcome")
    def coloured_outcome(self, answer: Answer) -> str:
        return str(answer.outcome)


@admin.register(UserMemory)
class UserMemoryAdmin(LearnersRowsAdmin):
    list_display = ["user", "concept", "right", "days", "hardness", "reps", "last_on", "due_on"]
    list_select_related = ["user", "concept"]
    ordering = ["-pk"]
    paginator = InfinitePaginator

    @admin.display(description="accuracy", ordering="accuracy")
    def right(self, memory: UserMemory) -> str:
        return f"{memory.accuracy:.0%}"

    @admin.display(description="stability", ordering="stability")
    def days(self, memory: UserMemory) -> str:
        return f"{memory.stability:.1f} d"

    @admin.display(description="difficulty", ordering="difficulty")
    def hardness(self, memory: UserMemory) -> str:
        return f"{memory.difficulty:.1f}"

    @admin.display(description="last day")
    def last_on(self, memory: UserMemory) -> str:
        return day_to_date(memory.last_day)

    @admin.display(description="due")
    def due_on(self, memory: UserMemory) -> str:
        return day_to_date(memory.due_day)


@admin.register(LearningDay)
class LearningDayAdmin(LearnersRowsAdmin):
    list_display = ["user", "date", "answers", "correct"]
    ordering = ["-pk"]
    paginator = InfinitePaginator

    @admin.display(description="day")
    def date(self, learning_day: LearningDay) -> str:
        return day_to_date(learning_day.day)


@admin.register(LearnerState)
class LearnerStateAdmin(LearnersRowsAdmin):
    list_display = ["user", "ability_logit", "utc_offset_min", "memory_version"]
    ordering = ["-pk"]

    @admin.display(description="ability", ordering="ability")
    def ability_logit(self, state: LearnerState) -> str:
        return f"{state.ability:+.2f}"


@admin.register(LessonSession)
class LessonSessionAdmin(LearnersRowsAdmin):
    list_display = ["__str__", "user", "date", "number", "release", "size", "seconds", "created_at"]
    ordering = ["-pk"]
    paginator = InfinitePaginator
    readonly_fields = ["created_at"]

    @admin.display(description="day")
    def date(self, session: LessonSession) -> str:
        return day_to_date(session.local_day)

    @admin.display(description="created at", ordering="pk")
    def created_at(self, session: LessonSession) -> datetime:
        return instant(session.created_ms)
