"""Simulated children: what they truly remember, and the record that is kept of their answers.

The truth is ACT-R with the spacing effect (Pavlik and Anderson 2005, Cognitive Science 29: 559-586), on purpose not
FSRS: a scheduler must not be marked by its own model. The values are those commonly quoted for their vocabulary
experiment; they have not been checked against the paper. Figures from here rank ways of teaching; in absolute terms
they say nothing about real children.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import exp, log, prod
from typing import Final, NamedTuple

import numpy as np

from content.release_index import ReleaseIndex
from learning.fsrs import retrievability
from learning.hot.memory import AnswerRow, Memory, replay
from learning.hot.prediction import UNSEEN_RECALL, predict
from learning.hot.ratings import Outcome

DECAY_SCALE: Final = 0.217
DECAY_INTERCEPT: Final = 0.177
RECALL_THRESHOLD: Final = -0.704
RECALL_NOISE: Final = 0.255
# Between sessions, forgetting runs slower than the clock.
TIME_BETWEEN_SESSIONS: Final = 0.025
SECONDS_PER_DAY: Final = 86_400

INTRODUCTION_SECONDS: Final = 15.0
CORRECTION_SECONDS: Final = 4.0
ABILITY_SPREAD: Final = 0.5
EASE_SPREAD: Final = 0.3
# The Elo step with which the service follows a learner's ability.
ABILITY_STEP: Final = 0.05


class Trace(NamedTuple):
    """One practice: when it was, in seconds of the child's own time, and how fast it fades."""

    at: float
    decay: float


class Child:
    """A child. Schedulers see ``day``, ``memories``, ``shown`` and ``estimated_ability``, and none of the truth.

    Where prerequisites matter, recalling a concept takes recalling those it directly builds on: a word whose letters
    are forgotten cannot be read.
    """

    def __init__(self, index: ReleaseIndex, seed: int, *, prerequisites_matter: bool) -> None:
        """Begin on day 0, knowing nothing."""
        self.index = index
        self.random = np.random.default_rng(seed)
        self.day = 0
        self.memories: dict[int, Memory] = {}
        self.shown: dict[int, int] = {}
        self.estimated_ability = 0.0
        self.answered = self.correct = 0
        self._clock = 0.0
        self._ability = float(self.random.normal(0, ABILITY_SPREAD))
        self._ease = self.random.normal(0, EASE_SPREAD, len(index.concept_ids)).tolist()
        self._traces: defaultdict[int, list[Trace]] = defaultdict(list)
        self._answers: defaultdict[int, list[AnswerRow]] = defaultdict(list)
        self._parents = parents_of(index) if prerequisites_matter else {}

    def practise(self, position: int) -> float:
        """Let the child answer a byte; return the seconds it took."""
        concept = int(np.searchsorted(self.index.byte_start, position, side="right")) - 1
        seconds = float(self.index.seconds[position])
        if not self._traces[concept]:
            self._study(concept)
            self._clock += INTRODUCTION_SECONDS
            seconds += INTRODUCTION_SECONDS
        guess, difficulty = float(self.index.guess[position]), float(self.index.difficulty[position])
        correct = bool(self.random.random() < predict(self.recall(concept), guess, self._ability, difficulty))
        self._study(concept)
        self._record(concept, position, correct=correct)
        self._clock += seconds
        return seconds if correct else seconds + CORRECTION_SECONDS

    def sleep(self, days: int) -> None:
        """Let days pass."""
        self._clock += SECONDS_PER_DAY * TIME_BETWEEN_SESSIONS * days
        self.day += days

    def recall(self, concept: int) -> float:
        """Return the true chance that the child recalls a concept now."""
        return prod(map(self._own_recall, self._with_parents(concept)))

    def _with_parents(self, concept: int) -> Iterable[int]:
        return (concept, *self._parents.get(concept, ()))

    def _own_recall(self, concept: int) -> float:
        if not self._traces[concept]:
            return 0.0
        return 1 / (1 + exp((RECALL_THRESHOLD - self._activation(concept)) / RECALL_NOISE))

    def _activation(self, concept: int) -> float:
        strength = sum(max(self._clock - at, 1.0) ** -decay for at, decay in self._traces[concept])
        return float(log(strength) + self._ease[concept])

    def _study(self, concept: int) -> None:
        """Leave a trace, the faster to fade the better the concept was remembered: the spacing effect."""
        decay = DECAY_INTERCEPT
        if self._traces[concept]:
            decay += DECAY_SCALE * exp(self._activation(concept))
        self._traces[concept].append(Trace(self._clock, decay))

    def _record(self, concept: int, position: int, *, correct: bool) -> None:
        memory, guess = self.memories.get(concept), float(self.index.guess[position])
        believed = retrievability(memory.stability, self.day - memory.last_day) if memory else UNSEEN_RECALL
        p = predict(believed, guess, self.estimated_ability, float(self.index.difficulty[position]))
        self.estimated_ability += ABILITY_STEP * (correct - p)
        self.answered += 1
        self.correct += correct
        order, outcome = self.answered, _outcome(correct=correct)
        self._answers[concept].append(
            AnswerRow(str(order), position, outcome, None, 0, order, order, self.day, 0, guess)
        )
        remembered = replay(self._answers[concept])
        if remembered is not None:
            self.memories[concept] = remembered
        self.shown[int(self.index.byte_ids[position])] = self.day


def _outcome(*, correct: bool) -> Outcome:
    return "correct" if correct else "wrong"


def parents_of(index: ReleaseIndex) -> dict[int, list[int]]:
    """Return the prerequisites of each concept that has any, by position."""
    parents: dict[int, list[int]] = defaultdict(list)
    for child, parent in zip(index.child.tolist(), index.parent.tolist(), strict=True):
        parents[child].append(parent)
    return dict(parents)
