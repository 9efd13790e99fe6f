"""Requests byte for byte, through the parser of the server that `manage.py serve` runs."""

import socket
from contextlib import closing

from django.test.client import ClientHandler
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from tests.isolation.asking import Answer, read_answer

REFUSED_BY_SERVER = Answer(400, (), b"")


def ask_raw(*lines: str) -> Answer:
    """Send a request's lines as they are; what the server itself refuses is a 400 without a body."""
    raw = "\r\n".join([*lines, "X-Request-Id: the-same-for-every-request", "", ""]).encode()
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        try:
            request = next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1)))
            _, environ = create(request, ours, ("127.0.0.1", 1), ("127.0.0.1", 80), Config())
        except ParseException:
            return REFUSED_BY_SERVER
        return read_answer(ClientHandler(enforce_csrf_checks=False)(environ))
