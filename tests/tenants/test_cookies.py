"""Cookies on the wire carry the app; inside a request they do not, and no other app's are there."""

import asyncio
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from alphazed.urls import urlpatterns as project_urls
from tenants import current
from tenants.cookies import AppCookiesMiddleware
from tenants.registry.app import App
from tests.clients import AppClient
from tests.editors import PASSWORD, Editor

GATEWAY = "abc123.execute-api.example"
LOGIN = "/boss/login/"

type View = Callable[[HttpRequest], HttpResponseBase]


def leave_message(request: HttpRequest) -> HttpResponse:
    messages.info(request, f"hello from {current.get().name}")
    return HttpResponse()


def read_messages(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(str(message) for message in messages.get_messages(request)))


urlpatterns = [*project_urls, path("leave", leave_message), path("read", read_messages)]


@pytest.fixture
def pin() -> Iterator[Callable[[App], None]]:
    yield current.pin
    current.pin(None)


def ask(view: View, cookies: str = "") -> HttpResponseBase:
    """Ask a view through the middleware alone, with the Cookie header of a browser."""
    headers = {"cookie": cookies} if cookies else {}
    answer: Any = AppCookiesMiddleware(view)(RequestFactory().get("/", headers=headers))
    assert isinstance(answer, HttpResponseBase)
    return answer


def seen_by_a_view(cookies: str) -> dict[str, str]:
    seen: list[dict[str, str]] = []

    def look(request: HttpRequest) -> HttpResponse:
        seen.append(request.COOKIES)
        return HttpResponse()

    ask(look, cookies)
    return seen[0]


