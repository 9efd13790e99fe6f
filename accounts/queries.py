"""Reads that tie guardians to learners."""

from typing import TYPE_CHECKING

from accounts.hot.access import may_act_for
from accounts.models import User
from tenants.services import DjangoDatabase
from thin.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_learners(guardian: User) -> "QuerySet[User]":
    """Return a guardian's children, the first one first."""
    return User.objects.filter(kind=User.Kind.LEARNER, is_active=True, guardianships__guardian=guardian).order_by("pk")


def get_learner(*, subject: int, learner_id: int) -> User:
    """Return a learner whom the subject may act for; what is foreign or missing is `NotFound` alike."""
    if not may_act_for(DjangoDatabase(), subject=subject, learner=learner_id):
        raise NotFound
    learner: User = User.objects.get(pk=learner_id)
    return learner
