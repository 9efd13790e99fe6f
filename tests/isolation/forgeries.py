"""What attackers send: tokens that are none, and every way of naming another app."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import jwt

from tenants.registry.app import App
from tests.isolation.asking import Request
from tests.isolation.world import Family

WRONG_KEY = b"a key that is not the app's own, long enough for HS256"
#: Headers by which proxies, gateways and other code bases name a host or a tenant.
NAMING_HEADERS = (
    "X-App",
    "X-App-Name",
    "X-Application",
    "X-Tenant",
    "X-Tenant-Id",
    "X-Tenant-Name",
    "X-Organization",
    "X-Site",
    "X-Schema",
    "X-Stage",
    "App",
    "App-Name",
    "Tenant",
)
HOST_HEADERS = (
    "X-Forwarded-Host",
    "X-Forwarded-Server",
    "X-Original-Host",
    "X-Host",
    "X-HTTP-Host-Override",
    "X-Real-Host",
    "X-Rewrite-URL",
    "X-Original-URL",
    "X-ProxyUser-Host",
    "Forwarded",
    "Origin",
    "Referer",
)
NAMING_MEMBERS = ("app", "app_name", "APP_NAME", "tenant", "tenant_id", "host", "prefix", "db_table")
#: Hosts that no app has.
NOBODYS_HOSTS = ("localhost", "127.0.0.1", "amal.localhost.example.org", "amal", "thurayya")


def forge_tokens(victim: Family, stranger: Family) -> dict[str, str | None]:
    """Return Authorization headers that must open nothing, by what is wrong with them; None is no header."""
    token, foreign = victim.access, stranger.access
    header, payload, signature = token.split(".")
    claims = _read(payload)
    return {
        "none at all": None,
        "an empty one": "Bearer ",
        "garbage": "Bearer garbage",
        "three parts of nothing": "Bearer a.b.c",
        "no scheme": token,
        "another scheme": f"Basic {token}",
        "two at once": f"Bearer {token} {token}",
        "an expired one": f"Bearer {victim.expired}",
        "alg none": f"Bearer {jwt.encode(claims, None, algorithm='none')}",
        "alg none with the old signature": f"Bearer {jwt.encode(claims, None, algorithm='none')}{signature}",
        "no signature": f"Bearer {header}.{payload}.",
        "a wrong key": f"Bearer {_sign(header, payload)}",
        "a key of no bytes": f"Bearer {_sign(header, payload, key=b'')}",
        "another key's name": f"Bearer {jwt.encode(claims, WRONG_KEY, headers={'kid': '2'})}",
        "another subject under the old signature": f"Bearer {header}.{_write(claims | {'sub': '910000'})}.{signature}",
        "the other app's claims under this signature": f"Bearer {header}.{foreign.split('.')[1]}.{signature}",
        "this app's claims under the other's signature": f"Bearer {header}.{payload}.{foreign.split('.')[2]}",
        "the other app's": f"Bearer {foreign}",
        "a refresh token": f"Bearer {victim.ids['refresh']}",
        "a number": f"Bearer {victim.planter.guardian.pk}",
    }


def _sign(header: str, payload: str, key: bytes = WRONG_KEY) -> str:
    signature = hmac.digest(key, f"{header}.{payload}".encode(), "sha256")
    return f"{header}.{payload}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _read(part: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def _write(claims: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


def name_another(request: Request, other: App) -> Iterator[tuple[str, Request]]:
    """Yield a request once more for each way of naming another app in it, all headers of a kind at once."""
    names = dict.fromkeys(NAMING_HEADERS, other.name)
    hosts = dict.fromkeys(HOST_HEADERS, other.hosts[0]) | {"Forwarded": f"host={other.hosts[0]}"}
    members = dict.fromkeys(NAMING_MEMBERS, other.name)
    cookies = {"Cookie": "; ".join(f"{name}={other.name}" for name in NAMING_MEMBERS)}
    yield "headers for apps", request._replace(headers={**request.headers, **names})
    yield "headers for hosts", request._replace(headers={**request.headers, **hosts})
    yield "cookies", request._replace(headers={**request.headers, **cookies})
    yield "the query", request._replace(query={**request.query, **members})
    if isinstance(request.body, dict):
        yield "the body", request._replace(body={**request.body, **members})
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    yield "headers for methods", request._replace(headers={**request.headers, **override})
