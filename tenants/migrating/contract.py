"""Expand, then contract: what a migration would take away from the version that is still serving.

A deployment migrates first and replaces the code afterwards, and a rollback puts the old code on the new tables. So a
release may add (expand); what removes, renames or forbids (contract) waits until no running code needs it.
"""

from math import inf
from typing import TYPE_CHECKING, Any

from django.db import migrations
from django.db.models import ManyToManyField
from django.db.models.fields import NOT_PROVIDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState

#: Never in the way of code that knows nothing of them. Removing an index or a constraint only allows more.
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.AlterIndexTogether,
    migrations.AlterConstraint,
)
#: Kinds of columns that hold all that these others do.
WIDER = {
    "AutoField": {"BigAutoField"},
    "CharField": {"TextField"},
    "IntegerField": {"BigIntegerField"},
    "PositiveIntegerField": {"BigIntegerField", "PositiveBigIntegerField"},
    "PositiveSmallIntegerField": {"BigIntegerField", "IntegerField", "PositiveIntegerField"},
    "SmallIntegerField": {"BigIntegerField", "IntegerField"},
}


def find_contractions(plan: "list[tuple[Migration, bool]]", state: "ProjectState") -> list[str]:
    """Say what each step of a plan takes away. `state` is that of the tables now; it is moved on.

    Tables that the plan itself creates have no rows and no readers: nothing done to them counts.
    """
    found = []
    created: set[tuple[str, str]] = set()
    for migration, _ in plan:
        for operation in _flatten(migration.operations):
            if isinstance(operation, migrations.CreateModel):
                created.add((migration.app_label, operation.name_lower))
            elif (migration.app_label, _model_of(operation)) not in created and (
                loss := _describe_loss(operation, migration.app_label, state)
            ):
                found.append(f"{migration.app_label}.{migration.name} {loss}")
            operation.state_forwards(migration.app_label, state)
    return found


def _flatten(operations: "Sequence[Operation]") -> "Iterator[Operation]":
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flatten(operation.database_operations)
        else:
            yield operation


def _model_of(operation: Any) -> str:  # noqa: ANN401 - each kind has its own attributes
    for attribute in ("model_name", "old_name", "name"):
        if name := getattr(operation, attribute, ""):
            return str(name).lower()
    return ""


def _describe_loss(operation: Any, label: str, state: "ProjectState") -> str:  # noqa: ANN401 - any operation
    match operation:
        case migrations.DeleteModel():
            return f"drops the table of {operation.name}"
        case migrations.RenameModel():
            return _describe_renamed_model(operation, label, state)
        case migrations.AlterModelTable():
            return f"renames the table of {operation.name}"
        case migrations.RemoveField():
            return f"drops {operation.model_name}.{operation.name}"
        case migrations.RenameField():
            old = state.models[label, operation.model_name_lower].fields[operation.old_name]
            return "" if old.db_column else f"renames {operation.model_name}.{operation.old_name}"
        case migrations.AddField():
            return _describe_added_field(operation)
        case migrations.AlterField():
            old = state.models[label, operation.model_name_lower].fields[operation.name]
            return _describe_altered_field(old, operation)
        case migrations.AddConstraint() | migrations.AlterUniqueTogether() | migrations.AlterOrderWithRespectTo():
            return f"may refuse rows of {_model_of(operation)} that are written today"
        case migrations.RunSQL() | migrations.RunPython():
            return "" if operation.hints.get("expands") else "runs a step of its own, whose effect cannot be told"
        case _:
            return (
                ""
                if isinstance(operation, HARMLESS)
                else f"does {type(operation).__name__}, whose effect cannot be told"
            )


def _describe_renamed_model(operation: migrations.RenameModel, label: str, state: "ProjectState") -> str:
    keeps_table = state.models[label, operation.old_name_lower].options.get("db_table")
    return "" if keeps_table else f"renames the table of {operation.old_name}"


def _describe_added_field(operation: migrations.AddField) -> str:
    field = operation.field
    may_be_left_out = field.null or field.db_default is not NOT_PROVIDED or isinstance(field, ManyToManyField)
    if may_be_left_out and not field.unique:
        return ""
    return f"adds {operation.model_name}.{operation.name}, which today's code leaves out: give it db_default or null"


def _describe_altered_field(old: Any, operation: migrations.AlterField) -> str:  # noqa: ANN401 - any field
    new, name = operation.field, f"{operation.model_name}.{operation.name}"
    if isinstance(new, ManyToManyField):
        return ""
    if (old.db_column or operation.name) != (new.db_column or operation.name):
        return f"renames the column of {name}"
    if old.null and not new.null:
        return f"forbids NULL in {name}"
    if new.unique and not old.unique:
        return f"forbids equal values in {name}"
    return "" if _holds_all(old, new) else f"narrows {name}"


def _holds_all(old: Any, new: Any) -> bool:  # noqa: ANN401 - any field
    """Tell whether a column can hold everything it held before."""
    before, after = old.get_internal_type(), new.get_internal_type()
    if before != after:
        return after in WIDER.get(before, ())
    if before != "DecimalField":
        return bool((old.max_length or 0) <= (new.max_length or inf))
    spare_digits = (new.max_digits - new.decimal_places) - (old.max_digits - old.decimal_places)
    return bool(spare_digits >= 0 and old.decimal_places <= new.decimal_places)
