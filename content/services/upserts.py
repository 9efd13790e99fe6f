"""Make many rows be as described, touching only those that are not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

#: Told about each step: what the rows are, how many are done, how many there are.
type Progress = Callable[[str, int, int], None]
type Rows = dict[str, dict[str, Any]]  # fields by key

BATCH = 500


@dataclass(slots=True)
class Changes:
    """What an import did, in rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0


def upsert(model: type[models.Model], rows: Rows, changes: Changes, progress: Progress) -> dict[str, int]:
    """Create or update the rows of a model that has a unique `key`; return their ids by key."""
    manager = model._default_manager
    name = str(model._meta.verbose_name_plural)
    existing = manager.in_bulk(list(rows), field_name="key")
    created = [model(key=key, **fields) for key, fields in rows.items() if key not in existing]
    updated = [row for key, row in existing.items() if _set_fields(row, rows[key])]
    progress(name, len(existing), len(rows))
    for start in range(0, len(created), BATCH):
        manager.bulk_create(created[start : start + BATCH])
        progress(name, len(existing) + min(start + BATCH, len(created)), len(rows))
    if updated:
        manager.bulk_update(updated, list(next(iter(rows.values()))), batch_size=BATCH)
    changes.created += len(created)
    changes.updated += len(updated)
    changes.unchanged += len(existing) - len(updated)
    # Read back, as MySQL does not return the ids of many rows inserted at once.
    return {key: pk for key, pk in manager.values_list("key", "pk") if key in rows}


def _set_fields(row: models.Model, fields: dict[str, Any]) -> bool:
    """Set fields on a row and tell whether any was different."""
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def set_pairs(
    model: type[models.Model], columns: tuple[str, str], wanted: set[tuple[int, int]], *, owners: set[int]
) -> None:
    """Make a relation be as given for these owners (the first column); other owners' pairs stay."""
    manager = model._default_manager
    there = {(owner, other): pk for pk, owner, other in manager.values_list("pk", *columns) if owner in owners}
    missing = sorted(wanted - set(there))
    manager.bulk_create([model(**dict(zip(columns, pair, strict=True))) for pair in missing], batch_size=BATCH)
    gone = [pk for pair, pk in there.items() if pair not in wanted]
    for start in range(0, len(gone), BATCH):
        manager.filter(pk__in=gone[start : start + BATCH]).delete()
