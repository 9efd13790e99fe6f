"""The order of a session."""

from collections.abc import Mapping
from typing import Final

from learning.sessions.plan import Item

OTHER_CONCEPT: Final = 1.5
OTHER_KIND: Final = 1.0
OTHER_UNIT: Final = 0.5


def arrange(items: list[Item], unit_of: Mapping[int, int]) -> list[Item]:
    """Return the items with the easiest first, then each unlike the one before, and never two new ones in a row.

    Two new ones meet only where nothing else is left to stand between them. Looks at the same concept keep the order
    in which they are given. Units are looked up by concept id.
    """
    left = list(items)
    arranged: list[Item] = []
    while left:
        candidates = _candidates(left, arranged[-1] if arranged else None)
        if arranged:
            best = max(candidates, key=lambda item: (_contrast(unit_of, arranged[-1], item), item.p))
        else:
            best = max(candidates, key=lambda item: item.p)
        left.remove(best)
        arranged.append(best)
    return arranged


def _candidates(left: list[Item], last: Item | None) -> list[Item]:
    """Return the items that may come next."""
    by_concept: dict[int, Item] = {}
    for item in left:
        by_concept.setdefault(item.concept_id, item)
    first_looks = list(by_concept.values())
    new = [item for item in first_looks if item.slot == "new"]
    others = [item for item in first_looks if item.slot != "new"]
    if last is not None and last.slot == "new":
        return others or new
    if not others:
        return _with_most_looks(new, left)
    # Every new item needs another one before it: once there are just enough of them, none may be spent.
    return new if 2 * len(new) > len(left) else first_looks


def _with_most_looks(new: list[Item], left: list[Item]) -> list[Item]:
    """Return those new items whose further looks will do most to separate the other new ones."""
    concepts = [item.concept_id for item in left]
    most = max(concepts.count(item.concept_id) for item in new)
    return [item for item in new if concepts.count(item.concept_id) == most]


def _contrast(unit_of: Mapping[int, int], last: Item, item: Item) -> float:
    return (
        OTHER_CONCEPT * (last.concept_id != item.concept_id)
        + OTHER_KIND * (last.kind != item.kind)
        + OTHER_UNIT * (unit_of[last.concept_id] != unit_of[item.concept_id])
    )
