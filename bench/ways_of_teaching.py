"""The ways of teaching that the bench compares: each spends a child's minutes of one day."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, override

from bench.simulated_learners import Child, parents_of
from content.release_index import ReleaseIndex
from learning.fsrs import retrievability
from learning.hot.memory import unlocked_until_day
from learning.sessions.generate import generate
from learning.sessions.learner import Learner, Recent, pack_memories
from learning.sessions.plan import Plan, Slot

LEITNER_DAYS: Final = (1, 2, 4, 8, 16)
LEITNER_KNOWN_BOX: Final = 2
DUE_RECALL: Final = 0.9
SESSION_SIZE: Final = 12
SESSION_SECONDS: Final = 150.0
RECENT_ANSWERS: Final = 50


class Teaching(ABC):
    """A way of teaching one child."""

    def __init__(self, index: ReleaseIndex) -> None:
        """Begin with a child that knows nothing."""
        self.index = index

    @abstractmethod
    def bytes_for(self, child: Child, seconds: float) -> Iterator[int]:
        """Give bytes to show, without end; the child stops when the time is over."""

    def learned(self, child: Child, position: int, *, correct: bool) -> None:
        """Take note of an answer; most ways read the child's record instead."""
        del child, position, correct

    def teach(self, child: Child, seconds: float) -> None:
        """Spend one day's seconds."""
        for position in self.bytes_for(child, seconds):
            before = child.correct
            seconds -= child.practise(position)
            self.learned(child, position, correct=child.correct > before)
            if seconds <= 0:
                return

    def any_byte(self, child: Child, concepts: Iterable[int]) -> Iterator[int]:
        """Give one random byte of each concept."""
        for concept in concepts:
            yield int(child.random.integers(self.index.byte_start[concept], self.index.byte_start[concept + 1]))

    def again(self, child: Child) -> Iterator[int]:
        """Give random bytes of what has been met, for when nothing is due or new."""
        while True:
            yield from self.any_byte(child, [int(child.random.choice(list(child.memories)))])


class RandomOrder(Teaching):
    """Any byte of the release."""

    @override
    def bytes_for(self, child: Child, seconds: float) -> Iterator[int]:
        while True:
            yield int(child.random.integers(len(self.index.byte_ids)))


class Leitner(Teaching):
    """Five boxes, the lowest first, then new concepts in curriculum order."""

    def __init__(self, index: ReleaseIndex) -> None:
        """Begin with empty boxes."""
        super().__init__(index)
        self.box: dict[int, int] = {}
        self.due: dict[int, int] = {}

    @override
    def bytes_for(self, child: Child, seconds: float) -> Iterator[int]:
        due = sorted((concept for concept in self.box if self.due[concept] <= child.day), key=self.box.__getitem__)
        new = [c for c in range(len(self.index.concept_ids)) if c not in self.box and self.may_begin(c)]
        yield from self.any_byte(child, chain(due, new))
        yield from self.again(child)

    def may_begin(self, _concept: int) -> bool:
        """Tell whether a new concept may be shown."""
        return True

    @override
    def learned(self, child: Child, position: int, *, correct: bool) -> None:
        concept = int(self.index.byte_start.searchsorted(position, side="right")) - 1
        last = len(LEITNER_DAYS) - 1
        self.box[concept] = min(self.box.get(concept, 0) + 1, last) if correct else 0
        self.due[concept] = child.day + LEITNER_DAYS[self.box[concept]]


class LeitnerInOrder(Leitner):
    """Leitner that begins a concept only once its prerequisites have reached the third box."""

    def __init__(self, index: ReleaseIndex) -> None:
        """Begin with empty boxes."""
        super().__init__(index)
        self.parents = parents_of(index)

    @override
    def may_begin(self, _concept: int) -> bool:
        return all(self.box.get(parent, 0) >= LEITNER_KNOWN_BOX for parent in self.parents.get(_concept, ()))


class FsrsDue(Teaching):
    """What FSRS says has fallen under 90 %, the weakest first, then new concepts in curriculum order."""

    @override
    def bytes_for(self, child: Child, seconds: float) -> Iterator[int]:
        recall = {c: retrievability(m.stability, child.day - m.last_day) for c, m in child.memories.items()}
        due = sorted((concept for concept in recall if recall[concept] < DUE_RECALL), key=recall.__getitem__)
        new = [concept for concept in range(len(self.index.concept_ids)) if concept not in recall]
        yield from self.any_byte(child, chain(due, new))
        yield from self.again(child)


class ContentDuo(Teaching):
    """One session of content_duo after another, with the mix that apps have by default."""

    def __init__(self, index: ReleaseIndex) -> None:
        """Begin without a history."""
        super().__init__(index)
        self.sessions = 0
        self.slot: Slot = "new"
        self.history: list[tuple[Slot, bool]] = []

    @override
    def bytes_for(self, child: Child, seconds: float) -> Iterator[int]:
        while True:
            self.sessions += 1
            plan = Plan(child.day, SESSION_SIZE, min(SESSION_SECONDS, seconds), f"{child.day}/{self.sessions}")
            for item in generate(self.index, self._learner(child), plan):
                self.slot = item.slot
                yield item.position

    @override
    def learned(self, child: Child, position: int, *, correct: bool) -> None:
        self.history.append((self.slot, correct))

    def _learner(self, child: Child) -> Learner:
        memories = pack_memories(
            (int(self.index.concept_ids[c]), m.stability, m.difficulty, m.last_day, unlocked_until_day(m), m.reps)
            for c, m in child.memories.items()
        )
        recent = self.history[-RECENT_ANSWERS:]
        stretched = [correct for slot, correct in recent if slot == "challenge"]
        went = Recent(len(recent), sum(correct for _, correct in recent), len(stretched), sum(stretched))
        return Learner(memories, child.estimated_ability, went, child.shown)
