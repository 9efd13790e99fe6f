"""Turn TOML tables into the frozen records of `tenants.registry.app`, refusing whatever does not fit."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints


class RegistryError(ValueError):
    """A registry file does not describe an app; the message names the file and the key."""

    def __init__(self, source: str, key: str, problem: str) -> None:
        super().__init__(f"{source}: {key}: {problem}")


def overlay(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Merge two tiers: tables key by key, everything else replaced by the upper one."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def read_record(record: type, table: dict[str, Any], source: str, path: str = "") -> Any:  # noqa: ANN401 - any NamedTuple
    """Build a NamedTuple from a table whose keys and types must be the tuple's own."""
    hints = get_type_hints(record)
    for key in table:
        if key not in hints:
            near = get_close_matches(key, hints, n=1)
            raise RegistryError(source, path + key, f"unknown key{f', did you mean {near[0]!r}?' if near else ''}")
    for key in hints:
        if key not in table:
            raise RegistryError(source, path + key, "missing, and no tier below sets it")
    return record(**{key: _read_value(hint, table[key], source, path + key) for key, hint in hints.items()})


def _read_value(hint: Any, value: Any, source: str, path: str) -> Any:  # noqa: ANN401 - whatever TOML holds
    if hasattr(hint, "_fields"):
        if not isinstance(value, dict):
            raise RegistryError(source, path, "must be a table")
        return read_record(hint, value, source, f"{path}.")
    if get_origin(hint) is tuple:
        return tuple(_read_list(get_args(hint)[0], value, source, path))
    if get_origin(hint) is Mapping:
        return _read_texts(value, source, path)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise RegistryError(source, path, f"must be {hint.__name__}, not {value!r}")
    return value


def _read_list(item: type, value: Any, source: str, path: str) -> list[Any]:  # noqa: ANN401 - whatever TOML holds
    if not isinstance(value, list):
        raise RegistryError(source, path, f"must be a list, not {value!r}")
    if len(set(map(repr, value))) != len(value):
        raise RegistryError(source, path, "holds a value twice")
    return [_read_value(item, each, source, f"{path}[{number}]") for number, each in enumerate(value)]


def _read_texts(value: Any, source: str, path: str) -> Mapping[str, str]:  # noqa: ANN401 - whatever TOML holds
    if not isinstance(value, dict):
        raise RegistryError(source, path, "must be a table of texts by language")
    return MappingProxyType({key: _read_value(str, text, source, f"{path}.{key}") for key, text in value.items()})