def setting(*arguments: Any, **attributes: Any) -> View:
    def view(_: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie(*arguments, **attributes)
        return response

    return view


def sign_in(client: Client, **headers: str) -> None:
    """Fill in the form as a browser does, with its CSRF token."""
    page = client.get(LOGIN, headers=headers)
    fields = {"username": "editor@example.org", "password": PASSWORD, "next": "/boss/"}
    client.post(LOGIN, fields | {"csrfmiddlewaretoken": str(page.context["csrf_token"])}, headers=headers)


def may_enter(client: Client, **headers: str) -> bool:
    return client.get("/boss/", headers=headers).status_code == 200


def test_a_view_sees_the_apps_cookies_without_its_name(in_amal: App) -> None:
    assert seen_by_a_view("amal_session=abc; amal_csrf=def") == {"session": "abc", "csrf": "def"}


@pytest.mark.parametrize(
    "cookies",
    ["session=abc", "thurayya_session=abc", "amalbeta_session=abc", "amalsession=abc", "Amal_session=abc", "amal=abc"],
)
def test_a_view_sees_no_other_cookie(in_amal: App, cookies: str) -> None:
    assert seen_by_a_view(f"{cookies}; amal_level=3") == {"level": "3"}


def test_another_apps_cookie_does_not_hide_the_own_one(in_amal: App) -> None:
    cookies = "thurayya_session=b; amal_session=a; session=c; thurayya_session=d"

    assert seen_by_a_view(cookies) == {"session": "a"}


def test_what_a_cookie_holds_stays_as_it_was(in_amal: App) -> None:
    cookies = r'amal_a="x\073 amal_y=1"; amal_b=amal_=; amal_c=; amal_d'

    assert seen_by_a_view(cookies) == {"a": "x; amal_y=1", "b": "amal_=", "c": "", "": "d"}


def test_no_road_leads_to_another_apps_cookie(in_amal: App) -> None:
    """Not the header either, asked for before or after: `Vary: Cookie` makes it part of a cache's key."""
    request = RequestFactory().get("/", headers={"cookie": "thurayya_session=b; amal_session=a"})
    _ = request.COOKIES, request.headers["cookie"]

    def look(inner: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{inner.COOKIES} {inner.META['HTTP_COOKIE']} {inner.headers['cookie']}")

    response: Any = AppCookiesMiddleware(look)(request)

    assert response.content == b"{'session': 'a'} session=a session=a"


def test_a_cookie_goes_out_under_the_apps_name_with_all_it_says(in_amal: App) -> None:
    attributes = {"path": "/boss/", "secure": True, "httponly": True, "samesite": "Strict"}
    view = setting("level", "3; 4", expires="Tue, 01 Dec 2026 00:00:00 GMT", **attributes)

    cookie = ask(view).cookies["amal_level"]

    assert cookie.OutputString() == (
        r'amal_level="3\073 4"; expires=Tue, 01 Dec 2026 00:00:00 GMT; HttpOnly; Path=/boss/; SameSite=Strict; Secure'
    )


def test_a_deletion_reaches_the_cookie_it_is_for(in_amal: App) -> None:
    def delete(_: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.delete_cookie("level", path="/boss/")
        return response

    cookie = ask(delete).cookies["amal_level"]

    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/boss/")
    assert cookie["expires"].endswith("1970 00:00:00 GMT")


def test_a_streamed_answer_sets_cookies_too(in_amal: App) -> None:
    def stream(_: HttpRequest) -> StreamingHttpResponse:
        response = StreamingHttpResponse([b"body"])
        response.set_cookie("level", "3")
        return response

    assert list(ask(stream).cookies) == ["amal_level"]


def test_a_signed_cookie_comes_back(in_amal: App) -> None:
    def set_signed(_: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_signed_cookie("level", "3")
        return response

    sent = ask(set_signed).cookies["amal_level"].value
    read: Any = ask(lambda request: HttpResponse(request.get_signed_cookie("level")), f"amal_level={sent}")

    assert read.content == b"3"


def test_outside_an_app_no_cookie_is_read_or_set() -> None:
    seen = seen_by_a_view("session=a; amal_session=b")
    answer = ask(setting("level", "3"))

    assert seen == {}
    assert answer.cookies == SimpleCookie()


def test_the_health_check_sets_no_cookie_whatever_is_sent(db: None, client: Client) -> None:
    response = client.get("/app/health", headers={"host": "10.1.2.3", "cookie": "amal_session=a; amal_messages=b"})

    assert (response.status_code, list(response.cookies)) == (200, [])


def test_requests_of_two_apps_at_once_keep_their_cookies_apart() -> None:
    async def echo(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.001)
        response = HttpResponse(str(request.COOKIES))
        response.set_cookie("level", current.get().name)
        return response

    async def ask_as(name: str) -> tuple[bytes, list[str]]:
        middleware: Any = AppCookiesMiddleware(echo)
        assert iscoroutinefunction(middleware)
        with current.use(name):
            request = RequestFactory().get("/", headers={"cookie": "amal_id=a; thurayya_id=t"})
            response: HttpResponse = await middleware(request)
        return response.content, [cookie.OutputString() for cookie in response.cookies.values()]

    async def race() -> list[tuple[bytes, list[str]]]:
        return await asyncio.gather(*(ask_as(name) for name in ("amal", "thurayya") * 3))

    amals = (b"{'id': 'a'}", ["amal_level=amal; Path=/"])
    thurayyas = (b"{'id': 't'}", ["thurayya_level=thurayya; Path=/"])
    assert asyncio.run(race()) == [amals, thurayyas] * 3


def test_signing_in_sets_the_apps_cookies_and_no_others(db: None, amal: App) -> None:
    Editor(amal)
    client = AppClient(amal, enforce_csrf_checks=True)

    sign_in(client)

    assert may_enter(client)
    assert set(client.cookies) == {"amal_csrf", "amal_session"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_signing_out_deletes_the_session_in_the_browser(db: None, amal: App) -> None:
    editor = Editor(amal)

    response = editor.client.post("/boss/logout/")

    assert response.cookies["amal_session"]["max-age"] == 0


def test_a_form_without_its_token_is_refused(db: None, amal: App) -> None:
    client = AppClient(amal, enforce_csrf_checks=True)
    client.get(LOGIN)

    assert client.post(LOGIN, {"username": "editor@example.org", "password": PASSWORD}).status_code == 403


def test_a_form_with_another_apps_token_is_refused(db: None, amal: App, thurayya: App) -> None:
    """A page of thurayya's that could set its own cookies only cannot post amal's forms."""
    page = AppClient(thurayya).get(LOGIN)
    client = AppClient(amal, enforce_csrf_checks=True)
    client.cookies["thurayya_csrf"] = page.cookies["thurayya_csrf"].value
    fields = {"username": "a", "password": "b", "csrfmiddlewaretoken": str(page.context["csrf_token"])}

    refused = client.post(LOGIN, fields)
    client.cookies["amal_csrf"] = page.cookies["thurayya_csrf"].value
    taken = client.post(LOGIN, fields)

    assert (refused.status_code, taken.status_code) == (403, 200)


def test_apps_behind_one_host_name_share_no_session(
    db: None, amal: App, thurayya: App, pin: Callable[[App], None]
) -> None:
    """Two stages behind one gateway, each a process pinned to its app, and a browser with one jar for both."""
    Editor(amal)
    Editor(thurayya)
    browser = Client(headers={"host": GATEWAY})

    pin(amal)
    sign_in(browser)
    amal_before = may_enter(browser)
    pin(thurayya)
    thurayya_before = may_enter(browser)
    sign_in(browser)
    thurayya_after = may_enter(browser)
    pin(amal)
    amal_after = may_enter(browser)
    browser.post("/boss/logout/")
    pin(thurayya)
    thurayya_at_last = may_enter(browser)

    assert (amal_before, thurayya_before) == (True, False)
    assert (thurayya_after, amal_after, thurayya_at_last) == (True, True, True)
    assert set(browser.cookies) == {"amal_session", "amal_csrf", "thurayya_session", "thurayya_csrf"}


@pytest.mark.urls(__name__)
def test_messages_wait_in_their_apps_cookie(amal: App, pin: Callable[[App], None], thurayya: App, db: None) -> None:
    browser = Client(headers={"host": GATEWAY})

    for app in (amal, thurayya):
        pin(app)
        browser.get("/leave")
    names = set(browser.cookies)
    read = []
    for app in (amal, thurayya):
        pin(app)
        read.append(browser.get("/read").content)

    assert names == {"amal_messages", "thurayya_messages"}
    assert read == [b"hello from amal", b"hello from thurayya"]


def test_the_language_chosen_in_one_app_is_not_anothers(db: None, amal: App, pin: Callable[[App], None]) -> None:
    pin(amal)
    browser = Client(headers={"host": GATEWAY})

    def language(cookie: str) -> str:
        browser.cookies.clear()
        browser.cookies[cookie] = "ar"
        with translation.override(None):  # what the request activates must not stay for the next test
            return browser.get(LOGIN).headers["Content-Language"]

    assert [language(name) for name in ("amal_language", "thurayya_language", "language")] == ["ar", "en", "en"]
