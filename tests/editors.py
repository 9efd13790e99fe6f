"""An editor at the dashboard, and rows of every model to look at."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts.models import Device, Guardianship, IdempotencyKey, User
from accounts.services.tokens import start_family
from content.models import Asset, Concept, ContentByte, Licence, SeasonOffset
from jobs.models import Job
from learning.models import Answer, LearnerState, LearningDay, LessonSession, UserMemory
from tenants import current
from tenants.registry.app import App
from tests.clients import AppClient

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "a long enough password"


class Editor:
    """A member of one app's staff, signed in; a superuser unless told otherwise."""

    def __init__(self, app: App, email: str = "editor@example.org", **fields: Any) -> None:
        self.app, self.client = app, AppClient(app)
        with current.use(app):
            self.user = User.objects.create_superuser(email, PASSWORD, name="Editor")
            for name, value in fields.items():
                setattr(self.user, name, value)
            self.user.save()
        self.client.force_login(self.user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query)

    def read(self, path: str, **query: Any) -> str:
        """Return a page's text, which must be there."""
        response = self.get(path, **query)
        assert response.status_code == 200, (path, response.status_code)
        text: str = response.content.decode()
        return text

    def post(self, path: str, data: Any, **options: Any) -> Any:
        return self.client.post(path, data, **options)


def add_rows(number: int) -> None:
    """Add a row of everything that a release does not bring, in the current app, where one has been published."""
    byte = ContentByte.objects.select_related("concept").order_by("pk")[number - 1]
    guardian, learner = _add_people(number)
    _add_learning(learner, byte, number)
    Asset.objects.create(
        key=f"sound/{number}", sha256=f"{number:064}", media_type="audio/ogg", size=9, licence=Licence.objects.get()
    )
    SeasonOffset.objects.create(country=f"A{number}", days=1)
    Job.objects.create(task="tests.note", arguments={"number": number}, run_after=NOW)
    Group.objects.create(name=f"role {number}")
    LogEntry.objects.create(
        user=guardian,
        content_type=ContentType.objects.get_for_model(Concept),
        object_id=str(byte.concept_id),
        object_repr=f"concept {number}",
        action_flag=CHANGE,
        change_message="Published.",
    )


def _add_people(number: int) -> tuple[User, User]:
    guardian = User.objects.create(kind=User.Kind.GUARDIAN, email=f"guardian-{number}@example.org")
    learner = User.objects.create(kind=User.Kind.LEARNER, name=f"Noor {number}")
    Guardianship.objects.create(guardian=guardian, learner=learner)
    device = Device.objects.create(guardian=guardian, install_id=f"phone-{number}", platform="android")
    IdempotencyKey.objects.create(user=guardian, route="POST /user/learners", key=str(number), created_at=NOW)
    start_family(user=guardian, device=device, now=NOW)
    return guardian, learner


def _add_learning(learner: User, byte: ContentByte, number: int) -> None:
    Answer.objects.create(
        user=learner,
        client_id=str(number),
        byte=byte,
        concept=byte.concept,
        outcome="correct",
        rt_ms=2000,
        hints=0,
        answered_ms=int(NOW.timestamp() * 1000),
        received_ms=int(NOW.timestamp() * 1000),
        utc_offset_min=180,
        local_day=20_780,
        device_seq=number,
        kind=byte.kind,
        expected_ms=6000,
        guess=0.25,
        rule_version=1,
        p_predicted=0.81234567,
    )
    days = dict.fromkeys(("first_day", "last_day", "due_day", "unlocked_until_day", "accurate_since_day"), 20_780)
    counts = dict.fromkeys(("reps", "correct", "varied_successes", "exposures"), 1)
    UserMemory.objects.create(
        user=learner, concept=byte.concept, accuracy=1, stability=2.3, difficulty=5, **days, **counts
    )
    LearningDay.objects.create(user=learner, day=20_780, answers=7, correct=6)
    LearnerState.objects.create(user=learner, ability=0.4, utc_offset_min=180)
    LessonSession.objects.create(
        user=learner, local_day=20_780, number=1, seed="1", release=1, size=7, seconds=300, created_ms=1
    )
