"""What is asked of the generator, and what it answers with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

type Slot = Literal["new", "review", "challenge"]


class Share(NamedTuple):
    """The part of a session that a slot should take, from low to high, each from 0 to 1."""

    low: float
    high: float


class Mix(NamedTuple):
    """How an app mixes its sessions; the shares are aims, the two caps on new concepts are kept.

    ``open_concepts`` caps how many concepts may be open (their memory lasts less than two days) before a new one
    begins. ``target_success`` is how often a child should succeed: a choice for motivation, not for retention.
    """

    new: Share = Share(0.40, 0.60)
    review: Share = Share(0.30, 0.40)
    challenge: Share = Share(0.10, 0.20)
    new_per_session: int = 4
    open_concepts: int = 25
    target_success: float = 0.85


class Plan(NamedTuple):
    """One session to be made: at most so many items and seconds, on a local day.

    The seed decides all that is random. ``exclude`` holds the bytes already answered in this session; ``boosts``
    multiplies the value of concepts by id, for a season or a teacher's assignment.
    """

    today: int
    size: int
    seconds: float
    seed: str
    mix: Mix = Mix()
    exclude: frozenset[int] = frozenset()
    boosts: Mapping[int, float] = MappingProxyType({})


class Item(NamedTuple):
    """One byte of a session: the chance ``p`` that it succeeds, why it is here, and its position in the release."""

    byte_id: int
    concept_id: int
    kind: str
    slot: Slot
    p: float
    reason: str
    position: int
