"""A batch of answers as a phone sends it: read strictly, one answer at a time.

One answer that makes no sense must not cost the child the others, so each is refused alone, with a code.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple

from learning.hot.ratings import Outcome
from thin.errors import AppError, InvalidRequest
from thin.tokens import LARGEST_ID

OUTCOMES: tuple[Outcome, ...] = ("correct", "wrong", "skipped", "exposed")
LONGEST_CLIENT_ID = 64
#: Visible ASCII: MySQL takes "a" and "a " for one, and no database takes half a character.
CLIENT_ID = re.compile(rf"^[!-~]{{1,{LONGEST_CLIENT_ID}}}$")
#: UTC-12 to UTC+14.
OFFSETS = range(-12 * 60, 14 * 60 + 1)
#: An hour: what is longer says nothing, and the column is an INT.
LONGEST_RESPONSE_MS = 3_600_000
MOST_HINTS = 1000


class TooManyAnswers(AppError):
    code = "too_many_answers"
    http_status = 413
    title = "The batch holds too many answers"


class Submitted(NamedTuple):
    """One answer, well formed but not yet checked against anything."""

    client_id: str
    byte_id: int
    outcome: Outcome
    rt_ms: int | None
    hints: int
    answered_ms: int  # by the device's clock
    utc_offset_min: int
    device_seq: int
    session_id: int | None


class Rejected(NamedTuple):
    client_id: str | None
    code: str


class Batch(NamedTuple):
    sent_ms: int  # by the device's clock
    answers: list[Submitted]
    rejected: list[Rejected]


class _InvalidField(Exception):
    pass


def parse(payload: dict[str, Any], *, most: int) -> Batch:
    """Return the batch of a request's body; answers that are not well formed are already rejected.

    Raises:
        InvalidRequest: The body has no `sent_at` or no list of answers.
        TooManyAnswers: It holds more than `most`.
    """
    sent_ms = _read_sent_at(payload.get("sent_at"))
    raw = payload.get("answers")
    if not isinstance(raw, list):
        raise InvalidRequest(errors=[{"pointer": "#/answers", "code": "invalid", "detail": "must be a list"}])
    if len(raw) > most:
        raise TooManyAnswers(f"at most {most} answers a call", limit=most)
    batch = Batch(sent_ms, [], [])
    for each in raw:
        try:
            batch.answers.append(_read_answer(each))
        except _InvalidField as error:
            batch.rejected.append(Rejected(_name(each), f"invalid_{error}"))
    return batch


def _read_answer(raw: Any) -> Submitted:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(raw, dict):
        raise _InvalidField("answer")
    if raw.get("outcome") not in OUTCOMES:
        raise _InvalidField("outcome")
    client_id = raw.get("client_id")
    if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id):
        raise _InvalidField("client_id")
    return Submitted(
        client_id=client_id,
        byte_id=_read_int(raw, "byte_id", 1, LARGEST_ID),
        outcome=raw["outcome"],
        rt_ms=None if raw.get("rt_ms") is None else _read_int(raw, "rt_ms", 0, LONGEST_RESPONSE_MS),
        hints=_read_int({"hints": 0} | raw, "hints", 0, MOST_HINTS),
        answered_ms=_read_instant(raw.get("answered_at"), "answered_at"),
        utc_offset_min=_read_int(raw, "utc_offset_min", OFFSETS.start, OFFSETS.stop - 1),
        device_seq=_read_int({"device_seq": 0} | raw, "device_seq", 0, LARGEST_ID),
        session_id=None if raw.get("session_id") is None else _read_int(raw, "session_id", 1, LARGEST_ID),
    )


def _name(raw: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    """Return the client id to reject an answer by, or None when it has none that can be sent back."""
    client_id = raw.get("client_id") if isinstance(raw, dict) else None
    if not isinstance(client_id, str) or len(client_id) > LONGEST_CLIENT_ID:
        return None
    return client_id.encode(errors="replace").decode()


def _read_int(raw: dict[str, Any], field: str, least: int, most: int) -> int:
    value = raw.get(field)
    if type(value) is not int or not least <= value <= most:
        raise _InvalidField(field)
    return value


def _read_sent_at(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    try:
        return _read_instant(value, "sent_at")
    except _InvalidField:
        detail = "must be an RFC 3339 time, such as 2026-11-23T17:05:00Z"
        raise InvalidRequest(errors=[{"pointer": "#/sent_at", "code": "invalid", "detail": detail}]) from None


def _read_instant(value: Any, field: str) -> int:  # noqa: ANN401 - whatever JSON holds
    """Return an RFC 3339 time in milliseconds since 1970 UTC."""
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise _InvalidField(field)
        return int(instant.timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        raise _InvalidField(field) from None
