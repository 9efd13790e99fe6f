"""Every operation of the API under attack; operations and bodies come from the URLconf and OpenAPI."""

import pytest

from tests.isolation.routes import Operation, list_operations
from tests.isolation.siege import PUBLIC, Siege, try_other_methods
from tests.isolation.world import World, missing_ids

OPERATIONS = list_operations()
PATHS = sorted({each.path for each in OPERATIONS})
APPS = ("amal", "thurayya")


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_nobody_but_its_owner_gets_anything_from(operation: Operation, app: str, world: World) -> None:
    variants = (True, False) if operation.has_options(missing_ids()) else (True,)

    leaks = [leak for whole in variants for leak in Siege(world, app, operation, whole=whole).run()]

    assert leaks == []


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_is_not_there_does_nothing(path: str, world: World) -> None:
    there = [each for each in OPERATIONS if each.path == path]

    assert try_other_methods(world, "amal", path, there) == []


def test_the_public_routes_are_all_there() -> None:
    assert set(PUBLIC) <= {(each.method, each.path) for each in OPERATIONS}


def test_every_header_is_known() -> None:
    assert {str(each): unknown for each in OPERATIONS if (unknown := each.unknown_headers())} == {}
