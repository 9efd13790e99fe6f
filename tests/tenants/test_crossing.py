"""A row read in one app is refused in every other, by both names."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.models import Guardianship, User
from content.models import Concept, ContentByte, Licence, Unit
from tenants import current
from tenants.backends.instances import CrossedApps
from tests.editors import add_rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def amals_child(db: None) -> User:
    with current.use("amal"):
        return User.objects.create(kind=User.Kind.LEARNER, name="Salma")


@pytest.fixture
def thurayyas_child(amals_child: User) -> User:
    """A child with the same id in thurayya."""
    with current.use("thurayya"):
        return User.objects.create(pk=amals_child.pk, kind=User.Kind.LEARNER, name="Yusuf")


def assign(child: User) -> None:
    Guardianship().learner = child


USES: dict[str, Callable[[User], object]] = {
    "saved": lambda child: child.save(),
    "saved in part": lambda child: child.save(update_fields=["name"]),
    "deleted": lambda child: child.delete(),
    "read anew": lambda child: child.refresh_from_db(),
    "assigned": assign,
    "given to a constructor": lambda child: Guardianship(learner=child),
    "looked for": lambda child: list(Guardianship.objects.filter(learner=child)),
    "looked for among others": lambda child: list(Guardianship.objects.filter(learner__in=[child])),
    "left out": lambda child: list(Guardianship.objects.exclude(learner=child)),
    "looked for once": lambda child: Guardianship.objects.filter(learner=child).first(),
    "asked for what points at it": lambda child: list(child.wards.all()),
    "asked for its groups": lambda child: list(child.groups.all()),
    "created in bulk": lambda child: User.objects.bulk_create([child]),
    "updated in bulk": lambda child: User.objects.bulk_update([child], ["name"]),
    "set by an update": lambda child: Guardianship.objects.update(learner=child),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_is_refused_wherever_it_is(amals_child: User, thurayyas_child: User, use: Callable[[User], object]) -> None:
    with current.use("thurayya"), pytest.raises(CrossedApps) as refusal, transaction.atomic():
        use(amals_child)

    assert str(refusal.value) == f"User {amals_child.pk} belongs to amal and cannot be used in thurayya"
    with current.use("thurayya"):
        assert User.objects.get(pk=amals_child.pk).name == "Yusuf"


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_in_its_own_app_it_is_not(amals_child: User, use: Callable[[User], object]) -> None:
    with current.use("amal"):
        if use is USES["created in bulk"]:
            amals_child.pk = None
        use(amals_child)


def test_a_new_object_belongs_to_the_app_it_was_made_in(db: None) -> None:
    with current.use("amal"):
        child = User(kind=User.Kind.LEARNER)

    with current.use("thurayya"), pytest.raises(CrossedApps):
        child.save()


def test_an_object_made_outside_of_any_app_belongs_to_the_one_that_saves_it(db: None) -> None:
    child = User(kind=User.Kind.LEARNER)
    with current.use("amal"):
        child.save()

    with current.use("thurayya"), pytest.raises(CrossedApps):
        child.save()


@pytest.mark.parametrize("is_raw", [False, True])
def test_a_row_of_a_half_read_query_belongs_to_the_app_that_asked(db: None, is_raw: bool) -> None:  # noqa: FBT001
    for app in ("amal", "thurayya"):
        with current.use(app):
            User.objects.bulk_create(User(pk=pk, kind="learner", name=f"{app} {pk}") for pk in (1, 2))
    with current.use("amal"):
        raw, query = User.objects.raw("SELECT * FROM {app}users ORDER BY id"), User.objects.order_by("pk")
        rows = iter(raw.iterator()) if is_raw else query.iterator(chunk_size=1)
        next(rows)

    with current.use("thurayya"):
        row = next(rows)

        assert row.name == "amal 2"
        with pytest.raises(CrossedApps):
            row.save()


def test_it_is_still_known_after_a_cache_had_it(amals_child: User, thurayyas_child: User) -> None:
    copied = pickle.loads(pickle.dumps(amals_child))  # noqa: S301 - our own

    with current.use("thurayya"), pytest.raises(CrossedApps):
        copied.save()


def test_rows_that_came_with_another_are_known_too(released: object) -> None:
    with current.use("amal"):
        byte = ContentByte.objects.select_related("concept__unit").prefetch_related("assets")[0]
        licence = Licence.objects.only("key")[0]

    with current.use("thurayya"):
        for row in (byte.concept, byte.concept.unit, licence):
            with pytest.raises(CrossedApps):
                row.save()
        with pytest.raises(CrossedApps):
            _ = licence.notice  # a deferred column would be read from thurayya's row


def test_a_many_to_many_relation_takes_no_strangers(released: object, released_in_thurayya: object) -> None:
    with current.use("thurayya"):
        unit = Unit.objects.all()[0]
    with current.use("amal"):
        add_rows(1)
        concept = Concept.objects.all()[0]

        with pytest.raises(CrossedApps):
            concept.unit = unit
        with pytest.raises(CrossedApps):
            unit.concepts.add(concept)
        with pytest.raises(CrossedApps):
            unit.concepts.set([concept])
