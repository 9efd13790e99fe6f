"""Access tokens: HS256 JSON Web Tokens (RFC 7519), checked without a library.

Importing PyJWT costs more than the rest of a hot answer. Kept small by being strict: the only header accepted is, byte
for byte, the one written here, so there is no algorithm to choose. Tests hold it against PyJWT.
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from thin.errors import Unauthenticated

ISSUER = "alphazed"
AUDIENCE = "alphazed-api"
LIFETIME_S = 15 * 60
_DIGITS = re.compile("[1-9][0-9]{0,18}")
#: Beyond the largest BIGINT a database raises instead of finding nothing.
LARGEST_ID = 2**63 - 1


class SigningKey(NamedTuple):
    """An app's key. One app's token is worthless in another, because each has a key of its own."""

    app: str
    kid: str
    secret: bytes


class Claims(NamedTuple):
    subject: int  # the id of the user who acts
    family: int  # the refresh-token family it came from
    expires_at: int  # seconds since 1970, UTC


def derive_key(secret_key: str, app: str, kid: str = "1") -> SigningKey:
    """Derive an app's signing key from the deployment's secret (HMAC as the extract-and-expand step)."""
    return SigningKey(app, kid, hmac.digest(secret_key.encode(), f"access-token:{kid}:{app}".encode(), "sha256"))


def sign(key: SigningKey, *, subject: int, family: int, now_s: int) -> str:
    """Return an access token for a user, good for `LIFETIME_S` seconds."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "app": key.app,
        "sub": str(subject),
        "fam": family,
        "iat": now_s,
        "exp": now_s + LIFETIME_S,
    }
    signed = _header(key) + b"." + _encode(json.dumps(claims, separators=(",", ":")).encode())
    return (signed + b"." + _encode(hmac.digest(key.secret, signed, "sha256"))).decode()


def verify(token: str, key: SigningKey, *, now_s: int) -> Claims:
    """Return the claims of a token signed for this app and not yet expired; raise `Unauthenticated` otherwise."""
    try:
        header, payload, signature = token.encode("ascii").split(b".")
    except ValueError:
        raise Unauthenticated("the access token is not a JSON Web Token") from None
    expected = hmac.digest(key.secret, header + b"." + payload, "sha256")
    # Compared in their encoded form: several base64 texts decode to the same bytes, only one is accepted.
    if header != _header(key) or not hmac.compare_digest(signature, _encode(expected)):
        raise Unauthenticated("the access token was not issued by this app")
    return _read_claims(payload, key, now_s)


def _read_claims(payload: bytes, key: SigningKey, now_s: int) -> Claims:
    """Read claims strictly, although they were signed here: a later version of this file may sign others."""
    try:
        claims = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
        issued_for = (claims["iss"], claims["aud"], claims["app"])
        subject, family, expires_at = claims["sub"], claims["fam"], claims["exp"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise Unauthenticated("the access token does not say what it should") from None
    if issued_for != (ISSUER, AUDIENCE, key.app):
        raise Unauthenticated("the access token was issued for something else")
    if type(subject) is not str or not _is_id(subject) or type(family) is not int or type(expires_at) is not int:
        raise Unauthenticated("the access token does not say what it should")
    if expires_at <= now_s:
        raise Unauthenticated("the access token has expired")
    return Claims(int(subject), family, expires_at)


def _is_id(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None and int(text) <= LARGEST_ID


def read_bearer(authorization: str) -> str:
    """Return the token of an Authorization header (RFC 6750); raise `Unauthenticated` where there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def _header(key: SigningKey) -> bytes:
    return _encode(f'{{"alg":"HS256","kid":"{key.kid}","typ":"JWT"}}'.encode())


def _encode(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
