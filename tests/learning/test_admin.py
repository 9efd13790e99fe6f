"""What children did, in the dashboard: found by the learner's number, changed by nobody."""

import pytest

from accounts.models import User
from content.models import Release
from tenants import current
from tenants.registry.app import App
from tests.editors import Editor, add_rows

LISTS = ["answer", "usermemory", "learningday", "learnerstate", "lessonsession"]


@pytest.fixture
def learners(released: Release, amal: App) -> list[User]:
    with current.use(amal):
        add_rows(1)
        add_rows(2)
        return list(User.objects.filter(kind=User.Kind.LEARNER).order_by("pk"))


@pytest.mark.parametrize("name", LISTS)
def test_a_learners_rows_are_found_by_number(name: str, learners: list[User], amal: App) -> None:
    editor = Editor(amal)

    page = editor.read(f"/boss/learning/{name}/", q=str(learners[1].pk))
    nothing = editor.read(f"/boss/learning/{name}/", q="Noor 2; DROP")

    assert "Noor 2" in page
    assert "Noor 1" not in page
    assert "No results found" in nothing


@pytest.mark.parametrize("name", LISTS)
def test_nobody_writes_by_hand_what_children_did(name: str, learners: list[User], amal: App) -> None:
    editor = Editor(amal)

    assert editor.get(f"/boss/learning/{name}/add/").status_code == 403
    assert editor.post(f"/boss/learning/{name}/1/delete/", {"post": "yes"}).status_code in {403, 302}


def test_an_instant_is_shown_as_one_and_a_chance_in_per_cent(learners: list[User], amal: App) -> None:
    page = Editor(amal).read("/boss/learning/answer/")

    assert "Nov. 23, 2026, noon" in page
    assert "81%" in page
