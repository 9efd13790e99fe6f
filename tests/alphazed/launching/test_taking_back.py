"""A launch that fails leaves nothing."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from accounts.models import User
from accounts.services import staff
from alphazed import launching
from content import tasks
from tenants import current, journal
from tenants.journal import Work
from tenants.registry.catalogue import list_apps, stand_in
from tests.alphazed.launching.lunar import is_there, launch


@pytest.fixture
def left_alone(empty: None) -> None:
    """A launch that begins after the kill of one that had made its journal and no entry in it."""
    with current.use(stand_in("lunar")):
        journal.begin(Work.LAUNCH)
        journal.end(Work.LAUNCH)


def test_an_empty_journal_is_in_nobodys_way(left_alone: None) -> None:
    launch()

    assert "lunar" in list_apps()


@pytest.mark.parametrize("step", ["migrate_app", "import_curriculum", "build_release", "ensure_editor"])
def test_whichever_step_fails_everything_is_taken_back(
    empty: None, registry: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(tasks if step == "build_release" else launching, step, fail)

    with pytest.raises(CommandError, match="no space left; nothing is left of it: mend the cause, then run again"):
        launch()

    assert not is_there()
    assert [path.name for path in registry.iterdir() if "lunar" in path.name] == []


def test_content_that_makes_no_release_is_no_app(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_promise_release", lambda: None)

    with pytest.raises(CommandError, match="its content makes no release that children could get"):
        launch()

    assert not is_there()


def test_it_does_not_replace_a_file_that_has_come_meanwhile(
    empty: None, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure = staff.ensure_editor

    def come_first(**who: str) -> User:
        (registry / "lunar.toml").write_text("# Somebody else's", "utf-8")
        return ensure(**who)

    monkeypatch.setattr(launching, "ensure_editor", come_first)

    with pytest.raises(CommandError, match="lunar has got a file in the registry meanwhile"):
        launch()

    assert (registry / "lunar.toml").read_text("utf-8") == "# Somebody else's"
    (registry / "lunar.toml").unlink()
    assert not is_there()
