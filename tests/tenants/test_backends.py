"""Typed table names, seen from the database."""

import pickle

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from tenants import current
from tenants.backends.names import LONGEST_NAME, Logical
from tenants.current import NoTenant
from tenants.registry.app import RESERVED_FOR_PREFIX, App


def test_a_table_name_is_plain_text_that_knows_it_belongs_to_an_app() -> None:
    name = User._meta.db_table

    assert name == "users"
    assert type(name) is Logical
    assert f"{name}" == "{app}users"
    assert pickle.loads(pickle.dumps(name)) == "users"  # noqa: S301 - our own bytes


def test_a_query_is_compiled_for_the_app_that_runs_it(db: None) -> None:
    queryset = User.objects.filter(kind="learner")

    with current.use("amal"):
        first = str(queryset.query)
    with current.use("thurayya"):
        second = str(queryset.query)

    assert "amal_users" in first
    assert "thurayya_users" in second
    assert "amal_users" not in second


def test_nothing_is_read_where_no_app_is_current(db: None) -> None:
    with pytest.raises(NoTenant):
        User.objects.count()


def test_raw_sql_names_tables_with_the_token(in_amal: App, db: None) -> None:
    User.objects.create(kind="learner", name="Badr")

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {User._meta.db_table}")  # noqa: S608 - the table's own name
        rows = list(cursor.fetchall())

    assert rows == [("Badr",)]


def test_text_that_looks_like_the_token_is_stored_as_it_is(in_amal: App, db: None) -> None:
    learner = User.objects.create(kind="learner", name="{app}users")

    assert User.objects.get(pk=learner.pk).name == "{app}users"


def test_other_apps_tables_are_invisible(in_amal: App, db: None) -> None:
    tables = connection.introspection.table_names()

    assert "users" in tables
    assert not [table for table in tables if "thurayya" in table]


def test_constraints_of_two_apps_do_not_collide_and_are_found_by_their_logical_names(in_amal: App, db: None) -> None:
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "guardianships")

    assert "guardianships_once" in names
    assert names[next(name for name in names if name == "guardianships_once")]["unique"]


def test_a_foreign_key_stays_within_the_app(in_amal: App, db: None) -> None:
    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, "guardianships")

    assert relations["guardian_id"] == ("id", "users")


def test_a_callback_runs_in_the_app_that_registered_it(transactional_db: None) -> None:
    seen = []

    with transaction.atomic():
        with current.use("amal"):
            transaction.on_commit(lambda: seen.append(current.get().name))
        with current.use("thurayya"):
            transaction.on_commit(lambda: seen.append(current.get().name))

    assert seen == ["amal", "thurayya"]


def test_a_name_too_long_for_a_prefix_is_cut_the_same_way_for_every_app() -> None:
    class Long(models.Model):  # noqa: DJ008 - never shown
        class Meta:
            app_label = "tenants"
            db_table = "a_table_with_a_name_that_is_far_too_long_for_mysql_to_take_with_a_prefix"

    assert len(Long._meta.db_table) <= LONGEST_NAME - RESERVED_FOR_PREFIX


def test_words_that_differ_in_vowel_signs_are_different_words(in_amal: App, db: None) -> None:
    User.objects.create(kind="learner", name="كتب")

    assert not User.objects.filter(name="كَتَبَ").exists()
    assert User.objects.filter(name="كتب").exists()


def test_a_constraint_of_the_database_refuses_a_guardian_in_boss(in_amal: App, db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(kind="guardian", is_staff=True)


def test_models_and_migrations_agree(in_amal: App, db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
