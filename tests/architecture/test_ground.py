"""What holds for the whole tree and no other tool looks at."""

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"__pycache__", "node_modules", "staticfiles", "var"}

LONGEST_FILE = 350
LONGEST_FUNCTION = 60
#: In two halves, or this file would name them.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "deb." + "debian.org"]


def _list_files(pattern: str = "*") -> Iterator[Path]:
    for folder, folders, names in ROOT.walk():
        folders[:] = [name for name in folders if name == ".ci" or not (name.startswith(".") or name in NOT_OURS)]
        yield from (folder / name for name in names if Path(name).match(pattern) and (folder / name).is_file())


def _list_python() -> list[Path]:
    files = [path for path in _list_files("*.py") if path.parent.name != "migrations"]
    assert files
    return files


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _root_packages() -> set[str]:
    own = ROOT / ".importlinter"
    if own.exists():
        parser = configparser.ConfigParser()
        parser.read(own, "utf-8")
        return set(parser["importlinter"]["root_packages"].split())
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"])


def test_every_package_is_under_the_import_contracts() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert packages - _root_packages() == set()


def test_every_package_begins_empty() -> None:
    """What an `__init__` imports is imported by whoever imports anything below it, the thin path too."""
    full = [_name(path) for path in _list_files("__init__.py") if path.read_text("utf-8").strip()]

    assert full == []


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_a_package_registry(host: str) -> None:
    """Where packages come from is the business of whoever installs them."""
    naming = [_name(path) for path in _list_files() if host.encode() in path.read_bytes()]

    assert naming == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in _list_python()}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_read() -> None:
    lengths = {
        f"{_name(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in _list_python()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_contributing_fits_on_one_sheet() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    text, makefile = ((ROOT / name).read_text("utf-8") for name in (document, "Makefile"))

    named = set(re.findall(r"(?:^|`)(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))

    assert named
    assert named - targets == set()


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")

    assert [path.name for path in folder.glob("[0-9]*.md") if f"]({path.name})" not in index] == []
