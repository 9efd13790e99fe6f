"""Calls that may be sent again: the first one's answer is kept, and given to the others.

In the database and not in the cache, which may forget: a second child made by a retry is hard to take back.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import IdempotencyKey
from thin.errors import AppError

KEPT_FOR = timedelta(days=1)
#: A first call that has not answered by then is taken for dead: API Gateway gives up after 29 s.
ABANDONED_AFTER = timedelta(minutes=1)


class KeyReused(AppError):
    code = "idempotency_key_reused"
    http_status = 422
    title = "The Idempotency-Key was used for another body"


class CallInFlight(AppError):
    code = "call_in_flight"
    http_status = 409
    title = "The first call with this Idempotency-Key has not been answered yet"


def begin_call(*, user_id: int, route: str, key: str, body_hash: str, now: datetime) -> IdempotencyKey:
    """Claim a key for a call; the row returned has a status when the call was answered before.

    Raises:
        KeyReused: The key was used for another body.
        CallInFlight: The first call with the key is still under way.
    """
    IdempotencyKey.objects.filter(user_id=user_id, created_at__lte=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():  # a savepoint, so that a refused insert does not spoil an outer transaction
            return IdempotencyKey.objects.create(
                user_id=user_id, route=route, key=key, body_hash=body_hash, created_at=now
            )
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(user_id=user_id, route=route, key=key).first()
    if earlier is None:  # given up in this very moment
        raise CallInFlight
    if earlier.body_hash != body_hash:
        raise KeyReused
    if earlier.status is None and not _take_over(earlier, now):
        raise CallInFlight
    return earlier


def finish_call(call: IdempotencyKey, *, status: int, answer: str) -> None:
    """Keep a call's answer for those that come again."""
    IdempotencyKey.objects.filter(pk=call.pk).update(status=status, answer=answer)


def abandon_call(call: IdempotencyKey) -> None:
    """Forget a call that failed, so that it may be tried anew."""
    IdempotencyKey.objects.filter(pk=call.pk, status=None).delete()


def _take_over(call: IdempotencyKey, now: datetime) -> bool:
    """Claim a call whose first process died; conditional, so that of two only one does."""
    dead = IdempotencyKey.objects.filter(pk=call.pk, status=None, created_at__lte=now - ABANDONED_AFTER)
    return bool(dead.update(created_at=now))
