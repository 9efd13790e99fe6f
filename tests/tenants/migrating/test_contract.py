"""What a migration takes away from the code that is still serving."""

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tenants.migrating.contract import find_contractions

LOAN = migrations.CreateModel(
    "Loan",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("book", models.CharField(max_length=40)),
        ("note", models.CharField(max_length=40, null=True)),
        ("pages", models.IntegerField()),
        ("price", models.DecimalField(max_digits=6, decimal_places=2)),
        ("shelf", models.CharField(max_length=8, db_column="place")),
    ],
    options={"db_table": "loans"},
)


def losses_of(*operations: Operation, after: tuple[Operation, ...] = (LOAN,)) -> list[str]:
    """Return what a migration of these operations would take away once others have been applied."""
    state = ProjectState()
    for operation in after:
        operation.state_forwards("lending", state)
    migration = migrations.Migration("0002_next", "lending")
    migration.operations = list(operations)  # type: ignore[misc]
    return find_contractions([(migration, False)], state)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("Loan", "due", models.DateField(null=True)),
        migrations.AddField("Loan", "state", models.CharField(max_length=8, db_default="out")),
        migrations.AddField("Loan", "readers", models.ManyToManyField("lending.Loan")),
        migrations.AddIndex("Loan", models.Index(fields=["book"], name="loans_book")),
        migrations.RemoveIndex("Loan", "loans_book"),
        migrations.RemoveConstraint("Loan", "loans_once"),
        migrations.AlterField("Loan", "book", models.CharField(max_length=41)),
        migrations.AlterField("Loan", "book", models.TextField()),
        migrations.AlterField("Loan", "book", models.CharField(max_length=40, null=True)),
        migrations.AlterField("Loan", "book", models.CharField(max_length=40, help_text="Its title")),
        migrations.AlterField("Loan", "pages", models.BigIntegerField()),
        migrations.AlterField("Loan", "price", models.DecimalField(max_digits=8, decimal_places=3)),
        migrations.RenameField("Loan", "shelf", "where"),
        migrations.RenameModel("Loan", "Lease"),
        migrations.AlterModelOptions("Loan", {"verbose_name": "lease"}),
        migrations.RunSQL("UPDATE {app}loans SET pages = 0", hints={"expands": True}),
        migrations.RunPython(migrations.RunPython.noop, hints={"expands": True}),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Loan")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_takes_nothing_away(operation: Operation) -> None:
    present = (
        LOAN,
        migrations.AddIndex("Loan", models.Index(fields=["book"], name="loans_book")),
        migrations.AddConstraint("Loan", models.UniqueConstraint(fields=["book"], name="loans_once")),
    )

    assert losses_of(operation, after=present) == []


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (migrations.DeleteModel("Loan"), "drops the table of Loan"),
        (migrations.RemoveField("Loan", "book"), "drops Loan.book"),
        (migrations.RenameField("Loan", "book", "title"), "renames Loan.book"),
        (migrations.AlterModelTable("Loan", "leases"), "renames the table of Loan"),
        (migrations.AddField("Loan", "due", models.DateField(default="2027-01-01")), "give it db_default or null"),
        (migrations.AddField("Loan", "code", models.CharField(max_length=8, null=True, unique=True)), "adds Loan.code"),
        (migrations.AlterField("Loan", "book", models.CharField(max_length=39)), "narrows Loan.book"),
        (migrations.AlterField("Loan", "book", models.IntegerField()), "narrows Loan.book"),
        (migrations.AlterField("Loan", "book", models.CharField(max_length=40, unique=True)), "forbids equal values"),
        (migrations.AlterField("Loan", "note", models.CharField(max_length=40)), "forbids NULL in Loan.note"),
        (migrations.AlterField("Loan", "pages", models.SmallIntegerField()), "narrows Loan.pages"),
        (migrations.AlterField("Loan", "price", models.DecimalField(max_digits=6, decimal_places=3)), "narrows"),
        (migrations.AlterField("Loan", "shelf", models.CharField(max_length=8)), "renames the column of Loan.shelf"),
        (
            migrations.AddConstraint("Loan", models.UniqueConstraint(fields=["book"], name="once")),
            "may refuse rows of loan",
        ),
        (migrations.AlterUniqueTogether("Loan", {("book", "pages")}), "may refuse rows of loan"),
        (migrations.RunSQL("DELETE FROM {app}loans"), "runs a step of its own"),
        (migrations.RunPython(migrations.RunPython.noop), "runs a step of its own"),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("Loan", "book")]), "drops Loan.book"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.describe(),
)
def test_what_takes_something_away_is_named_with_its_migration(operation: Operation, said: str) -> None:
    [loss] = losses_of(operation)

    assert loss.startswith("lending.0002_next ")
    assert said in loss


def test_a_model_renamed_with_its_table_is_a_loss() -> None:
    shelf = migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])

    assert losses_of(migrations.RenameModel("Shelf", "Rack"), after=(shelf,)) == [
        "lending.0002_next renames the table of Shelf"
    ]


def test_an_operation_nobody_knows_counts_as_a_loss() -> None:
    class Grind(migrations.AlterModelOptions):
        """Something that a package brought."""

    class Shred(Operation):
        def state_forwards(self, app_label: str, state: ProjectState) -> None: ...

    assert losses_of(Grind("Loan", {})) == []
    assert losses_of(Shred()) == ["lending.0002_next does Shred, whose effect cannot be told"]


def test_what_happens_to_a_table_made_by_the_same_plan_is_no_loss() -> None:
    assert losses_of(LOAN, migrations.RemoveField("Loan", "book"), migrations.DeleteModel("Loan"), after=()) == []


def test_each_step_is_judged_by_the_tables_as_the_steps_before_leave_them() -> None:
    widened = migrations.AlterField("Loan", "book", models.CharField(max_length=80))
    back = migrations.AlterField("Loan", "book", models.CharField(max_length=40))

    assert losses_of(widened, back) == ["lending.0002_next narrows Loan.book"]
