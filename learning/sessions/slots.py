"""The candidates of a session, slot by slot, best first."""

from typing import Final

import numpy as np

from learning.fsrs_arrays import Floats
from learning.sessions.choice import choose_bytes, has_free_byte, introducing
from learning.sessions.items import because_forgetting, because_ready, because_stretching, make_items
from learning.sessions.learner import Positions
from learning.sessions.plan import Item
from learning.sessions.sitting import Sitting
from learning.sessions.value import due, review_gain

# More candidates than places, since some fall out for want of a byte or of time.
CANDIDATES_PER_PLACE: Final = 2
# A little chance in the ranking, so that equals do not always come in the same order.
RANK_NOISE: Final = 0.03
# What is new comes in curriculum order; a boost by 1.5 carries a concept some four places ahead.
ORDER_DISCOUNT: Final = 0.9
# A challenge succeeds less often than a session aims at, and is no gamble either.
CHALLENGE_LOW: Final = 0.55
CHALLENGE_HIGH: Final = 0.75
CHALLENGE_TARGET: Final = (CHALLENGE_LOW + CHALLENGE_HIGH) / 2
# Whatever its expected time says, no byte takes less than a second.
MIN_SECONDS: Final = 1.0


def list_reviews(sitting: Sitting) -> list[Item]:
    """Return reviews by what they add to memory for each second they take."""
    concepts = due(sitting.knowledge)
    value = _ranked_value(sitting, concepts, review_gain(sitting.knowledge, concepts))
    top = np.argsort(-value, kind="stable")[: sitting.plan.size * CANDIDATES_PER_PLACE]
    top = top[value[top] > 0]
    choice = choose_bytes(sitting, concepts[top], sitting.plan.mix.target_success)
    seconds = np.maximum(sitting.index.seconds[choice.bytes], MIN_SECONDS)
    value_per_second = value[np.searchsorted(concepts, choice.concepts)] / seconds
    return make_items(sitting, choice.take(np.argsort(-value_per_second, kind="stable")), "review", because_forgetting)


def list_new(sitting: Sitting) -> list[Item]:
    """Return new concepts in curriculum order, no more than the mix allows to open."""
    knowledge, mix = sitting.knowledge, sitting.plan.mix
    room = min(mix.new_per_session, mix.open_concepts - int(knowledge.open.sum()))
    if room <= 0:
        return []
    allowed = introducing(sitting)
    concepts = np.flatnonzero(~knowledge.met & knowledge.ready & has_free_byte(sitting, allowed))
    value = _ranked_value(sitting, concepts, np.power(ORDER_DISCOUNT, np.arange(len(concepts))))
    first = concepts[np.argsort(-value, kind="stable")[:room]]
    return make_items(sitting, choose_bytes(sitting, first, mix.target_success, allowed), "new", because_ready)


def list_challenges(sitting: Sitting) -> list[Item]:
    """Return bytes that stretch: of concepts begun and not yet unlocked through, and not too likely to succeed."""
    knowledge = sitting.knowledge
    concepts = np.flatnonzero(knowledge.met & knowledge.ready & ~knowledge.through)
    choice = choose_bytes(sitting, concepts, CHALLENGE_TARGET)
    fitting = np.flatnonzero((choice.p >= CHALLENGE_LOW) & (choice.p <= CHALLENGE_HIGH))
    order = fitting[np.argsort(np.abs(choice.p[fitting] - CHALLENGE_TARGET), kind="stable")]
    closest = order[: sitting.plan.size * CANDIDATES_PER_PLACE]
    return make_items(sitting, choice.take(closest), "challenge", because_stretching)


def _ranked_value(sitting: Sitting, concepts: Positions, value: Floats) -> Floats:
    """Return the value of concepts with the plan's boosts and a little chance."""
    noise = np.exp(sitting.random.normal(0, RANK_NOISE, len(concepts)))
    boosts = sitting.plan.boosts
    positions = sitting.index.concept_positions(np.fromiter(boosts.keys(), dtype=np.int64, count=len(boosts)))
    factors = np.fromiter(boosts.values(), dtype=np.float64, count=len(boosts))
    boost = np.ones(len(sitting.knowledge.met))
    boost[positions[positions >= 0]] = factors[positions >= 0]
    return value * noise * boost[concepts]
