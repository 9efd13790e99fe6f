"""A simulated child. What it truly remembers is its own affair: the server sees answers only.

Memory fades exponentially, each concept with a half-life of its own that practice lengthens, the more so the nearer it
was to being forgotten (the shape of Settles and Meeder 2016, half-life regression). On purpose not FSRS: the server's
model of memory must not meet itself. The figures of one such child say nothing about children.
"""

from collections.abc import Sequence
from math import exp
from random import Random
from typing import Literal, NamedTuple

from alphazed.demo.library import Exercise
from alphazed.demo.phone import Json

type Outcome = Literal["correct", "wrong", "skipped", "exposed"]

#: Nobody is ever quite sure.
SUREST = 0.97
FIRST_HALF_LIFE_DAYS = 3.0
SHORTEST_HALF_LIFE_DAYS = 0.5
SPACING = 2.5
FORGOTTEN = 0.8
SKIPS = 0.10
HINT_BELOW = 0.6
HINT_CHANCE = 0.3
HINT_HELPS = 0.25
QUICKEST_MS = 600


class Attempt(NamedTuple):
    """What a child did with an exercise; `pick` are indexes of choices or pieces, empty where nothing was picked."""

    outcome: Outcome
    rt_ms: int
    hints: int
    pick: tuple[int, ...]


class _Trace(NamedTuple):
    day: float  # of the last practice
    half_life: float  # days


class Child:
    """The same seed and the same lessons give the same answers; `talent` stretches every half-life."""

    def __init__(self, seed: str, *, talent: float = 1.0) -> None:
        self._random = Random(seed)  # noqa: S311 - reproducible is the point
        self._talent = talent
        self._traces: dict[int, _Trace] = {}

    def recall(self, concept: int, day: float) -> float:
        """Return the true chance that the child recalls a concept; days are counted from any day."""
        trace = self._traces.get(concept)
        return SUREST * 2 ** ((trace.day - day) / trace.half_life) if trace else 0.0

    def answer(self, exercise: Exercise, day: float) -> Attempt:
        """Let the child try an exercise; a concept that it has never seen is shown to it first."""
        if exercise.concept_id not in self._traces:
            self._study(exercise.concept_id, day)
        recall = self.recall(exercise.concept_id, day)
        attempt = self._try(exercise, recall) if _solution(exercise.payload) else self._look(exercise)
        self._study(exercise.concept_id, day, learned=attempt.outcome in {"correct", "exposed"})
        return attempt

    def _look(self, exercise: Exercise) -> Attempt:
        return Attempt("exposed", self._pace(exercise, 0.8), 0, ())

    def _try(self, exercise: Exercise, recall: float) -> Attempt:
        if self._random.random() < SKIPS * (1 - recall):
            return Attempt("skipped", self._pace(exercise, 0.5), 0, ())
        hints = int(recall < HINT_BELOW and self._random.random() < HINT_CHANCE)
        knows = self._random.random() < recall + HINT_HELPS * hints
        pick = _solution(exercise.payload) if knows else self._guess(exercise.payload)
        rt_ms = self._pace(exercise, 1.1 - 0.6 * recall + 0.5 * (not knows))
        return Attempt("correct" if is_right(exercise.payload, pick) else "wrong", rt_ms, hints, pick)

    def _guess(self, payload: Json) -> tuple[int, ...]:
        if "pieces" in payload:
            return tuple(self._random.sample(range(len(payload["pieces"])), len(payload["pieces"])))
        return (self._random.randrange(len(payload["choices"])),)

    def _pace(self, exercise: Exercise, slowness: float) -> int:
        return max(QUICKEST_MS, int(exercise.expected_ms * slowness * exp(self._random.gauss(0, 0.25))))

    def _study(self, concept: int, day: float, *, learned: bool = True) -> None:
        trace = self._traces.get(concept)
        if trace is None:
            ease = exp(self._random.gauss(0, 0.4))
            half_life = FIRST_HALF_LIFE_DAYS * self._talent * ease
        else:
            growth = 1 + SPACING * (1 - self.recall(concept, day)) if learned else FORGOTTEN
            half_life = max(SHORTEST_HALF_LIFE_DAYS, trace.half_life * growth)
        self._traces[concept] = _Trace(day, half_life)


def is_right(payload: Json, pick: Sequence[int]) -> bool:
    """Grade as a phone does: what was built is compared, as pieces may repeat, not where its pieces lay."""
    if "pieces" in payload:
        return [payload["pieces"][place] for place in pick] == [payload["pieces"][place] for place in payload["order"]]
    return list(pick) == [payload["answer"]]


def _solution(payload: Json) -> tuple[int, ...]:
    """Return the right pick, empty for an exercise that only shows something."""
    if "pieces" in payload:
        return tuple(payload["order"])
    return (payload["answer"],) if "choices" in payload else ()
