"""Apps as data: three tiers of TOML, read strictly."""

import ast
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from alphazed.settings.env import ROOT
from tenants.registry.app import App
from tenants.registry.catalogue import FOLDER, find_app_by_host, list_apps, read_folder
from tenants.registry.reader import RegistryError

THEME = 'theme = { primary = "#0f766e", emoji = "🌱" }\n'
TITLE = 'title = { ar = "نجم", en = "Star" }\n'
STAR = TITLE + THEME

type Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Make a registry of the real defaults and the files given, by name."""

    def write_files(**files: str) -> Path:
        copy(FOLDER / "default.toml", tmp_path)
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        return tmp_path

    return write_files


def test_an_app_has_what_only_the_defaults_say(write: Write) -> None:
    star = read_folder(write(star=STAR))["star"]

    assert star.daily_goal == 20
    assert star.languages == ("ar", "en")
    assert star.lesson_mix.new == (0.4, 0.6)


def test_its_own_file_stands_over_the_defaults_key_by_key(write: Write) -> None:
    star = read_folder(write(star=STAR + "daily_goal = 7\n[lesson_mix]\nopen_concepts = 3\n"))["star"]

    assert star.daily_goal == 7
    assert star.lesson_mix.open_concepts == 3
    assert star.lesson_mix.new_per_session == 4


def test_the_family_stands_over_the_defaults_and_under_the_own_file(write: Write) -> None:
    family = STAR + 'daily_goal = 7\nmin_version = "3.0.0"\n[limits]\nsession_items = 9\n'
    folder = write(star=family, starbeta='family = "star"\nmin_version = "4.0.0"\n')

    beta = read_folder(folder)["starbeta"]

    assert (beta.daily_goal, beta.min_version, beta.limits.session_items) == (7, "4.0.0", 9)
    assert beta.limits.answers_per_call == 500
    assert (beta.name, beta.family, beta.prefix) == ("starbeta", "star", "starbeta_")


def test_an_app_without_a_family_is_its_own(write: Write) -> None:
    assert read_folder(write(star=STAR))["star"].family == "star"


def test_a_list_of_the_own_file_replaces_the_one_below(write: Write) -> None:
    star = read_folder(write(star=STAR + 'languages = ["en"]\n'))["star"]

    assert star.languages == ("en",)


def test_a_beta_never_takes_its_familys_hosts(write: Write) -> None:
    folder = write(star=STAR + 'hosts = ["star.example"]\n', starbeta='family = "star"\n')

    apps = read_folder(folder)

    assert apps["star"].hosts == ("star.example",)
    assert apps["starbeta"].hosts == ("starbeta.localhost", "starbeta.alphazed.app")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("daily_gaol = 3\n", "daily_gaol: unknown key, did you mean 'daily_goal'?"),
        ("[limits]\nbody_byte = 3\n", "limits.body_byte: unknown key, did you mean 'body_bytes'?"),
        ("xyzzy = 3\n", "xyzzy: unknown key"),
        ('daily_goal = "3"\n', "daily_goal: must be int, not '3'"),
        ("daily_goal = true\n", "daily_goal: must be int, not True"),
        ("daily_goal = 3.0\n", "daily_goal: must be int, not 3.0"),
        ("min_version = 1\n", "min_version: must be str, not 1"),
        ('hosts = "star.example"\n', "hosts: must be a list, not 'star.example'"),
        ('features = ["juz_amma", "juz_amma"]\n', "features: holds a value twice"),
        ("languages = [1]\n", "languages[0]: must be str, not 1"),
        ("limits = 3\n", "limits: must be a table"),
        ("daily_goal = 0\n", "daily_goal: must be positive"),
        ('min_version = "1.0"\n', "min_version: must look like 1.2.3"),
        ("languages = []\n", "languages: needs at least one"),
        ("hosts = []\n", "hosts: needs at least one"),
        ('languages = ["ar", "fr"]\n', "title: needs a text for each of the app's languages"),
        ('features = ["juz_ama"]\n', "features: knows no ['juz_ama']"),
        ('family = "sun"\n', "family: there is no sun.toml"),
        ('family = ["star"]\n', "family"),
        ("[lesson_mix]\nretention = 1\n", "lesson_mix.retention: must lie between 0 and 1"),
        ("[lesson_mix]\nretention = nan\n", "lesson_mix.retention: must lie between 0 and 1"),
        ("[lesson_mix]\ntarget_success = 0.0\n", "lesson_mix.target_success: must lie between 0 and 1"),
        ("daily_goal =\n", "syntax"),
        ("daily_goal = 3\ndaily_goal = 4\n", "syntax"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(write: Write, text: str, named: str) -> None:
    folder = write(star=STAR + text)

    with pytest.raises(RegistryError) as caught:
        read_folder(folder)

    assert str(caught.value).startswith(f"star.toml: {named}")


def test_a_file_that_is_not_utf_8_is_named(write: Write) -> None:
    folder = write()
    (folder / "star.toml").write_bytes('title = { ar = "é" }'.encode("latin-1"))

    with pytest.raises(RegistryError, match=r"star\.toml"):
        read_folder(folder)


@pytest.mark.parametrize(("text", "key"), [(THEME, "title"), (TITLE, "theme")])
def test_what_no_tier_says_is_missing(write: Write, text: str, key: str) -> None:
    with pytest.raises(RegistryError, match=rf"star\.toml: {key}: missing"):
        read_folder(write(star=text))


@pytest.mark.parametrize(
    "shares",
    [
        "new = [0.1, 0.2]\nreview = [0.1, 0.2]\nchallenge = [0.1, 0.2]",  # never reaches 1
        "new = [0.6, 0.7]\nreview = [0.4, 0.7]\nchallenge = [0.2, 0.7]",  # is beyond 1 from the start
        "new = [0.6, 0.4]",
        "new = [0.4]",
        "new = [0.4, 0.5, 0.6]",
        "new = []",
        "new = [-0.1, 0.6]",
        "new = [0.4, 1.1]",
        "new = [nan, 0.6]",
    ],
)
def test_shares_that_cannot_make_a_whole_are_refused(write: Write, shares: str) -> None:
    with pytest.raises(RegistryError, match=r"star\.toml: lesson_mix: new, review and challenge"):
        read_folder(write(star=f"{STAR}[lesson_mix]\n{shares}\n"))


@pytest.mark.parametrize("colour", ["teal", "#0f7", "#0F766E", "0f766e", "#0f766e;", "#0f766e\\n"])
def test_a_colour_that_could_not_stand_in_a_style_sheet_is_refused(write: Write, colour: str) -> None:
    text = TITLE + f'theme = {{ primary = "{colour}", emoji = "🌱" }}\n'

    with pytest.raises(RegistryError, match=r"star\.toml: theme\.primary"):
        read_folder(write(star=text))


@pytest.mark.parametrize("name", ["Star", "my_star", "my-star", "1star", "نجم", "a" * 16])
def test_a_file_whose_name_cannot_be_a_prefix_is_refused(write: Write, name: str) -> None:
    with pytest.raises(RegistryError, match=rf"{name}\.toml: name: must match"):
        read_folder(write(**{name: STAR}))


def test_the_longest_name_is_taken(write: Write) -> None:
    assert list(read_folder(write(**{"a" * 15: STAR}))) == ["a" * 15]


def test_one_host_in_two_apps_is_refused(write: Write) -> None:
    folder = write(star=STAR, sun=STAR + 'hosts = ["sun.example", "star.localhost"]\n')

    with pytest.raises(RegistryError, match=r"sun\.toml: hosts: star\.localhost belongs to star already"):
        read_folder(folder)


def test_one_host_in_two_apps_is_refused_whatever_its_case(write: Write) -> None:
    """Hosts are looked up in lower case: one in capitals would be served by nobody, or by the other app."""
    folder = write(star=STAR, sun=STAR + 'hosts = ["Star.LOCALHOST"]\n')

    with pytest.raises(RegistryError, match=r"sun\.toml: hosts"):
        read_folder(folder)


def test_the_six_apps_load() -> None:
    apps = list_apps()

    assert list(apps) == ["amal", "kidelite", "montessori", "qais", "school", "thurayya"]
    assert all(app.name == name for name, app in apps.items())
    assert apps["thurayya"].default_title == "ثريّا"


def test_each_host_leads_to_its_app() -> None:
    assert [find_app_by_host(host) for app in list_apps().values() for host in app.hosts] == [
        app for app in list_apps().values() for _ in app.hosts
    ]


def test_the_list_of_apps_cannot_be_changed(amal: App) -> None:
    apps: Any = list_apps()

    with pytest.raises(TypeError):
        apps["star"] = amal


@pytest.mark.parametrize("field", ["name", "daily_goal", "star"])
def test_a_field_of_an_app_cannot_be_set(amal: App, field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(amal, field, "thurayya")


def test_no_value_of_an_app_can_be_changed_in_place(amal: App) -> None:
    """What one request changed, every later request of the process would see."""
    mutable = [name for name, value in amal._asdict().items() if isinstance(value, list | dict | set)]

    assert mutable == []


def _compared_names(tree: ast.AST, names: frozenset[str]) -> list[int]:
    """Return the lines on which something is compared with, or matched to, the name of an app."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            parts = [part for side in (node.left, *node.comparators) for part in ast.walk(side)]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        else:
            continue
        lines += [part.lineno for part in parts if isinstance(part, ast.Constant) and part.value in names]
    return lines


def _list_sources() -> list[Path]:
    packages = [init.parent for init in ROOT.glob("*/__init__.py") if init.parent.name != "tests"]
    return [path for package in packages for path in package.rglob("*.py") if "registry" not in path.parts]


def test_no_code_asks_which_app_it_serves() -> None:
    """What differs between apps is a field of their file, or a seventh app would need a search through the code."""
    names = frozenset(list_apps())
    sources = _list_sources()

    found = {str(path): lines for path in sources if (lines := _compared_names(ast.parse(path.read_bytes()), names))}

    assert len(sources) > 50
    assert found == {}


@pytest.mark.parametrize(
    "code",
    ['app.name == "amal"', 'if "qais" != name: pass', 'app in ("amal", "x")', 'match app:\n case "school": pass'],
)
def test_the_search_finds_a_comparison(code: str) -> None:
    assert _compared_names(ast.parse(code), frozenset(list_apps())) != []
