"""What follows from stored answers: memories and credited days."""

from collections import Counter

from learning.hot.memory import Memory, accuracy, due_day, replay, unlocked_until_day
from learning.hot.recording import History
from learning.hot.verification import Verified
from thin.database import Database

# REPLACE, as MySQL and SQLite both know it and one statement takes many rows. Under the learner's lock nobody else
# writes these rows, and nothing refers to their ids.
_REPLACE_MEMORY = (
    "REPLACE INTO {app}user_memory (user_id, concept_id, accuracy, stability, difficulty, first_day, last_day, due_day,"
    " unlocked_until_day, accurate_since_day, reps, correct, varied_successes, exposures)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_REPLACE_DAY = "REPLACE INTO {app}learning_days (user_id, day, answers, correct) VALUES (%s, %s, %s, %s)"


def project_memories(database: Database, learner: int, history: History, *, retention: float) -> None:
    """Write the memory of each concept anew, from all its answers."""
    memories = {concept: replay(answers) for concept, answers in history.items()}
    rows = [
        _memory_columns(learner, concept, memory, retention)
        for concept, memory in memories.items()
        if memory is not None
    ]
    database.execute_many(_REPLACE_MEMORY, rows)


def credit_days(database: Database, learner: int, new: list[Verified]) -> list[int]:
    """Count new graded answers towards their local days; return all days ever credited.

    Looking at something credits the day, for the streak, but counts towards no goal. Adding is exact, as an answer is
    new only once.
    """
    stored = database.select("SELECT day, answers, correct FROM {app}learning_days WHERE user_id = %s", (learner,))
    days = {day: (answers, correct) for day, answers, correct in stored}
    graded = Counter(answer.local_day for answer in new if answer.submitted.outcome != "exposed")
    correct = Counter(answer.local_day for answer in new if answer.submitted.outcome == "correct")
    touched = {answer.local_day for answer in new}
    for day in touched:
        before = days.get(day, (0, 0))
        days[day] = (before[0] + graded[day], before[1] + correct[day])
    database.execute_many(_REPLACE_DAY, [(learner, day, *days[day]) for day in sorted(touched)])
    return list(days)


def _memory_columns(learner: int, concept: int, memory: Memory, retention: float) -> tuple[int | float, ...]:
    return (
        learner,
        concept,
        accuracy(memory),
        memory.stability,
        memory.difficulty,
        memory.first_day,
        memory.last_day,
        due_day(memory, retention),
        unlocked_until_day(memory),
        memory.accurate_since_day,
        memory.reps,
        memory.correct,
        memory.varied_successes,
        memory.exposures,
    )
