"""What today holds for a learner."""

from accounts.hot.access import get_learner_id
from learning.hot.days import streak
from learning.hot.learners import find_today, get_state
from thin.database import Database
from thin.http import Request, Response, Services, answer_cacheable


def show(request: Request, services: Services) -> Response:
    """Return the streak in days, today's goal and how far it is met, and how many concepts are due and ready."""
    learner = get_learner_id(request, services)
    database, app = services.database, services.app
    today = find_today(get_state(database, learner), request.now_ms)
    days: dict[int, int] = dict(
        database.select("SELECT day, answers FROM {app}learning_days WHERE user_id = %s", (learner,))
    )
    return answer_cacheable(
        request,
        {
            "streak": streak(days, today),
            "goal": {"target": app.daily_goal, "done": days.get(today, 0)},
            "due": _count_due(database, learner, today),
            "new": _count_ready(database, learner, today, app.lesson_mix.new_per_session),
        },
    )


def _count_due(database: Database, learner: int, today: int) -> int:
    rows = database.select(
        "SELECT COUNT(*) FROM {app}user_memory m JOIN {app}concepts c ON c.id = m.concept_id"
        " WHERE m.user_id = %s AND m.due_day <= %s AND c.is_live = 1",
        (learner, today),
    )
    return int(rows[0][0])


def _count_ready(database: Database, learner: int, today: int, most: int) -> int:
    """Count the concepts that could be begun today, up to what one session would begin.

    In curriculum order and with a limit, so that the scan ends soon after what the learner knows already.
    """
    rows = database.select(
        "SELECT c.id FROM {app}concepts c WHERE c.is_live = 1"
        " AND NOT EXISTS (SELECT 1 FROM {app}user_memory k WHERE k.user_id = %s AND k.concept_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM {app}prerequisites p"
        " LEFT JOIN {app}user_memory m ON m.user_id = %s AND m.concept_id = p.needs_id"
        " WHERE p.concept_id = c.id AND COALESCE(m.unlocked_until_day, 0) < %s)"
        " ORDER BY c.position LIMIT %s",
        (learner, learner, today, most),
    )
    return len(rows)
