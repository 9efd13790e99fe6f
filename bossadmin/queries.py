"""What the first page tells of an app."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from accounts.models import User
from content.models import Concept, ContentByte, Publication, Unit
from jobs.models import Job
from learning.hot.days import local_day
from learning.models import LearningDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An app in numbers; `publication` is None before the first release."""

    learners: int
    learners_today: int
    answers_today: int
    publication: Publication | None
    units: int
    concepts: int  # live ones
    content_bytes: int  # live ones
    jobs_waiting: int
    jobs_dead: int


def take_figures(*, now: datetime) -> Figures:
    """Count, in seven queries.

    Today is the local day that UTC has: what a child does on a day that its own clock began earlier is counted later.
    """
    today = LearningDay.objects.filter(day=local_day(int(now.timestamp() * 1000), 0))
    day = today.aggregate(learners=Count("pk"), answers=Sum("answers", default=0))
    jobs = Job.objects.aggregate(
        waiting=Count("pk", filter=Q(status=Job.Status.WAITING)), dead=Count("pk", filter=Q(status=Job.Status.DEAD))
    )
    return Figures(
        learners=User.objects.filter(kind=User.Kind.LEARNER).count(),
        learners_today=day["learners"],
        answers_today=day["answers"],
        publication=Publication.objects.select_related("release").first(),
        units=Unit.objects.count(),
        concepts=Concept.objects.filter(is_live=True).count(),
        content_bytes=ContentByte.objects.filter(is_live=True).count(),
        jobs_waiting=jobs["waiting"],
        jobs_dead=jobs["dead"],
    )
