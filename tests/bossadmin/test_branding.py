"""Nobody takes one app for another, in either language."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.module_loading import import_string

from bossadmin import branding
from bossadmin.theme import UNFOLD
from tenants import current
from tenants.registry.app import App
from tenants.registry.catalogue import list_apps
from tests.editors import Editor

LOCALE = Path(branding.__file__).parent / "locale" / "ar" / "LC_MESSAGES"


def functions_named(setting: Any) -> Iterator[str]:
    if isinstance(setting, dict):
        setting = list(setting.values())
    if isinstance(setting, list):
        for each in setting:
            yield from functions_named(each)
    elif isinstance(setting, str) and setting.startswith("bossadmin."):
        yield setting


def test_what_the_theme_names_is_there() -> None:
    """Unfold takes a name that cannot be imported for a text, and shows it."""
    names = list(functions_named(UNFOLD))

    assert len(names) > 8
    assert all(callable(import_string(name)) for name in names)


@pytest.mark.parametrize("path", ["/boss/login/", "/boss/", "/boss/content/concept/", "/boss/password_change/"])
def test_every_page_says_which_app_it_is_for(path: str, editor: Editor, amal: App) -> None:
    if "login" in path:
        editor.client.cookies.clear()

    page = editor.read(path)

    assert "🌱 Amal" in page[: page.index("</title>")]
    assert amal.theme.primary.lstrip("#") in page or "rgb(15, 118, 110)" in page
    assert "embedded" in page


def test_another_app_looks_another_way(thurayya: App, db: None) -> None:
    page = Editor(thurayya).read("/boss/")

    assert "✨ Thurayya" in page
    assert "rgb(67, 56, 202)" in page
    assert "Amal" not in page


def test_arabic_reads_from_right_to_left(editor: Editor) -> None:
    with translation.override(None):  # what the request activates must not stay for the next test
        page = editor.client.get("/boss/", headers={"accept-language": "ar"}).content.decode()

    assert re.search(r'<html lang="ar" dir="rtl"', page)
    assert "أمل" in page
    assert "المفاهيم" in page


def test_the_compiled_translations_are_those_of_the_text() -> None:
    source = (LOCALE / "django.po").read_text("utf-8")
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)

    assert len(pairs) > 90
    assert [english for english, arabic in pairs if compiled.gettext(english) != arabic] == []
    assert compiled.ngettext("%(counter)s result", "%(counter)s results", 2) == "نتيجتان"


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("app", list_apps().values(), ids=lambda app: app.name)
def test_white_letters_can_be_read_on_every_apps_colour(app: App) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    with current.use(app):
        assert 1.05 / (luminance(app.theme.primary) + 0.05) >= 4.5
