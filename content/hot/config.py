"""What an app is, for a phone that starts."""

from content.hot.releases import find_published_number
from content.hot.seasons import find_season
from thin.http import Request, Response, Services, answer_cacheable

#: Short, as a publication must reach phones within minutes.
MAX_AGE_S = 60


def show(request: Request, services: Services) -> Response:
    """Return the app's title, languages, switches, season and the release that children get."""
    app = services.app
    country = request.query.get("country", "").upper()
    return answer_cacheable(
        request,
        {
            "app": app.name,
            "title": dict(app.title),
            "languages": list(app.languages),
            "min_version": app.min_version,
            "features": list(app.features),
            "season": find_season(services.database, now_ms=request.now_ms, country=country),
            "release": find_published_number(services.database),
        },
        max_age_s=MAX_AGE_S,
    )
