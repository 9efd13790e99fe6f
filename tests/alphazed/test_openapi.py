"""The contract with phones: written down, reviewed when it changes, and true."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from alphazed.hot_routes import HOT_ROUTES, HotRoute
from alphazed.settings.env import ROOT
from tenants import current
from tests.phones import Phone

SNAPSHOT = ROOT / "docs" / "openapi.json"
#: Pages, not parts of the API.
NOT_DESCRIBED = {"/app/schema", "/app/docs"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The schema as the code has it now; a warning of the generator fails here."""
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    with current.use("amal"):
        call_command("spectacular", format="openapi-json", file=str(path), validate=True, fail_on_warn=True)
    return json.loads(path.read_text("utf-8"))


def operations(schema: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def served_paths(patterns: Any = None, prefix: str = "/") -> Iterator[str]:
    """Yield every path of the URLconf but the dashboard's, as OpenAPI writes them."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not path.startswith("/boss/"):
            yield from served_paths(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            converters = pattern.pattern.converters
            names = [f"<{type(c).__name__.removesuffix('Converter').lower()}:{name}>" for name, c in converters.items()]
            for name, written in zip(converters, names, strict=True):
                path = path.replace(written, f"{{{name}}}")
            yield path


def test_the_contract_is_the_one_that_was_reviewed(schema: Any) -> None:
    reviewed = json.loads(SNAPSHOT.read_text("utf-8"))

    assert schema == reviewed, "the API has changed: run `make schema` and review the diff of docs/openapi.json"


def test_the_contract_is_the_same_in_every_app(schema: Any, tmp_path: Any) -> None:
    with current.use("thurayya"):
        call_command("spectacular", format="openapi-json", file=str(tmp_path / "openapi.json"))

    assert json.loads((tmp_path / "openapi.json").read_text("utf-8")) == schema


@pytest.mark.parametrize("route", HOT_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_hot_endpoint_is_described(schema: Any, route: HotRoute) -> None:
    operation = schema["paths"][route.path][route.method.lower()]

    assert operation["description"]
    assert "200" in operation["responses"]
    assert ("requestBody" in operation) == (route.method == "POST")


def test_everything_that_is_served_is_described_and_nothing_else(schema: Any) -> None:
    assert set(served_paths()) - NOT_DESCRIBED == set(schema["paths"])


def test_each_operation_has_a_name_of_its_own(schema: Any) -> None:
    names = Counter(operation["operationId"] for _, _, operation in operations(schema))

    assert [name for name, times in names.items() if times > 1] == []


def test_each_operation_can_end_in_a_problem(schema: Any) -> None:
    silent = [
        f"{method} {path}"
        for method, path, operation in operations(schema)
        if operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
        != {"$ref": "#/components/schemas/Problem"}
    ]

    assert silent == []
    assert "Problem" in schema["components"]["schemas"]


def test_what_is_described_as_open_is_open_and_all_else_is_not(phone: Phone, schema: Any) -> None:
    phone.access = ""
    wrong = []
    for method, path, operation in operations(schema):
        is_open = not operation.get("security")
        answer = phone.send(
            method, path.replace("{sha256}", "0" * 64).replace("{user_id}", "1").replace("{learner_id}", "1")
        )
        if (answer.status_code == 401) is is_open:
            wrong.append(f"{method} {path} {answer.status_code}")

    assert wrong == []


def test_a_problem_is_as_described(phone: Phone, schema: Any) -> None:
    described = schema["components"]["schemas"]["Problem"]

    problem = phone.post("/app/device", {}).json()

    assert set(described["required"]) <= set(problem) <= set(described["properties"])
    assert set(problem["errors"][0]) == set(described["properties"]["errors"]["items"]["required"])


def test_the_schema_is_served(db: None) -> None:
    client, headers = Client(), {"host": "amal.localhost", "accept": "application/json"}

    served = client.get("/app/schema?format=json", headers=headers)

    assert served.status_code == 200
    assert served.json()["openapi"] == "3.1.0"


def test_the_page_that_shows_it_fetches_nothing_from_elsewhere(db: None) -> None:
    page = Client().get("/app/docs", headers={"host": "amal.localhost"})

    assert page.status_code == 200
    assert b"cdn" not in page.content
    assert b"https://" not in page.content
