"""What an operator finds in the log."""

import logging

import pytest
from django.test import Client

from alphazed.logs import OriginFilter
from alphazed.middleware import HEADER
from tests.phones import Phone


def test_a_crash_is_logged_with_its_app_and_the_request_id_that_the_client_was_told(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(OriginFilter())
    monkeypatch.setattr("accounts.api.views.list_learners", lambda _: 1 / 0)
    phone.client.raise_request_exception = False

    response = phone.get("/user/learners")

    [record] = [record for record in caplog.records if record.exc_info]
    assert response.status_code == 500
    assert (record.__dict__["app"], record.__dict__["request_id"]) == ("amal", response[HEADER])


def test_a_line_written_outside_a_request_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(OriginFilter())

    logging.getLogger("a worker").warning("working")

    assert (caplog.records[-1].__dict__["app"], caplog.records[-1].__dict__["request_id"]) == ("-", "-")


def test_refusals_do_not_fill_the_log(db: None, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/nowhere", headers={"host": "amal.localhost"})

    assert not caplog.records
