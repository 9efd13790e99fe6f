"""A first start: nobody is asked for anything, and everything can be claimed later."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Device, Guardianship, User
from accounts.services.tokens import TokenPair, start_family


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a phone gets from its first call."""

    guardian: User
    learner: User
    tokens: TokenPair


def start_device(
    *,
    install_id: str,
    platform: str,
    locale: str,
    timezone: str,
    country: str,
    app_version: str,
    now: datetime,
) -> Start:
    """Make a guardian, a first learner and a sign-in for a phone that starts anonymously.

    Always a new guardian: an `install_id` that was seen before proves nothing about who sends it.
    """
    place: dict[str, str | int | None] = {
        "language": _language_of(locale),
        "timezone": timezone,
        "utc_offset_min": utc_offset_min(timezone, now),
        "country": country,
    }
    # One transaction: a guardian without a child, or a child whom nobody may act for, can never be reached again.
    with transaction.atomic(durable=True):
        guardian = User(kind=User.Kind.GUARDIAN, **place)
        guardian.set_unusable_password()
        guardian.save()
        learner = create_learner_of(guardian, **place)
        device = Device.objects.create(
            guardian=guardian,
            install_id=install_id,
            platform=platform,
            locale=locale,
            timezone=timezone,
            country=country,
            app_version=app_version,
        )
        tokens = start_family(user=guardian, device=device, now=now)
    return Start(guardian=guardian, learner=learner, tokens=tokens)


def _language_of(locale: str) -> str:
    """Return the ISO 639 code that a locale such as ar_SA or en-GB begins with; nothing for what is no locale."""
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", locale)
    return match[0].lower() if match else ""


def create_learner_of(guardian: User, **fields: str | int | None) -> User:
    """Add a child to a guardian; call it inside a transaction."""
    learner = User(kind=User.Kind.LEARNER, **fields)
    learner.set_unusable_password()
    learner.save()
    Guardianship.objects.create(guardian=guardian, learner=learner)
    return learner


def utc_offset_min(timezone: str, now: datetime) -> int:
    """Return the minutes east of UTC that an IANA time zone has at an instant."""
    offset = now.astimezone(ZoneInfo(timezone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
