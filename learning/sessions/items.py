"""Items, each with the sentence that says why it is here."""

from collections.abc import Callable
from typing import Final

from learning.sessions.choice import Choice
from learning.sessions.plan import Item, Slot
from learning.sessions.sitting import Sitting

type Reason = Callable[[Sitting, int], str]

# The explanation and the first look that come with a new concept.
INTRODUCTION_SECONDS: Final = 15.0


def make_items(sitting: Sitting, choice: Choice, slot: Slot, reason: Reason) -> list[Item]:
    """Return the items of a choice, in its order."""
    index = sitting.index
    return [
        Item(
            byte_id=int(index.byte_ids[position]),
            concept_id=int(index.concept_ids[concept]),
            kind=index.kind_name(position),
            slot=slot,
            p=p,
            reason=reason(sitting, concept),
            position=position,
        )
        for concept, position, p in zip(*(column.tolist() for column in choice), strict=True)
    ]


def seconds_of(sitting: Sitting, item: Item) -> float:
    """Return the time an item is expected to take, with the introduction of a new concept."""
    return float(sitting.index.seconds[item.position]) + (INTRODUCTION_SECONDS if item.slot == "new" else 0.0)


def because_forgetting(sitting: Sitting, concept: int) -> str:
    return f"recall has fallen to {_recall(sitting, concept)}"


def because_ready(sitting: Sitting, concept: int) -> str:
    prerequisites = int((sitting.index.child == concept).sum())
    if prerequisites == 0:
        return "nothing has to be known before it"
    return "its prerequisite is known" if prerequisites == 1 else f"all {prerequisites} prerequisites are known"


def because_stretching(sitting: Sitting, concept: int) -> str:
    return f"recall {_recall(sitting, concept)}, worth a stretch"


def because_weakest(sitting: Sitting, concept: int) -> str:
    return f"nothing is due; among the weakest known, recall {_recall(sitting, concept)}"


def because_just_met(_sitting: Sitting, _concept: int) -> str:
    return "in this session already, another look to settle it"


def because_nothing_else(_sitting: Sitting, _concept: int) -> str:
    return "nothing else is left in this release"


def _recall(sitting: Sitting, concept: int) -> str:
    return f"{100 * sitting.knowledge.recall[concept]:.0f} %"
