"""Sign-ins: a family of refresh tokens, each exchanged once for the next."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from accounts.models import Device, RefreshFamily, RefreshToken, User
from tenants.services import signing_key
from thin import tokens as access_tokens
from thin.errors import AppError

SLIDES_FOR = timedelta(days=180)


class RefreshRefused(AppError):
    """Unknown, expired, revoked and replayed look alike from outside: the phone must start or sign in again."""

    code = "refresh_refused"
    http_status = 401
    title = "The refresh token is not valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    access: str
    refresh: str
    expires_in: int  # seconds that the access token lives


def start_family(*, user: User, device: Device | None, now: datetime) -> TokenPair:
    """Begin a sign-in; call it inside a transaction."""
    family = RefreshFamily.objects.create(user=user, device=device)
    return _mint(family, parent=None, now=now)


def refresh_tokens(*, refresh: str, now: datetime) -> TokenPair:
    """Exchange a refresh token for its successor and a new access token.

    A token presented again gets another successor as long as none of its successors was used: the reply was lost.
    Once one was, two parties hold the chain, and the whole family is revoked.
    """
    with transaction.atomic(durable=True):
        token = _lock(refresh)
        family = token.family
        if family.revoked_at or token.expires_at <= now or not family.user.is_active:
            raise RefreshRefused
        replayed = _was_replayed(token)
        if replayed:
            RefreshFamily.objects.filter(pk=family.pk).update(revoked_at=now)
        else:
            RefreshToken.objects.filter(pk=token.pk, used_at=None).update(used_at=now)
            pair = _mint(family, parent=token, now=now)
    # Outside the transaction: raised within it, the refusal would undo the revocation.
    if replayed:
        raise RefreshRefused
    return pair


def _lock(refresh: str) -> RefreshToken:
    """Return the token, with its family locked: of two calls with one token the second sees what the first did."""
    token = RefreshToken.objects.filter(token_hash=_hash(refresh)).first()
    if token is None:
        raise RefreshRefused
    family = RefreshFamily.objects.select_for_update().get(pk=token.family_id)
    token.refresh_from_db()
    token.family = family
    return token


def _was_replayed(token: RefreshToken) -> bool:
    """Tell whether the chain has gone on past this token without its holder."""
    rivals = RefreshToken.objects.exclude(pk=token.pk).filter(used_at__isnull=False)
    if token.used_at:
        return rivals.filter(parent=token).exists()
    return token.parent_id is not None and rivals.filter(parent_id=token.parent_id).exists()


def _mint(family: RefreshFamily, *, parent: RefreshToken | None, now: datetime) -> TokenPair:
    refresh = secrets.token_urlsafe(32)
    RefreshToken.objects.create(family=family, parent=parent, token_hash=_hash(refresh), expires_at=now + SLIDES_FOR)
    access = access_tokens.sign(signing_key(), subject=family.user_id, family=family.pk, now_s=int(now.timestamp()))
    return TokenPair(access=access, refresh=refresh, expires_in=access_tokens.LIFETIME_S)


def _hash(refresh: str) -> str:
    return sha256(refresh.encode()).hexdigest()
