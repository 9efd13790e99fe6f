"""What fills a session when too little is due or new."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from learning.sessions.choice import choose_bytes, has_free_byte
from learning.sessions.items import because_just_met, because_nothing_else, because_weakest, make_items
from learning.sessions.learner import Flags
from learning.sessions.plan import Item
from learning.sessions.session import Session
from learning.sessions.sitting import Sitting

# How often a concept may come in one session.
LOOKS: Final = 3


def fill_up(sitting: Sitting, session: Session) -> None:
    """Add the weakest known, or if there is none whatever there is, and then further looks at what the session has.

    What was practised earlier today is added only while the session is less than half full: on the same day it
    teaches little, and a short session is the better one.
    """
    practised_today = sitting.knowledge.elapsed_days < 1
    if not session.full:
        for item in list_weakest(sitting, session, ~practised_today):
            session.add(item)
    if session.thin:
        for item in list_weakest(sitting, session, practised_today):
            if session.thin:
                session.add(item)
    if not session.items:
        for item in list_anything(sitting):
            session.add(item)
    _look_further(sitting, session)


def list_weakest(sitting: Sitting, session: Session, among: Flags) -> list[Item]:
    """Return what is known but not in the session, the weakest first."""
    knowledge, index = sitting.knowledge, sitting.index
    rest = knowledge.met & among & has_free_byte(sitting, index.graded)
    rest[index.concept_positions(session.concepts)] = False
    concepts = np.flatnonzero(rest)
    weakest_first = np.lexsort((knowledge.states.stability[concepts], knowledge.recall[concepts]))
    weakest = concepts[weakest_first[: sitting.plan.size]]
    choice = choose_bytes(sitting, weakest, sitting.plan.mix.target_success)
    return make_items(sitting, choice, "review", because_weakest)


def list_anything(sitting: Sitting) -> list[Item]:
    """Return new concepts although the caps or their prerequisites forbid it: a session is never empty."""
    knowledge, mix = sitting.knowledge, sitting.plan.mix
    concepts = np.flatnonzero(has_free_byte(sitting, sitting.free))
    best_first = concepts[np.lexsort((~knowledge.ready[concepts], knowledge.met[concepts]))]
    choice = choose_bytes(sitting, best_first[: max(mix.new_per_session, 1)], mix.target_success, sitting.free)
    return make_items(sitting, choice, "new", because_nothing_else)


def _look_further(sitting: Sitting, session: Session) -> None:
    """Add further looks while they are needed: for length, to ask what was only shown, to stand between new concepts.

    Where there is no room for a look that is needed for more than length, the last new concept makes room.
    """
    for item in _further_looks(sitting, session):
        if not (session.thin or session.crowded or session.unasked):
            return
        if item.concept_id in session.concepts:
            while not session.add(item) and (session.crowded or session.unasked):
                if not session.drop_last_new(keep=item.concept_id):
                    break


def _further_looks(sitting: Sitting, session: Session) -> Iterator[Item]:
    """Give other bytes of the concepts of the session, what is new first, round by round."""
    for _ in range(LOOKS - 1):
        new = [item.concept_id for item in session.items if item.slot == "new"]
        concepts = sitting.index.concept_positions(list(dict.fromkeys([*new, *session.concepts])))
        choice = choose_bytes(sitting, concepts, sitting.plan.mix.target_success)
        yield from make_items(sitting, choice, "review", because_just_met)
