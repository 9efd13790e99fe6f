"""What a learner knows, concept by concept."""

from accounts.hot.access import get_learner_id
from learning import fsrs
from learning.hot.days import day_to_date
from learning.hot.learners import find_today, get_state
from learning.hot.memory import Memory, band
from thin.database import Row
from thin.http import Request, Response, Services, answer_cacheable


def show(request: Request, services: Services) -> Response:
    """Return every concept the learner has been asked about, in curriculum order.

    `accuracy` is the share of graded attempts that were right, `strength` the chance of recalling it today.
    """
    learner = get_learner_id(request, services)
    today = find_today(get_state(services.database, learner), request.now_ms)
    rows = services.database.select(
        "SELECT c.`key`, m.accuracy, m.due_day, m.stability, m.difficulty, m.first_day, m.last_day, m.reps, m.correct,"
        " m.varied_successes, m.accurate_since_day, m.exposures"
        " FROM {app}user_memory m JOIN {app}concepts c ON c.id = m.concept_id"
        " WHERE m.user_id = %s ORDER BY c.position, c.id",
        (learner,),
    )
    return answer_cacheable(request, [_describe(row, today) for row in rows])


def _describe(row: Row, today: int) -> dict[str, object]:
    key, accuracy, due_day, *facts = row
    memory = Memory(*facts)
    return {
        "concept": key,
        "accuracy": round(accuracy, 4),
        "strength": round(fsrs.retrievability(memory.stability, max(today - memory.last_day, 0)), 4),
        "band": band(memory, today),
        "due": day_to_date(due_day),
    }
