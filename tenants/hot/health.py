"""Whether this process can serve: asked by load balancers and deployments, with or without an app."""

from thin.errors import AppError
from thin.http import Request, Response, Services, answer


class Unavailable(AppError):
    code = "unavailable"
    http_status = 503
    title = "The database does not answer"


def show(_: Request, services: Services) -> Response:
    """Say ok when the database answers."""
    try:
        services.database.select("SELECT 1")
    except Exception as error:
        # Whatever either driver raises: the answer is for a machine that will ask again.
        raise Unavailable from error
    return answer({"status": "ok"})
