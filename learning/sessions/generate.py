"""content_duo: a session made for one learner, on demand."""

from content.release_index import ReleaseIndex
from learning.sessions.arrange import arrange
from learning.sessions.fallbacks import fill_up
from learning.sessions.learner import Learner
from learning.sessions.plan import Item, Plan, Slot
from learning.sessions.session import Session
from learning.sessions.shares import share_out
from learning.sessions.sitting import Sitting, sit_down
from learning.sessions.slots import list_challenges, list_new, list_reviews


def generate(index: ReleaseIndex, learner: Learner, plan: Plan) -> list[Item]:
    """Return a session: what is due for review, what is ready to be learned, and a stretch.

    The same arguments give the same session in any process. It is empty only when every byte of the release is
    excluded, or the plan asks for no items.
    """
    sitting = sit_down(index, learner, plan)
    session = Session(sitting)
    shares = share_out(plan.mix, learner.recent)
    session.fill(_candidates(sitting, round(shares["challenge"] * plan.size)), shares)
    fill_up(sitting, session)
    return arrange(session.items, _units(index, session.concepts))


def _candidates(sitting: Sitting, challenges: int) -> dict[Slot, list[Item]]:
    """Return the candidates by slot; what is kept for challenges, at most so many, is no review as well."""
    stretching = list_challenges(sitting)[:challenges]
    kept = {item.concept_id for item in stretching}
    reviews = [item for item in list_reviews(sitting) if item.concept_id not in kept]
    return {"challenge": stretching, "review": reviews, "new": list_new(sitting)}


def _units(index: ReleaseIndex, concept_ids: list[int]) -> dict[int, int]:
    units = index.unit[index.concept_positions(concept_ids)]
    return dict(zip(concept_ids, units.tolist(), strict=True))
