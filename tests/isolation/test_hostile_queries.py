"""Below the rim: wherever Django could put a text into SQL, the token in it stays a text."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import Case, F, Q, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat, Replace
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from jobs.models import Job
from tenants.registry.app import App
from tests.isolation.hostile import TEXTS, TOKENS

type Rows = models.QuerySet[User]


@pytest.fixture
def learner(db: None, in_amal: App) -> User:
    return User.objects.create(kind="learner", name=TOKENS, country="SA")


READS: dict[str, Callable[[Rows], Any]] = {
    "exact": lambda users: users.get(name=TOKENS).name,
    "contains": lambda users: users.get(name__contains="{app}").name,
    "icontains": lambda users: users.get(name__icontains="{app}users").name,
    "startswith": lambda users: users.get(name__startswith="{app}").name,
    "in": lambda users: users.get(name__in=[TOKENS, "amal_users%s"]).name,
    "regex": lambda users: users.get(name__regex=r"^[{]app[}]users").name,
    "value": lambda users: users.annotate(text=Value(TOKENS)).get().text,
    "case": lambda users: users.annotate(text=Case(When(Q(name=TOKENS), Value(TOKENS)), default=Value(""))).get().text,
    "concat": lambda users: users.annotate(text=Concat(Value("{app}"), Value("users%s"))).get().text,
    "coalesce": lambda users: users.annotate(text=Coalesce(F("email"), Value(TOKENS))).get().text,
    "replace": lambda users: users.annotate(text=Replace("country", Value("SA"), Value(TOKENS))).get().text,
    "subquery": lambda users: users.get(pk__in=User.objects.filter(name=TOKENS)).name,
    "union": lambda users: users.filter(name=TOKENS).union(users.filter(name="x")).get().name,
    "exclude": lambda users: users.exclude(name="amal_users%s").get().name,
    "order by a text": lambda users: users.order_by(Value(TOKENS), "pk").get().name,
    "iterator": lambda users: next(users.filter(name=TOKENS).iterator()).name,
    "raw": lambda _: User.objects.raw("SELECT * FROM {app}users WHERE name = %s", [TOKENS])[0].name,
    "an alias": lambda users: users.annotate(app=F("name")).values_list("app", flat=True).get(),
    "an alias with the token": lambda users: users.annotate(**{"{app}": F("name")}).values("{app}").get()["{app}"],  # type: ignore[misc]
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_text_with_the_token_is_found_as_it_is(read: Callable[[Rows], Any], learner: User) -> None:
    assert read(User.objects.all()) == TOKENS


def test_what_the_token_stands_for_is_another_text(learner: User) -> None:
    User.objects.update(name=TOKENS.replace("{app}", "amal_"))

    found = User.objects.filter(name=TOKENS) | User.objects.filter(name__contains="{app}")

    assert not found.exists()


WRITES: dict[str, Callable[[User], Any]] = {
    "save": lambda user: user.save(),
    "update": lambda user: User.objects.filter(pk=user.pk).update(name=TOKENS),
    "update by an expression": lambda user: User.objects.update(name=Concat(Value("{app}"), Value("users%s"))),
    "bulk_update": lambda user: User.objects.bulk_update([user], ["name"]),
    "bulk_create": lambda _: User.objects.bulk_create([User(kind="learner", name=TOKENS, country="SA")]),
    "update_or_create": lambda user: User.objects.update_or_create(pk=user.pk, defaults={"name": TOKENS}),
    "get_or_create": lambda _: User.objects.get_or_create(kind="learner", name=TOKENS),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_text_with_the_token_is_written_as_it_is(write: Callable[[User], Any], learner: User) -> None:
    write(learner)

    assert set(User.objects.values_list("name", flat=True)) == {TOKENS}


@pytest.mark.parametrize("text", TEXTS[:3], ids=ascii)
def test_a_key_of_json_is_a_text_too(text: str, db: None, in_amal: App) -> None:
    Job.objects.create(task="x", arguments={text: [TOKENS]}, run_after=timezone.now())
    jobs = Job.objects.filter(arguments__has_key=text).order_by(f"arguments__{text}")

    inside = jobs.annotate(inside=KT(f"arguments__{text}__0")).values_list("inside", flat=True)

    assert jobs.get().arguments == {text: [TOKENS]}
    assert list(inside) == [TOKENS]


def test_logs_show_the_text_and_the_table(learner: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(name=TOKENS).first()

    assert "amal_users" in queries[0]["sql"]
    assert TOKENS in queries[0]["sql"]


def test_an_explained_query_takes_the_text_as_it_is(learner: User) -> None:
    assert "amal_users%s" not in User.objects.filter(name=TOKENS).explain()


def test_sql_put_together_by_hand_is_the_one_place_where_a_text_is_taken_for_the_token(learner: User) -> None:
    """Why no text of anybody's is ever put into SQL; ruff's S608 asks at each place that does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{TOKENS.removesuffix('%s')}'")
        rows = list(cursor.fetchall())

    assert rows == [("amal_users",)]
