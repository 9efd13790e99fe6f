"""The attacks themselves on trial: on a URLconf of mistakes they must find each one, and nothing else."""

from typing import Any

import pytest

from tests.isolation import leaky
from tests.isolation.examples import Unfillable
from tests.isolation.routes import Operation, list_operations
from tests.isolation.siege import Siege, try_other_methods
from tests.isolation.world import OWNER, World

pytestmark = pytest.mark.of_tests

WITHOUT_TOKEN = {"no good token but ", "the other app's token", "the other app's host"}
WITH_ANY_IDS = {"a neighbour with the owner's ids", "a neighbour with the owner's user_id"}
#: What each operation of `leaky` lets through, as the beginnings of the complaints.
LEAKS: dict[str, set[str]] = {
    "GET /trusts/header": {"a forged app in headers for apps"},
    "GET /trusts/forwarded-host": {"a forged app in headers for hosts"},
    "GET /trusts/query": {"a forged app in the query"},
    "POST /trusts/body": {"a forged app in the body"},
    "GET /kept-on-the-class": {"the owner", "a forged app in ", "a neighbour on their own"},
    "GET /forgets/{learner_id}": {"a neighbour with the owner's ids", "a neighbour with the owner's learner_id"},
    "GET /tells/{learner_id}": {"a neighbour with the owner's ids", "a neighbour with the owner's learner_id"},
    "DELETE /writes/{learner_id}": {"a neighbour with the owner's ids", "a neighbour with the owner's learner_id"},
    "GET /open": {"the owner", "a forged app in ", "a neighbour on their own", *WITHOUT_TOKEN},
    "GET /one-key": {"no good token but the other app's", "the other app's token", "the other app's host"},
    "GET /hot/{user_id}/names": WITH_ANY_IDS,
    "GET /hot/{user_id}/prefix": {
        "the owner",
        "a forged app in ",
        "a neighbour on their own",
        "an id of the other app, user_id",
        *WITH_ANY_IDS,
        *WITHOUT_TOKEN,
    },
    "GET /app/config": {"the owner", "a forged app in ", "any token"},  # no longer public, though the table says so
    "GET /any-method": set(),  # as the others see it
    "GET /sound/{learner_id}": set(),
}
OPERATIONS = list_operations(leaky.__name__)


@pytest.fixture(autouse=True)
def _serve_mistakes(settings: Any) -> None:
    settings.ROOT_URLCONF = leaky.__name__
    leaky.KeptOnTheClass.names.clear()


def test_every_mistake_is_tried() -> None:
    assert {str(each) for each in OPERATIONS} == set(LEAKS)


@pytest.mark.parametrize("app", ["amal", "thurayya"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_attacks_find_what_leaks_and_nothing_else(operation: Operation, app: str, world: World) -> None:
    expected = LEAKS[str(operation)]

    leaks = Siege(world, app, operation, whole=True).run()

    assert [leak for leak in leaks if not leak.startswith(tuple(expected))] == []
    assert {beginning for beginning in expected if not any(leak.startswith(beginning) for leak in leaks)} == set()


def test_a_method_that_was_not_meant_is_found(world: World) -> None:
    operations = [each for each in OPERATIONS if each.path == "/any-method"]

    leaks = try_other_methods(world, "amal", "/any-method", operations)

    assert {leak.split()[0] for leak in leaks} == {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/classes/{class_id}", None),
        ("/things/{id}", None),
        ("/pictures/{slug}", None),
        ("/teachers", {"type": "object", "properties": {"teacher_id": {"type": "integer"}}}),
        ("/classes", {"type": "object", "properties": {"learner": {"$ref": "#/components/schemas/Ref"}}}),
        ("/codes", {"type": "object", "properties": {"code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{9}$"}}}),
    ],
)
def test_what_nobody_said_how_to_fill_is_no_silent_pass(path: str, body: Any, world: World) -> None:
    document = {"requestBody": {"content": {"application/json": {"schema": body}}}} if body else {}
    components = {"Ref": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    operation = Operation("POST", path, document, components)

    with pytest.raises(Unfillable, match=f"say how to fill .* of POST {path.partition('{')[0]}"):
        operation.fill(world.families["amal"][OWNER].ids, whole=True)
