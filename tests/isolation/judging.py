"""What an answer is blamed for, one line each."""

from collections.abc import Container, Iterable, Iterator, Mapping

from tests.isolation.asking import Answer, Outcome, Request, Rows, find_changes

SUCCESSES = range(200, 300)
#: Anything but a crash.
ANY = range(100, 500)


def judge(
    attack: str,
    request: Request,
    outcome: Outcome,
    *,
    statuses: Container[int],
    secrets: Iterable[str],
    unchanged: Mapping[str, Rows],
) -> Iterator[str]:
    """Yield a complaint for a wrong status, for each secret shown and for tables that must not have changed."""
    answer, rows = outcome
    if answer.status not in statuses:
        yield f"{attack}: {request}: answered {answer.status} {answer.body[:200]!r}"
    text = answer.text()
    if shown := [secret for secret in secrets if secret in text]:
        yield f"{attack}: {request}: shows {', '.join(shown)}"
    if rows and (changed := find_changes(unchanged, rows)):
        yield f"{attack}: {request}: changed {', '.join(changed)}"


def compare(attack: str, request: Request, answer: Answer, expected: Answer) -> Iterator[str]:
    """Complain when a client could tell one answer from the other."""
    mine, other = answer.settled(), expected.settled()
    if mine == other:
        return
    what = [name for name in ("status", "headers", "body") if getattr(mine, name) != getattr(other, name)]
    seen = [f"{each.status} {each.body[:300]!r}" for each in (mine, other)]
    yield f"{attack}: {request}: differs in {', '.join(what)}: {', '.join(seen)}"
