"""Django's own tests on our engine: some quick labels of `make django-suite`, and the ways in which it goes red."""

import asyncio
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.django_suite.catalogue import Difference, read_differences, read_labels, read_left_out
from tests.django_suite.comparison import Comparison, compare
from tests.django_suite.engines import DATABASES, ROOT, sqlite
from tests.django_suite.runs import Outcome, Plan
from tests.django_suite.source import DJANGO, SuiteError, default_cache, find_tests, unpack
from tests.django_suite.verdict import decide, judge

#: Few seconds, and a bit of everything: joins, inheritance, SQL by hand, schema, introspection, transactions.
QUICK = [
    "bulk_create", "contenttypes_tests", "delete", "extra_regress", "indexes", "introspection", "m2m_through",
    "model_inheritance", "ordering", "queries", "raw_query", "transactions", "update",
]  # fmt: skip
VIEWS = "introspection.tests.IntrospectionTests.test_table_names_with_views"


@pytest.fixture(scope="module")
def plan() -> Iterator[Plan]:
    with sqlite() as database:
        yield Plan(find_tests(default_cache()), database, read_differences("sqlite"), jobs=2)


@pytest.fixture(scope="module")
def introspection(plan: Plan) -> Comparison:
    """A label with one difference."""
    return asyncio.run(compare(plan, ["introspection"], lambda _: None))[0]


def test_djangos_own_tests_end_as_on_the_stock_engine_but_for_what_is_listed(plan: Plan) -> None:
    verdict = decide(plan, QUICK, lambda _: None)

    assert verdict.complaints == []
    assert sum(len(comparison.ours) for comparison in verdict.comparisons) > 1000


def test_an_engine_without_our_compiler_is_found_out(plan: Plan) -> None:
    damaged = plan.database._replace(ours=plan.database.ours._replace(engine="tests.django_suite.damaged"))

    verdict = decide(plan._replace(database=damaged), ["queries"], lambda _: None)

    tests = {(complaint.kind, complaint.test.split(".")[-1]) for complaint in verdict.complaints}
    assert tests == {("new", "test_ordering")}


def test_a_difference_that_is_not_listed_is_red(plan: Plan, introspection: Comparison) -> None:
    complaints = judge(plan._replace(listed={}), introspection)

    assert [(complaint.kind, complaint.test) for complaint in complaints] == [("new", VIEWS)]


def test_a_listed_test_that_fails_in_another_way_is_red(plan: Plan, introspection: Comparison) -> None:
    complaints = judge(plan._replace(listed={VIEWS: Difference("", "no such table")}), introspection)

    assert [(complaint.kind, complaint.test) for complaint in complaints] == [("changed", VIEWS)]


@pytest.mark.parametrize(
    ("name", "text"), [("test_table_names", "passes now"), ("test_no_more", "there is no such test any more")]
)
def test_a_listed_test_that_does_not_differ_is_red(plan: Plan, introspection: Comparison, name: str, text: str) -> None:
    test = f"introspection.tests.IntrospectionTests.{name}"
    complaints = judge(plan._replace(listed={**plan.listed, test: Difference("", "")}), introspection)

    assert complaints == [("stale", test, text)]


@pytest.mark.parametrize("ours", [{}, {"a.Test.test": Outcome("skipped", "")}, {"a.Test.test": Outcome("failed", "")}])
def test_what_does_not_pass_on_our_engine_is_a_difference(ours: dict[str, Outcome]) -> None:
    comparison = Comparison("a", stock={"a.Test.test": Outcome("passed", "")}, ours=ours)

    assert list(comparison.differences) == ["a.Test.test"]


def test_what_does_not_pass_on_the_stock_engine_says_nothing_about_ours() -> None:
    stock = {"a.Test.fails": Outcome("failed", ""), "a.Test.skips": Outcome("skipped", "")}

    assert Comparison("a", stock, ours={}).differences == {}


def test_every_label_is_run_or_left_out_for_a_reason(plan: Plan) -> None:
    folders = {path.parent.name for path in plan.tests.glob("*/__init__.py")}

    assert sorted([*read_labels(), *read_left_out()]) == sorted(folders)


@pytest.mark.parametrize("database", DATABASES)
def test_every_difference_belongs_to_a_label_that_is_run(database: str) -> None:
    assert {test.split(".")[0] for test in read_differences(database)} - set(read_labels()) == set()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[sqlite]]\nreason = ''\nerrors = ''\n[sqlite.tests]", "a group has a reason, an error and tests"),
        ("[[sqlite]]\nreason = ''\nerror = ''\n[sqlite.tests]\n'a.Test' = ['b', 'b']", "lists a.Test.b twice"),
        ("[[sqlite]", "list.toml: "),
    ],
)
def test_a_list_that_is_wrong_is_refused(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "list.toml").write_text(text, "utf-8")

    with pytest.raises(SuiteError, match=error):
        read_differences("sqlite", tmp_path / "list.toml")


def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "django.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(ROOT / "tests/django_suite", "django")
    archive.write_bytes(archive.read_bytes()[:-2000])

    with pytest.raises(SuiteError, match=r"django\.tar\.gz cannot be unpacked"):
        unpack(archive, tmp_path)


def django_suite(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / "scripts/django-suite"), "--engine", "sqlite", *arguments]
    environment = {"PATH": "/usr/bin:/bin", **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_unknown_label_is_one_clear_line(plan: Plan) -> None:
    done = django_suite("nosuchlabel", XDG_CACHE_HOME=str(default_cache().parent))

    assert done.returncode == 2
    assert done.stderr.startswith("django-suite: Django's tests have no label 'nosuchlabel'; see the folders in ")
    assert done.stderr.count("\n") == 1


def test_what_cannot_be_fetched_is_one_clear_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "empty"), "PIP_CONFIG_FILE": "/dev/null"}

    done = django_suite("basic", XDG_CACHE_HOME=str(tmp_path), **nowhere)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("; is there a network?")
    assert [path.name for path in (tmp_path / "alphazed").iterdir()] == [f"django-{DJANGO}.lock"]
