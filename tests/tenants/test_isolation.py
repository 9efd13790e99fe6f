"""Two apps in one process, with different ids behind the same names."""

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.db import connection, connections

from accounts.models import User
from content.models import Concept
from learning.models import Answer
from tenants import current
from tenants.backends.caches import ContentTypeCache

APPS = ("amal", "thurayya")
MODELS = (User, Concept, Answer)
STEPS = 600


@pytest.fixture
def shifted_ids(transactional_db: None) -> Iterator[dict[str, dict[str, int]]]:
    """Make thurayya's content-type ids differ from amal's, and return the true ones by app and model."""
    with current.use("thurayya"):
        before = _read_ids()
        _renumber(1000)
    yield {"amal": _in("amal"), "thurayya": _in("thurayya")}
    with current.use("thurayya"):
        _renumber(-1000)
        ContentType.objects.clear_cache()
        assert _read_ids() == before


def _renumber(shift: int) -> None:
    """Move all content types of the current app, and the permissions that point at them."""
    with connection.constraint_checks_disabled():
        for (pk,) in sorted(_select("SELECT id FROM {app}django_content_type"), reverse=shift > 0):
            _run("UPDATE {app}django_content_type SET id = %s WHERE id = %s", pk + shift, pk)
        _run("UPDATE {app}auth_permission SET content_type_id = content_type_id + %s", shift)


def _run(sql: str, *parameters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _select(sql: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _read_ids() -> dict[str, int]:
    """Return the content-type ids that the database holds, past every cache."""
    rows = ContentType.objects.values_list("app_label", "model", "pk")
    return {f"{label}.{model}": pk for label, model, pk in rows}


def _in(app: str) -> dict[str, int]:
    with current.use(app):
        return _read_ids()


def _leaks_after(steps: int, true_ids: dict[str, dict[str, int]], seed: int) -> int:
    """Switch between the apps and count the answers that were another app's."""
    chance = random.Random(seed)
    leaks = 0
    for _ in range(steps):
        app, model = chance.choice(APPS), chance.choice(MODELS)
        with current.use(app):
            found = ContentType.objects.get_for_model(model)
            permission = Permission.objects.select_related("content_type").filter(content_type=found).first()
            leaks += found.pk != true_ids[app][found.app_label + "." + found.model]
            leaks += permission is None or permission.content_type_id != found.pk
    return leaks


@contextmanager
def _stock_cache() -> Iterator[None]:
    """Put back the content-type cache as Django ships it: one dictionary for everybody."""
    manager_class, manager = cast("Any", ContentTypeManager), cast("Any", ContentType.objects)
    descriptor = manager_class.__dict__["_cache"]
    del manager_class._cache
    manager._cache = {}
    try:
        yield
    finally:
        manager_class._cache = descriptor
        manager._cache = {}


def test_alternating_apps_never_see_each_others_content_types(shifted_ids: dict[str, dict[str, int]]) -> None:
    assert shifted_ids["amal"] != shifted_ids["thurayya"]

    assert _leaks_after(STEPS, shifted_ids, seed=1) == 0


def test_threads_never_see_each_others_content_types(shifted_ids: dict[str, dict[str, int]]) -> None:
    def work(seed: int) -> int:
        try:
            return _leaks_after(STEPS, shifted_ids, seed)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        leaks = list(pool.map(work, range(4)))

    assert leaks == [0, 0, 0, 0]


def test_tasks_of_one_loop_never_see_each_others_content_types(shifted_ids: dict[str, dict[str, int]]) -> None:
    async def work(app: str) -> int:
        leaks = 0
        with current.use(app):
            for number in range(STEPS // 4):
                model = MODELS[number % len(MODELS)]
                found = await sync_to_async(ContentType.objects.get_for_model)(model)
                await asyncio.sleep(0)
                leaks += found.pk != shifted_ids[current.get().name][f"{found.app_label}.{found.model}"]
        return leaks

    async def race() -> list[int]:
        return await asyncio.gather(*(work(app) for app in APPS * 3))

    assert asyncio.run(race()) == [0] * 6


def test_the_proof_fails_with_djangos_own_content_type_cache(shifted_ids: dict[str, dict[str, int]]) -> None:
    with _stock_cache():
        leaks = _leaks_after(STEPS, shifted_ids, seed=1)

    assert leaks > 0
    assert isinstance(ContentTypeManager.__dict__["_cache"], ContentTypeCache)


def test_the_same_id_is_another_person_in_each_app(db: None) -> None:
    with current.use("amal"):
        User.objects.create(pk=77, kind="learner", name="Badr")
    with current.use("thurayya"):
        User.objects.create(pk=77, kind="learner", name="Charlie")

    with current.use("amal"):
        amals = User.objects.get(pk=77).name
    with current.use("thurayya"):
        thurayyas = User.objects.get(pk=77).name

    assert (amals, thurayyas) == ("Badr", "Charlie")
