"""What a batch claims, held against the content and the clock."""

from typing import NamedTuple

from learning.hot.batches import Batch, Rejected, Submitted
from learning.hot.days import MS_PER_DAY, MS_PER_MINUTE, local_day
from thin.database import Database

#: A device's clock this far off is believed; beyond, its times are shifted by the difference.
TOLERATED_SKEW_MS = 10 * MS_PER_MINUTE
OLDEST_DAYS = 45


class Verified(NamedTuple):
    """An answer as it will be stored: the server's time, and what its rating depends on."""

    submitted: Submitted
    answered_ms: int
    local_day: int
    concept_id: int
    kind: str
    expected_ms: int
    guess: float
    difficulty: float


class _ByteFacts(NamedTuple):
    concept_id: int
    kind: str
    expected_ms: int
    guess: float
    difficulty: float


def verify(database: Database, batch: Batch, *, now_ms: int) -> tuple[list[Verified], list[Rejected]]:
    """Return the answers that can be stored and those that cannot, with the reason as a code."""
    skew_ms = now_ms - batch.sent_ms
    shift_ms = skew_ms if abs(skew_ms) > TOLERATED_SKEW_MS else 0
    facts = _read_bytes(database, {answer.byte_id for answer in batch.answers})
    verified: list[Verified] = []
    rejected: list[Rejected] = []
    for answer in batch.answers:
        answered_ms = answer.answered_ms + shift_ms
        if code := _find_fault(answered_ms, now_ms, known=answer.byte_id in facts):
            rejected.append(Rejected(answer.client_id, code))
            continue
        answered_ms = min(answered_ms, now_ms)
        day = local_day(answered_ms, answer.utc_offset_min)
        verified.append(Verified(answer, answered_ms, day, *facts[answer.byte_id]))
    return verified, rejected


def _find_fault(answered_ms: int, now_ms: int, *, known: bool) -> str:
    if not known:
        return "unknown_byte"
    if answered_ms > now_ms + TOLERATED_SKEW_MS:
        return "from_the_future"
    if answered_ms < now_ms - OLDEST_DAYS * MS_PER_DAY:
        return "too_old"
    return ""


def _read_bytes(database: Database, byte_ids: set[int]) -> dict[int, _ByteFacts]:
    if not byte_ids:
        return {}
    marks = ", ".join(["%s"] * len(byte_ids))
    rows = database.select(
        "SELECT id, concept_id, kind, expected_ms, guess, difficulty"  # noqa: S608 - marks only
        f" FROM {{app}}content_bytes WHERE id IN ({marks})",
        sorted(byte_ids),
    )
    return {row[0]: _ByteFacts(*row[1:]) for row in rows}
