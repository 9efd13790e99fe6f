"""The queries of `bench.engines`: this project's own, on rows that are the same on both sides."""

from collections.abc import Callable
from itertools import count
from typing import Any, Final, NamedTuple, cast

from django.contrib import admin
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.sql import DeleteQuery, InsertQuery, Query, UpdateQuery
from django.test import RequestFactory

from accounts.models import IdempotencyKey, User
from accounts.queries import list_learners
from bench.engine_rows import FAMILIES, NOW, make_answer
from content.models import Concept, ContentByte
from jobs.models import Job
from learning.models import Answer, UserMemory

BULK: Final = 100
_numbers = count(1_000_000)


class Case(NamedTuple):
    """One query: `query` is what is compiled, `run(n)` executes it to rows, for a row that depends on n."""

    name: str
    query: Query
    run: Callable[[int], Any]


def make_cases() -> list[Case]:
    """Return the queries, in the order of the table."""
    return [*_make_reads(), *_make_writes()]


def _make_reads() -> list[Case]:
    answers = Answer.objects.filter(user_id=1)
    wrong = Answer.objects.filter(user_id=OuterRef("pk"), outcome="wrong")
    live = ContentByte.objects.filter(is_live=True, concept__is_live=True, concept__unit__key="unit/1")
    return [
        _read("point lookup", User.objects.filter(pk=1)),
        _read("two tables", list_learners(User(pk=FAMILIES + 1))),
        _read("three tables", live.select_related("concept__unit").order_by("position", "pk")[:20]),
        _read("120 objects", Concept.objects.filter(is_live=True)),
        _read(
            "120 plain rows", UserMemory.objects.filter(user_id=1).values_list("concept_id", "stability", "last_day")
        ),
        _read("aggregation", answers.values_list("byte_id").annotate(Max("local_day")).order_by()),
        _read("subquery", User.objects.filter(Exists(wrong), kind="learner").order_by("pk")[:20]),
        _read("admin's list", _list_in_admin()),
    ]


def _read(name: str, rows: "QuerySet[Any, Any]") -> Case:
    return Case(name, rows.query, lambda _: list(rows.all()))


def _list_in_admin() -> "QuerySet[ContentByte]":
    """Return what an editor's search brings, as the dashboard asks for it."""
    request = RequestFactory().get("/boss/content/contentbyte/", {"q": "number", "is_live__exact": "1"})
    request.user = User(pk=1, kind="staff", is_staff=True, is_superuser=True)
    rows: QuerySet[ContentByte] = admin.site.get_model_admin(ContentByte).get_changelist_instance(request).result_list
    return rows


def _make_writes() -> list[Case]:
    key = IdempotencyKey(user_id=1, route="POST /user/learners", key="new", body_hash="0" * 64, created_at=NOW)
    lease = {"attempts": F("attempts") + 1, "run_after": NOW}
    return [
        Case("insert", _insert(IdempotencyKey, [key]), _insert_one),
        Case(f"insert of {BULK}", _insert(Answer, [make_answer(number) for number in range(BULK)]), _insert_many),
        Case("update", _update(Job.objects.due(NOW).filter(pk=1), lease), lambda n: _lease(n).update(**lease)),
        Case("delete", _delete(_expired(0)), lambda n: _expired(n).delete()),
    ]


def _insert(model: Any, rows: list[Any]) -> Query:  # noqa: ANN401 - a model's class
    query = InsertQuery(model)
    query.insert_values([field for field in model._meta.concrete_fields if not field.primary_key], rows)
    return query


def _update(rows: "QuerySet[Any]", values: dict[str, Any]) -> Query:
    query = cast("UpdateQuery", rows.query.chain(UpdateQuery))
    query.add_update_values(values)
    return query


def _delete(rows: "QuerySet[Any]") -> Query:
    return rows.query.chain(DeleteQuery)


def _insert_one(_: int) -> IdempotencyKey:
    return IdempotencyKey.objects.create(user_id=1, route="new", key=str(next(_numbers)), created_at=NOW)


def _insert_many(_: int) -> list[Answer]:
    return Answer.objects.bulk_create([make_answer(next(_numbers)) for _ in range(BULK)])


def _lease(number: int) -> "QuerySet[Job]":
    return Job.objects.due(NOW).filter(pk=number % FAMILIES + 1)


def _expired(number: int) -> "QuerySet[IdempotencyKey]":
    return IdempotencyKey.objects.filter(user_id=number % FAMILIES + 1, created_at__lte=NOW)
