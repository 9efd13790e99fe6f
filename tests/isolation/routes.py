"""Every route of a URLconf, and how to call it: nothing here is a list that somebody has to extend."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tenants import current
from tests.isolation.examples import Example, Unfillable

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
DASHBOARD = "/boss/"
#: Parameters of a path that have one name and several meanings.
MEANT = {
    "/app/content/packs/{sha256}": {"sha256": "pack_sha256"},
    "/app/assets/{sha256}": {"sha256": "asset_sha256"},
}
#: Headers that only say how a call is made.
OPTIONAL_HEADERS = {"Idempotency-Key"}


class Call(NamedTuple):
    """A request to be, without host and token; `named` are the ids that it names."""

    path: str
    query: dict[str, Any]
    body: Any
    named: frozenset[str]


class Operation(NamedTuple):
    """One method of one path."""

    method: str
    path: str  # "/user/{user_id}/today"
    document: Mapping[str, Any]  # of OpenAPI; empty where it has none
    components: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def fill(self, ids: Mapping[str, Any], *, whole: bool) -> Call:
        """Return a call that names these ids; a `whole` one has everything optional as well."""
        example = Example(str(self), self.components, ids, whole=whole)
        meant = MEANT.get(self.path, {})
        path = re.sub(r"\{(\w+)\}", lambda found: str(example.of({}, meant.get(found[1], found[1]))), self.path)
        query = {
            each["name"]: example.of(each["schema"], each["name"])
            for each in self.document.get("parameters", ())
            if each["in"] == "query" and whole
        }
        body = example.of(schema) if (schema := self._body_schema()) is not None else None
        return Call(path, query, body, frozenset(example.named))

    def has_options(self, ids: Mapping[str, Any]) -> bool:
        """Tell whether a call may leave out something."""
        return self.fill(ids, whole=True) != self.fill(ids, whole=False)

    def _body_schema(self) -> Mapping[str, Any] | None:
        content = self.document.get("requestBody", {}).get("content", {})
        schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    def unknown_headers(self) -> set[str]:
        """Return the headers that nobody said how to fill."""
        return {
            each["name"] for each in self.document.get("parameters", ()) if each["in"] == "header"
        } - OPTIONAL_HEADERS


def list_operations(urlconf: str | None = None) -> list[Operation]:
    """Return every operation outside the dashboard: what the views take, described by OpenAPI where it is."""
    with current.use("amal"):
        schema: Any = SchemaGenerator(urlconf=urlconf).get_schema(public=True)  # type: ignore[no-untyped-call]
    components = schema.get("components", {}).get("schemas", {})
    operations = []
    for path, pattern in walk(get_resolver(urlconf)):
        if not path.startswith(DASHBOARD):
            template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
            documents = schema["paths"].get(template, {})
            operations += [
                Operation(method, template, documents.get(method.lower(), {}), components)
                for method in methods_of(pattern)
            ]
    return operations


def walk(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield every pattern with its whole path."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, path)
        else:
            yield path, pattern


def methods_of(pattern: URLPattern) -> list[str]:
    """Return the methods that a view has code for; HEAD and OPTIONS come with the others."""
    view: Any = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
    if view is None:
        raise Unfillable("the methods of a plain function", str(pattern.pattern))
    return [name.upper() for name in view.http_method_names if name not in {"options", "head"} and hasattr(view, name)]
