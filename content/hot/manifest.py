"""What a phone has to download, and what it may throw away."""

from content.hot.releases import find_published_number
from thin.database import Database, Row
from thin.errors import AppError, InvalidRequest
from thin.http import Request, Response, Services, answer_cacheable

MAX_AGE_S = 60


class NothingPublished(AppError):
    code = "nothing_published"
    http_status = 404
    title = "The app has no release yet"


def show(request: Request, services: Services) -> Response:
    """Return the packs of the published release, and what changes for a phone that has release `have`."""
    have = _read_have(request)
    number = find_published_number(services.database)
    if number is None:
        raise NothingPublished
    packs = _list_packs(services.database, number)
    wanted = {sha256 for _, sha256, _ in packs}
    held = {sha256 for _, sha256, _ in _list_packs(services.database, have)} if have else set()
    return answer_cacheable(
        request,
        {
            "release": number,
            "packs": [
                {"key": key, "sha256": sha256, "bytes": size, "url": f"/app/content/packs/{sha256}"}
                for key, sha256, size in packs
            ],
            "delta": {"add": sorted(wanted - held), "remove": sorted(held - wanted)},
            "total_bytes": sum(size for _, _, size in packs),
        },
        max_age_s=MAX_AGE_S,
    )


def _read_have(request: Request) -> int | None:
    """Return the release that the phone has; one that is unknown here counts as none."""
    have = request.query.get("have", "")
    if not have:
        return None
    if not have.isdecimal() or not have.isascii() or len(have) > 9:  # noqa: PLR2004 - a release number is an INT
        raise InvalidRequest(
            "have must be the number of a release",
            errors=[{"pointer": "#/have", "code": "invalid", "detail": "not a release number"}],
        )
    return int(have)


def _list_packs(database: Database, number: int) -> list[Row]:
    return database.select(
        "SELECT p.`key`, p.sha256, p.size FROM {app}packs p JOIN {app}releases r ON r.id = p.release_id"
        " WHERE r.number = %s ORDER BY p.position, p.id",
        (number,),
    )
