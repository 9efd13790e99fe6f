"""A valid example of anything that OpenAPI describes, naming the ids that it is told to name."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

#: Labels that clients make up themselves: they lead to nothing of anybody's.
LABELS = {"client_id", "install_id"}
#: What a schema's type does not tell.
PLAIN = {"timezone": "Asia/Riyadh", "country": "SA"}
CANDIDATES = ("text", "AA", "0", "0" * 64, "1.0.0")


class Unfillable(AssertionError):
    """The generator does not know how to call an endpoint; it must be told, or the endpoint goes untried."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"say how to fill {what} of {where} (ids: tests/isolation/world.py, else examples.py)")


class Example:
    """Makes examples for one operation, and remembers which ids it has used."""

    def __init__(self, where: str, components: Mapping[str, Any], ids: Mapping[str, Any], *, whole: bool) -> None:
        self._where, self._components, self._ids, self._whole = where, components, ids, whole
        self.named: set[str] = set()

    def of(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """Return a value for a schema; `name` is that of the member or parameter it is for."""
        if name in self._ids:
            self.named.add(name)
            return self._ids[name]
        if name in PLAIN:
            return PLAIN[name]
        if name == "id" or (name.endswith("_id") and name not in LABELS):
            raise Unfillable(name, self._where)
        return self._by_shape(self._resolve(schema), name)

    def _resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if reference := schema.get("$ref"):
                schema = self._components[reference.rpartition("/")[2]]
            elif choices := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
                schema = choices[0]
            else:
                return schema

    def _by_shape(self, schema: Mapping[str, Any], name: str) -> Any:
        kind = schema.get("type")
        kind = next(each for each in kind if each != "null") if isinstance(kind, list) else kind
        if "enum" in schema:
            return schema["enum"][0]
        match kind:
            case "object":
                return self._object(schema)
            case "array":
                return [self.of(schema["items"], name.removesuffix("s"))]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case "string":
                return schema.get("default") or self._text(schema, name)
        raise Unfillable(f"{name} ({schema})", self._where)

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        members = schema.get("properties", {}).items()
        return {name: self.of(each, name) for name, each in members if self._whole or name in required}

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        if schema.get("format") == "date-time":
            return datetime.now(UTC).isoformat()
        if schema.get("format") == "date":
            return datetime.now(UTC).date().isoformat()
        pattern = schema.get("pattern", "")
        fitting = [text for text in CANDIDATES if re.search(pattern, text) and len(text) <= schema.get("maxLength", 64)]
        if not fitting:
            raise Unfillable(f"{name} ({schema})", self._where)
        return fitting[0]
