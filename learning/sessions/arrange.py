"""The order of a session."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from learning.sessions.plan import Item

OTHER_CONCEPT: Final = 1.5
OTHER_KIND: Final = 1.0
OTHER_UNIT: Final = 0.5


def arrange(items: list[Item], unit_of: Mapping[int, int]) -> list[Item]:
    """Return the items with the easiest first, then each unlike the one before, and never two new ones in a row.

    Two new ones meet only if `can_separate` says that it cannot be helped. Looks at the same concept keep the order
    in which they are given. Units are looked up by concept id.
    """
    left = list(items)
    arranged: list[Item] = []
    while left:
        last = arranged[-1] if arranged else None
        best = max(_candidates(left, last), key=lambda item: (_contrast(unit_of, last, item), item.p))
        left.remove(best)
        arranged.append(best)
    return arranged


def can_separate(items: list[Item], *, after_new: bool = False) -> bool:
    """Tell whether something can be put between any two new concepts, with their further looks after them.

    Those with the most looks may as well come first, since their looks then separate the rest.
    """
    looks = Counter(item.concept_id for item in items)
    new = [item.concept_id for item in items if item.slot == "new"]
    separators = len(items) - sum(looks[concept] for concept in new)
    for concept in sorted(new, key=lambda concept: -looks[concept]):
        if after_new:
            separators -= 1
        if separators < 0:
            return False
        separators += looks[concept] - 1
        after_new = True
    return True


def _candidates(left: list[Item], last: Item | None) -> list[Item]:
    """Return the items that may come next, none of which brings two new ones together later on."""
    first_looks: dict[int, Item] = {}
    for item in left:
        first_looks.setdefault(item.concept_id, item)
    new = [item for item in first_looks.values() if item.slot == "new"]
    others = [item for item in first_looks.values() if item.slot != "new"]
    if last is not None and last.slot == "new":
        return others or new
    harmless = [item for item in new if can_separate(_without(left, item), after_new=True)]
    # Which of the others is spent makes no difference, so one stands for all.
    if others and can_separate(_without(left, others[0])):
        harmless += others
    return harmless or others or new


def _without(items: list[Item], item: Item) -> list[Item]:
    place = items.index(item)
    return items[:place] + items[place + 1 :]


def _contrast(unit_of: Mapping[int, int], last: Item | None, item: Item) -> float:
    if last is None:
        return 0.0
    return (
        OTHER_CONCEPT * (last.concept_id != item.concept_id)
        + OTHER_KIND * (last.kind != item.kind)
        + OTHER_UNIT * (unit_of[last.concept_id] != unit_of[item.concept_id])
    )
