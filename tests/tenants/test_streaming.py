"""Streamed bodies are made when the middleware is done, and still in their request's app."""

import io
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory

from tenants import current
from tenants.middleware import TenantMiddleware
from tests.settings import SCRATCH
from tests.tenants import streams
from tests.tenants.streams import APPS, CLOSED_IN, STEPS, headers_of, name_here

pytestmark = pytest.mark.urls(streams.__name__)


@pytest.fixture(autouse=True)
def _nothing_closed() -> None:
    CLOSED_IN.clear()


@pytest.fixture
def people(db: None) -> None:
    streams.add_people()


def body_of(response: Any) -> Iterator[bytes]:
    assert isinstance(response, StreamingHttpResponse)
    return iter(response)


def answer(view: streams.StreamingView) -> Any:
    """Answer in amal through the middleware alone, with nothing of the test client's around the body."""
    return TenantMiddleware(view)(RequestFactory().get("/", headers=headers_of("amal")))


@pytest.mark.parametrize("name", APPS)
def test_a_body_reads_its_requests_app(people: None, client: Client, name: str) -> None:
    response = client.get("/steps", headers=headers_of(name))

    assert response.getvalue() == f"{name}s ".encode() * STEPS


def test_two_bodies_read_in_turn_stay_apart(people: None, client: Client) -> None:
    amals, thurayyas = (body_of(client.get("/steps", headers=headers_of(name))) for name in APPS)

    read = [(next(amals), next(thurayyas), name_here()) for _ in range(STEPS)]

    assert read == [(b"amals ", b"thurayyas ", None)] * STEPS


def test_a_waiting_body_lends_its_app_to_nobody(people: None, client: Client) -> None:
    body = body_of(client.get("/steps", headers=headers_of("amal")))

    with current.use("thurayya"):
        read = [(next(body), name_here()) for _ in range(STEPS)]

    assert read == [(b"amals ", "thurayya")] * STEPS
    assert name_here() is None


def test_what_a_body_enters_stays_its_own_while_it_waits() -> None:
    def view(_: HttpRequest) -> StreamingHttpResponse:
        def body() -> Iterator[str | None]:
            with current.use("thurayya"):
                yield name_here()
                yield name_here()
            yield name_here()

        return StreamingHttpResponse(body())

    body = body_of(answer(view))

    with current.use("qais"):
        read = [(next(body), name_here()) for _ in range(3)]

    assert read == [(b"thurayya", "qais"), (b"thurayya", "qais"), (b"amal", "qais")]


def test_an_exception_in_a_body_reaches_the_server_and_leaves_nothing_current(people: None, client: Client) -> None:
    body = body_of(client.get("/broken", headers=headers_of("amal")))
    first = next(body)

    with pytest.raises(ZeroDivisionError, match="amal"):
        next(body)

    assert (first, name_here()) == (b"amals ", None)


def test_a_body_that_is_not_read_to_its_end_is_closed_in_its_app() -> None:
    response = answer(streams.waiting)
    next(iter(response))

    response.close()

    assert (CLOSED_IN, name_here()) == (["amal"], None)


def test_a_body_is_closed_with_the_iterator_around_it() -> None:
    steps = answer(streams.waiting)._iterator
    next(steps)

    steps.close()

    assert (CLOSED_IN, name_here()) == (["amal"], None)


def test_what_nobody_began_to_read_is_closed_in_its_app() -> None:
    class Body(io.BytesIO):
        def close(self) -> None:
            if not self.closed:
                CLOSED_IN.append(name_here())
            super().close()

    response = answer(lambda _: StreamingHttpResponse(Body(b"one\ntwo\n")))

    response.close()

    assert CLOSED_IN == ["amal"]


def test_a_list_is_streamed_as_it_is() -> None:
    response = answer(lambda _: StreamingHttpResponse(["one ", "two"]))

    assert response.getvalue() == b"one two"


def test_an_open_file_is_left_to_the_server() -> None:
    """Servers send it by its descriptor, from `file_to_stream`, which an iterator in between would hide."""
    with TemporaryFile(dir=SCRATCH) as file:
        file.write(b"sound")
        file.seek(0)
        response = answer(lambda _: FileResponse(file, filename="one.ogg"))

        assert response.file_to_stream is file
        assert response.getvalue() == b"sound"


def test_a_file_made_in_steps_is_a_stream_like_any_other() -> None:
    response = answer(lambda _: FileResponse((name_here() for _ in range(2)), filename="one.txt"))

    assert response.getvalue() == b"amalamal"


def test_a_body_of_a_request_without_an_app_is_left_alone() -> None:
    def view(_: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(name_here() for _ in range(1))

    response: Any = TenantMiddleware(view)(RequestFactory().get("/app/health", headers={"host": "10.1.2.3"}))

    with current.use("amal"):
        assert response.getvalue() == b"amal"


@pytest.mark.django_db(transaction=True)
def test_a_wsgi_server_reads_and_closes_outside_the_app() -> None:
    streams.add_people()
    begun: list[str] = []
    environ = RequestFactory().get("/steps", headers=headers_of("thurayya")).environ

    def start(status: str, *_: Any) -> Any:
        begun.append(status)

    response: Any = get_wsgi_application()(environ, start)
    body = b"".join(response)
    response.close()

    assert (begun, body, name_here()) == (["200 OK"], b"thurayyas " * STEPS, None)


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
@pytest.mark.django_db(transaction=True)
def test_an_async_body_under_wsgi_reads_its_requests_app(client: Client) -> None:
    streams.add_people()
    response = client.get("/steps-async", headers=headers_of("thurayya"))

    assert b"".join(body_of(response)) == b"thurayyas " * STEPS
