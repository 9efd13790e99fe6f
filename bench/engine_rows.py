"""The tables and rows that `bench.engines` works on, made alike on both sides."""

from datetime import UTC, datetime
from typing import Final

from django.apps import apps
from django.db import connection

from accounts.models import Guardianship, IdempotencyKey, User
from content.models import Concept, ContentByte, Licence, Unit
from jobs.models import Job
from learning.models import Answer, UserMemory

FAMILIES: Final = 200
CONCEPTS: Final = 120
BYTES: Final = 3 * CONCEPTS
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY: Final = 20_780


def create_tables() -> None:
    """Make every model's table, straight from the models: migrating is not what is measured."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)


def create_rows() -> None:
    """Make a small app: a course, families of a guardian and a child, and a child who has answered much."""
    _create_course()
    _create_families()
    Answer.objects.bulk_create([make_answer(number) for number in range(2 * BYTES)])
    days = dict.fromkeys(("first_day", "last_day", "due_day", "unlocked_until_day", "accurate_since_day"), TODAY)
    counts = dict.fromkeys(("reps", "correct", "varied_successes", "exposures"), 1)
    UserMemory.objects.bulk_create(
        UserMemory(user_id=1, concept_id=pk, accuracy=1, stability=2.3, difficulty=5, **days, **counts)
        for pk in range(1, CONCEPTS + 1)
    )
    if connection.vendor == "mysql":
        _count_rows()


def _count_rows() -> None:
    """Have MySQL count what there is now: left to its own time, the sides could come to different plans."""
    with connection.cursor() as cursor:
        for model in (Answer, User, Concept, ContentByte):
            cursor.execute(f"ANALYZE TABLE {connection.ops.quote_name(model._meta.db_table)}")
            cursor.fetchall()


def _create_course() -> None:
    Licence.objects.create(pk=1, key="own", name="Alphazed")
    Unit.objects.bulk_create(
        Unit(pk=pk, key=f"unit/{pk}", title={"ar": f"وحدة {pk}", "en": f"Unit {pk}"}, position=pk) for pk in range(1, 7)
    )
    Concept.objects.bulk_create(
        Concept(
            pk=pk,
            key=f"number/{pk}",
            unit_id=pk % 6 + 1,
            kind="number",
            title={"ar": f"رقم {pk}", "en": f"Number {pk}"},
            text=str(pk),
            position=pk,
            licence_id=1,
        )
        for pk in range(1, CONCEPTS + 1)
    )
    ContentByte.objects.bulk_create(
        ContentByte(
            pk=pk,
            key=f"number/{pk}/meet",
            concept_id=pk % CONCEPTS + 1,
            kind="meet",
            payload={"text": str(pk)},
            expected_ms=6000,
            guess=0.25,
            position=pk,
        )
        for pk in range(1, BYTES + 1)
    )


def _create_families() -> None:
    """Children have the lower ids, so that child n is the one of guardian n + FAMILIES."""
    pks = range(1, FAMILIES + 1)
    User.objects.bulk_create(User(pk=pk, kind="learner", name=f"Noor {pk}") for pk in pks)
    User.objects.bulk_create(User(pk=pk + FAMILIES, kind="guardian", email=f"guardian-{pk}@example.org") for pk in pks)
    Guardianship.objects.bulk_create(Guardianship(guardian_id=pk + FAMILIES, learner_id=pk) for pk in pks)
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(user_id=pk, route="POST /user/learners", key="old", created_at=NOW) for pk in pks
    )
    Job.objects.bulk_create(Job(pk=pk, task="tests.note", run_after=NOW) for pk in pks)


def make_answer(number: int) -> Answer:
    """Return an answer of the first child, not yet stored."""
    return Answer(
        user_id=1,
        client_id=str(number),
        byte_id=number % BYTES + 1,
        concept_id=number % CONCEPTS + 1,
        outcome="correct" if number % 3 else "wrong",
        rt_ms=2000,
        hints=0,
        answered_ms=number,
        received_ms=number,
        utc_offset_min=180,
        local_day=TODAY,
        device_seq=number,
        kind="meet",
        expected_ms=6000,
        guess=0.25,
        rule_version=1,
        p_predicted=0.8,
    )
