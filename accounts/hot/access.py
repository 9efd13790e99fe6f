"""Who calls, and for whom they may act: the one rule, for hot and heavy endpoints alike."""

from thin import tokens
from thin.database import Database
from thin.errors import NotFound
from thin.http import Request, Services


def authenticate(request: Request, services: Services) -> tokens.Claims:
    """Return the claims of the request's bearer token; raise `Unauthenticated` when it has no good one."""
    token = tokens.read_bearer(request.headers.get("authorization", ""))
    return tokens.verify(token, services.signing_key, now_s=request.now_ms // 1000)


def may_act_for(database: Database, *, subject: int, learner: int) -> bool:
    """Tell whether a user may act for a learner: an active guardian of the child's, and nobody else."""
    if not 0 < learner <= tokens.LARGEST_ID:
        return False
    return bool(
        database.select(
            "SELECT 1 FROM {app}guardianships g JOIN {app}users u ON u.id = g.guardian_id"
            " JOIN {app}users l ON l.id = g.learner_id"
            " WHERE g.guardian_id = %s AND g.learner_id = %s AND u.is_active = 1 AND l.is_active = 1",
            (subject, learner),
        )
    )


def get_learner_id(request: Request, services: Services) -> int:
    """Return the learner named by the path, whom the caller may act for.

    A learner of somebody else and one that does not exist are the same `NotFound`.
    """
    subject = authenticate(request, services).subject
    learner = int(request.params["user_id"])
    if not may_act_for(services.database, subject=subject, learner=learner):
        raise NotFound
    return learner
