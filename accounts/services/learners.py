"""Children of a guardian."""

from datetime import datetime

from django.db import transaction

from accounts.models import Guardianship, IdempotencyKey, User
from accounts.services.devices import create_learner_of, utc_offset_min
from tenants import current
from thin.errors import AppError, NotFound


class TooManyLearners(AppError):
    code = "too_many_learners"
    http_status = 409
    title = "The guardian has as many learners as the app allows"


def create_learner(
    *, guardian: User, name: str, birth_year: int | None, timezone: str | None = None, now: datetime
) -> User:
    """Add a child, in the guardian's language and place; the time zone may be another."""
    limit = current.get().limits.learners_per_guardian
    with transaction.atomic():
        # Locked, or two calls at once would both find room for the last child.
        locked = User.objects.select_for_update().get(pk=guardian.pk)
        if Guardianship.objects.filter(guardian=locked).count() >= limit:
            raise TooManyLearners(limit=limit)
        timezone = timezone or locked.timezone
        return create_learner_of(
            locked,
            name=name,
            birth_year=birth_year,
            language=locked.language,
            timezone=timezone,
            utc_offset_min=utc_offset_min(timezone, now),
            country=locked.country,
        )


def update_learner(*, learner: User, now: datetime, **changes: str | int | None) -> User:
    """Change what a guardian may change: name, birth_year, timezone."""
    for field, value in changes.items():
        setattr(learner, field, value)
    if "timezone" in changes:
        learner.utc_offset_min = utc_offset_min(learner.timezone, now)
        changes["utc_offset_min"] = learner.utc_offset_min
    learner.save(update_fields=list(changes))
    return learner


def remove_learner(*, guardian: User, learner: User) -> None:
    """Take a child from a guardian; with the last guardian goes the child and all it has learned."""
    with transaction.atomic(durable=True):
        # Locked, or two guardians leaving at once would each see the other and leave the child to nobody.
        if not User.objects.select_for_update().filter(pk=learner.pk).exists():
            raise NotFound
        Guardianship.objects.filter(guardian=guardian, learner=learner).delete()
        # Among them may be the answer that made the child, with its name.
        IdempotencyKey.objects.filter(user=guardian).delete()
        if not Guardianship.objects.filter(learner=learner).exists():
            learner.delete()
