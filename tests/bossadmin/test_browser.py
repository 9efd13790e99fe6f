"""The pages in a real browser: they work, they are silent, and they ask nobody but us."""

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect, sync_playwright

from content.models import Concept
from tenants import current
from tenants.registry.app import App
from tests.curricula import release_curriculum, small_curriculum
from tests.editors import PASSWORD, Editor

pytestmark = pytest.mark.browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOST = "amal.localhost"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page that fails its test for a request to anybody else, and for an error on its console."""
    # Playwright keeps an event loop running, in which Django would refuse to touch the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname != HOST:
            complaints.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page(locale="en", viewport={"width": 1440, "height": 900})
        page.on("request", note_request)
        page.on("console", note_message)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
    assert complaints == []


@pytest.fixture
def address(live_server: Any, amal: App) -> str:
    """Where amal is served, with a word among its concepts."""
    with current.use(amal):
        release_curriculum(small_curriculum())
        Concept.objects.filter(key="number/3").update(text="كَتَبَ", search_text="كتب")
    return f"http://{HOST}:{urlsplit(live_server.url).port}"


def test_an_editor_signs_in_and_finds_a_word(page: Page, address: str, amal: App) -> None:
    Editor(amal)

    page.goto(f"{address}/boss/")
    page.get_by_label("Email").fill("editor@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("#nav-sidebar").get_by_text("Concepts").click()
    page.locator("#searchbar").fill("كتب")
    page.locator("#searchbar").press("Enter")

    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("number/3")


def test_the_documentation_shows_every_operation(page: Page, address: str) -> None:
    page.goto(f"{address}/app/docs")

    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() > 10
    expect(page.locator(".opblock-summary-path", has_text="answers")).to_have_count(1)
