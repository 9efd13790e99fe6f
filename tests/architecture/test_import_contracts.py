"""Who may know whom: each contract holds, and each goes red for a planted violation."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from alphazed.settings.env import ROOT

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]

#: What breaks each contract: the file to add a line to, and the line.
VIOLATIONS = {
    "Rooms know those below them only": ("accounts/models.py", "import learning.models"),
    "Inside tenants nothing goes unlisted": ("tenants/shortcuts.py", ""),
    "Inside a room: rim, services, reads, models": ("content/models.py", "import content.services.releases"),
    "Hot endpoints never reach Django": ("learning/hot/today.py", "import accounts.models"),
    "HTTP stays at the rim": ("accounts/queries.py", "import rest_framework.request"),
    "Nobody imports the dashboard": ("jobs/services.py", "import bossadmin.sites"),
}


def lint(folder: Path) -> str:
    """Return what import-linter says of a copy of the rooms."""
    script = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """Copy the rooms and their contracts to where they may be damaged."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in CONFIGURATION["root_packages"]:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    return tmp_path


def test_every_contract_holds(rooms: Path) -> None:
    assert f"Contracts: {len(VIOLATIONS)} kept, 0 broken" in lint(rooms)


def test_no_room_is_left_out_of_the_layers() -> None:
    layers = next(each["layers"] for each in CONFIGURATION["contracts"] if each["name"].startswith("Rooms know"))
    placed = {module.split(".")[0] for layer in layers for module in re.split(r"[(): ]+", layer) if module}

    assert placed == set(CONFIGURATION["root_packages"])


def test_every_contract_has_a_violation_to_prove_it() -> None:
    assert {contract["name"] for contract in CONFIGURATION["contracts"]} == set(VIOLATIONS)


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_turns_the_contract_red(rooms: Path, contract: str) -> None:
    path, line = VIOLATIONS[contract]
    file = rooms / path
    file.write_text((file.read_text("utf-8") if file.exists() else "") + f"\n{line}\n", "utf-8")

    report = lint(rooms)

    assert f"{contract} BROKEN" in report
