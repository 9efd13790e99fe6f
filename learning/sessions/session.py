"""A session while it is being filled."""

from collections import Counter
from collections.abc import Iterable, Mapping

from learning.sessions.arrange import can_separate
from learning.sessions.choice import has_free_byte
from learning.sessions.items import seconds_of
from learning.sessions.plan import Item, Slot
from learning.sessions.sitting import Sitting


class Session:
    """Items chosen so far, within the number and the time that the plan allows."""

    def __init__(self, sitting: Sitting) -> None:
        """Begin empty."""
        self.items: list[Item] = []
        self._sitting = sitting
        self._seconds_left = sitting.plan.seconds

    @property
    def concepts(self) -> list[int]:
        """The ids of the concepts in the session, each once, in the order they came."""
        return list(dict.fromkeys(item.concept_id for item in self.items))

    @property
    def full(self) -> bool:
        """Whether the plan's number of items is reached."""
        return len(self.items) >= self._sitting.plan.size

    @property
    def thin(self) -> bool:
        """Whether less than half of the number and of the time is used."""
        plan = self._sitting.plan
        return len(self.items) < plan.size / 2 and self._seconds_left > plan.seconds / 2

    @property
    def crowded(self) -> bool:
        """Whether there is too little to stand between the new concepts."""
        return not can_separate(self.items)

    @property
    def unasked(self) -> bool:
        """Whether a concept of the session is only shown, although there is something to ask about it."""
        index, free = self._sitting.index, self._sitting.free
        asked = {item.concept_id for item in self.items if index.graded[item.position]}
        shown = index.concept_positions([concept for concept in self.concepts if concept not in asked])
        return bool(has_free_byte(self._sitting, free & index.graded)[shown].any())

    def add(self, item: Item) -> bool:
        """Add an item if there is room and time for it; the first always has time."""
        seconds = seconds_of(self._sitting, item)
        if self.full or (self.items and seconds > self._seconds_left):
            return False
        self.items.append(item)
        self._seconds_left -= seconds
        self._sitting.free[item.position] = False
        return True

    def drop_last_new(self, *, keep: int) -> bool:
        """Make room: take out again the last new concept without further looks, but not the one to keep.

        Returns whether there was one.
        """
        looks = Counter(item.concept_id for item in self.items)
        looks[keep] += 1
        alone = (item for item in reversed(self.items) if item.slot == "new" and looks[item.concept_id] == 1)
        item = next(alone, None)
        if item is None:
            return False
        self.items.remove(item)
        self._seconds_left += seconds_of(self._sitting, item)
        self._sitting.free[item.position] = True
        return True

    def fill(self, candidates: Mapping[Slot, Iterable[Item]], shares: Mapping[Slot, float]) -> None:
        """Take from the slots in turn, always from the one furthest behind its share, each concept once.

        What another slot cannot fill falls to review; what review cannot fill is left to the others.
        """
        queues = {slot: iter(items) for slot, items in candidates.items()}
        aims = dict(shares)
        while queues and not self.full:
            taken = Counter(item.slot for item in self.items)
            slot = max(queues, key=lambda slot: aims[slot] * (len(self.items) + 1) - taken[slot])
            item = next(queues[slot], None)
            if item is None:
                del queues[slot]
                unmet = aims[slot] - taken[slot] / self._sitting.plan.size
                aims["review"] += unmet if slot != "review" else 0.0
            elif item.concept_id not in self.concepts:
                self.add(item)
