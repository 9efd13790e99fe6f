"""What is signed in one app is worthless in the other, and nothing is signed outside an app."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import User
from alphazed.settings.env import ROOT
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tenants.services import signing_key
from tenants.signing import AppSecretKey
from thin.tokens import derive_key, sign, verify

KEY = "an installation's key that is long enough to pass"
SIGNER_MADE_AT_IMPORT = signing.TimestampSigner()

type Sign = Callable[[], Any]
type Verify = Callable[[Any], Any]


def user() -> User:
    return User(pk=7, email="editor@example.org", password="hash")


def set_signed_cookie() -> str:
    response = HttpResponse()
    response.set_signed_cookie("level", "3")
    return response.cookies["level"].value


def get_signed_cookie(value: str) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES["level"] = value
    return request.get_signed_cookie("level")


def messages() -> Any:
    return CookieStorage(RequestFactory().get("/"))


def read_messages(cookie: str) -> Any:
    return messages()._decode(cookie) or pytest.fail("the messages were thrown away")


def read_session(data: str) -> Any:
    return SessionStore().decode(data)["level"]


def reset_password(token: str) -> Any:
    assert default_token_generator.check_token(user(), token)


def continue_session(token: str) -> Any:
    assert token in {user().get_session_auth_hash(), *user().get_session_auth_fallback_hash()}


#: Everything that Django signs, with what reads it again and raises when it does not trust it.
SIGNATURES: dict[str, tuple[Sign, Verify]] = {
    "dumps": (lambda: signing.dumps({"level": 3}), signing.loads),
    "signer": (lambda: signing.Signer().sign("3"), lambda text: signing.Signer().unsign(text)),
    "object": (lambda: signing.Signer().sign_object([3]), lambda text: signing.Signer().unsign_object(text)),
    "timestamp": (lambda: signing.TimestampSigner().sign("3"), lambda text: signing.TimestampSigner().unsign(text)),
    "made_at_import": (lambda: SIGNER_MADE_AT_IMPORT.sign("3"), SIGNER_MADE_AT_IMPORT.unsign),
    "cookie": (set_signed_cookie, get_signed_cookie),
    "messages": (lambda: messages()._encode([Message(constants.INFO, "Hello")]), read_messages),
    "session": (lambda: SessionStore().encode({"level": 3}), read_session),
    "password_reset": (lambda: default_token_generator.make_token(user()), reset_password),
    "session_auth_hash": (lambda: user().get_session_auth_hash(), continue_session),
}
every_signature = pytest.mark.parametrize(("sign_it", "read_it"), SIGNATURES.values(), ids=SIGNATURES)
REFUSALS = (signing.BadSignature, KeyError, AssertionError, pytest.fail.Exception)


@pytest.fixture
def unpin() -> Iterator[None]:
    yield
    current.pin(None)


@every_signature
def test_what_one_app_signed_it_reads_again(sign_it: Sign, read_it: Verify, in_amal: App) -> None:
    read_it(sign_it())


@every_signature
def test_what_one_app_signed_is_worthless_in_another(sign_it: Sign, read_it: Verify) -> None:
    with current.use("amal"):
        signed = sign_it()

    with current.use("thurayya"), pytest.raises(REFUSALS):
        read_it(signed)


@every_signature
def test_the_proof_fails_with_one_key_for_all(
    sign_it: Sign, read_it: Verify, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = KEY
    monkeypatch.setattr(SIGNER_MADE_AT_IMPORT, "key", KEY)
    with current.use("amal"):
        signed = sign_it()

    with current.use("thurayya"):
        read_it(signed)


@every_signature
def test_nothing_is_signed_or_read_where_no_app_is_current(sign_it: Sign, read_it: Verify) -> None:
    with current.use("amal"):
        signed = sign_it()

    with pytest.raises(NoTenant):
        sign_it()
    # Django takes a session that it cannot read for an empty one; outside an app it does not get at the row either.
    with pytest.raises(KeyError if read_it is read_session else NoTenant):
        read_it(signed)


@every_signature
def test_what_was_signed_under_the_key_before_is_read_in_its_app_only(
    sign_it: Sign, read_it: Verify, settings: Any
) -> None:
    with current.use("amal"):
        signed = sign_it()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = AppSecretKey(KEY)

    with current.use("amal"):
        read_it(signed)
    with current.use("thurayya"), pytest.raises(REFUSALS):
        read_it(signed)


def test_a_pinned_process_signs_as_its_app(unpin: None, thurayya: App) -> None:
    with current.use("thurayya"):
        signed = signing.Signer().sign("3")

    current.pin(thurayya)

    assert signing.Signer().unsign(signed) == "3"


def test_an_apps_key_is_the_same_in_every_process_and_release() -> None:
    """As `printf django:amal | openssl mac -digest SHA256 -macopt key:… HMAC` has it: another would sign all out."""
    with current.use("amal"):
        key = str(AppSecretKey(KEY))

    assert key == "2ffbdc1d4338f67c15c3cb5560c0f9b803fe3ca32fcb4ca7b0dc4a12e150294f"


@pytest.mark.parametrize("write", [str, "{}".format, lambda key: f"{key}", lambda key: "%s" % key])  # noqa: UP031 - meant
def test_the_key_is_the_apps_however_it_becomes_text(write: Callable[[str], str], in_amal: App) -> None:
    key = AppSecretKey(KEY)

    assert write(key) == str(key) != KEY


def test_the_key_is_not_shown_where_settings_are() -> None:
    assert "<AppSecretKey>" in repr({"SECRET_KEY": AppSecretKey(KEY)})
    assert KEY not in repr({"SECRET_KEY": AppSecretKey(KEY)})


def test_the_deployment_check_weighs_the_installations_key_without_an_app(settings: Any) -> None:
    settings.SECRET_KEY = AppSecretKey("short")
    weak = run_checks(tags=["security"], include_deployment_checks=True)
    settings.SECRET_KEY = AppSecretKey("0123456789" * 6)
    strong = run_checks(tags=["security"], include_deployment_checks=True)

    assert "security.W009" in {found.id for found in weak}
    assert "security.W009" not in {found.id for found in strong}


def test_access_tokens_are_those_of_a_process_without_django(in_amal: App) -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from thin.tokens import derive_key, sign\n"
        "print(sign(derive_key(sys.argv[1], 'amal'), subject=7, family=3, now_s=1_800_000_000), end='')"
    )
    plain_key = str.__str__(settings.SECRET_KEY)

    without = subprocess.run([sys.executable, "-c", program, plain_key], cwd=ROOT, check=True, capture_output=True)

    assert without.stdout.decode() == sign(signing_key(), subject=7, family=3, now_s=1_800_000_000)
    assert verify(without.stdout.decode(), derive_key(plain_key, "amal"), now_s=1_800_000_000).subject == 7


#: Who reads the key: each by way of `salted_hmac`, but for the checks, which weigh it.
READERS = {
    "django/contrib/auth/base_user.py",  # the keys before only
    "django/contrib/auth/tokens.py",
    "django/core/checks/security/base.py",
    "django/core/signing.py",
    "django/utils/crypto.py",
}


def list_others_packages() -> Iterator[Path]:
    """List the packages not of this project that its settings name."""
    named = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE, "celery", "django_redis"]
    for package in {name.partition(".")[0] for name in named}:
        spec = find_spec(package)
        folder = Path((spec and spec.origin) or "").parent
        if folder != ROOT / package:
            yield folder


def test_nobody_else_reads_the_key() -> None:
    """`settings.SECRET_KEY.encode()` is one key for all apps: a package that does so has to be given a key per app."""
    reads = re.compile(rb"settings\.SECRET_KEY|settings, .SECRET_KEY")

    found = {
        str(path.relative_to(package.parent))
        for package in list_others_packages()
        for path in package.rglob("*.py")
        if reads.search(path.read_bytes())
    }

    assert found == READERS
