"""The hand-written token check, held against PyJWT: whatever PyJWT refuses is refused here, by `Unauthenticated`."""

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thin.errors import Unauthenticated
from thin.tokens import AUDIENCE, ISSUER, LIFETIME_S, Claims, SigningKey, derive_key, read_bearer, sign, verify

KEY = derive_key("a secret", "amal")
OTHER_KEYS = {
    "another app's": derive_key("a secret", "thurayya"),
    "another deployment's": derive_key("b secret", "amal"),
    "another kid's": derive_key("a secret", "amal", "2"),
}
NOW = int(time.time())
TOKEN = sign(KEY, subject=7, family=3, now_s=NOW)
CLAIMS: dict[str, Any] = jwt.decode(TOKEN, options={"verify_signature": False})
REQUIRED = ["iss", "aud", "exp", "sub", "app", "fam"]

#: A busy machine is no reason to fail.
unhurried = settings(deadline=None)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)


def oracle_accepts(token: str, key: SigningKey = KEY) -> bool:
    """Tell whether PyJWT takes a token of this app; a clock that runs ahead is no reason to refuse."""
    try:
        options: Any = {"require": REQUIRED, "verify_iat": False}
        jwt.decode(token, key.secret, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER, options=options)
    except (jwt.PyJWTError, UnicodeError):
        return False
    return True


def accepts(token: str, key: SigningKey = KEY, now_s: int = NOW) -> bool:
    """Tell whether a token is taken; any exception but `Unauthenticated` fails the test."""
    try:
        verify(token, key, now_s=now_s)
    except Unauthenticated:
        return False
    return True


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def sign_text(header: str, payload: str, key: SigningKey = KEY, digest: str = "sha256") -> str:
    """Sign any two segments with the true key, as nobody outside can."""
    signature = hmac.digest(key.secret, f"{header}.{payload}".encode(), digest)
    return f"{header}.{payload}.{encode(signature)}"


def sign_claims(claims: Any) -> str:
    return sign_text(TOKEN.split(".")[0], encode(json.dumps(claims).encode()))


def test_pyjwt_reads_what_is_signed_here() -> None:
    claims = jwt.decode(TOKEN, KEY.secret, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER)

    assert claims == {
        "iss": "alphazed",
        "aud": "alphazed-api",
        "app": "amal",
        "sub": "7",
        "fam": 3,
        "iat": NOW,
        "exp": NOW + 900,
    }
    assert jwt.get_unverified_header(TOKEN) == {"alg": "HS256", "kid": "1", "typ": "JWT"}


def test_what_pyjwt_signs_is_read_here() -> None:
    token = jwt.encode(CLAIMS, KEY.secret, "HS256", headers={"kid": "1"})

    assert verify(token, KEY, now_s=NOW) == Claims(subject=7, family=3, expires_at=NOW + LIFETIME_S)


@pytest.mark.parametrize("whose", OTHER_KEYS)
def test_a_token_of_another_key_is_refused(whose: str) -> None:
    other = OTHER_KEYS[whose]
    token = sign(other, subject=7, family=3, now_s=NOW)

    assert accepts(token, other)
    assert not accepts(token)


def test_a_token_of_another_app_is_refused_even_with_this_apps_key() -> None:
    assert not accepts(sign_claims(CLAIMS | {"app": "thurayya"}))


@pytest.mark.parametrize(("at", "taken"), [(NOW, True), (NOW + 899, True), (NOW + 900, False), (NOW + 10**6, False)])
def test_a_token_lives_for_fifteen_minutes(at: int, taken: bool) -> None:  # noqa: FBT001 - the outcome expected
    assert accepts(TOKEN, now_s=at) is taken


@pytest.mark.parametrize("claim", REQUIRED)
def test_a_signed_token_without_a_claim_is_refused(claim: str) -> None:
    token = sign_claims({name: value for name, value in CLAIMS.items() if name != claim})

    assert not oracle_accepts(token)
    assert not accepts(token)


@pytest.mark.parametrize("claim", ["iss", "aud", "app", "sub", "exp"])
@pytest.mark.parametrize("value", [None, True, [], {}, "x", -1, [[]], 1e400], ids=repr)
def test_a_signed_token_with_a_claim_that_makes_no_sense_is_refused(claim: str, value: Any) -> None:
    assert not accepts(sign_claims(CLAIMS | {claim: value}))


@pytest.mark.parametrize("value", [[], 5, None, "x", True, [["iss", "alphazed"]]], ids=repr)
def test_a_signed_token_whose_payload_is_no_object_is_refused(value: Any) -> None:
    assert not accepts(sign_claims(value))


@pytest.mark.parametrize("payload", ["", "A", "AAAAA", "====", "e30=", "e30", "_w", "bm90IGpzb24", "é", " "])
def test_a_signed_token_whose_payload_cannot_be_read_is_refused(payload: str) -> None:
    header = TOKEN.split(".")[0]
    signature = hmac.digest(KEY.secret, f"{header}.{payload}".encode(), "sha256")

    assert not accepts(f"{header}.{payload}.{encode(signature)}")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "1", "typ": "JWT"},
        {"alg": "None", "kid": "1", "typ": "JWT"},
        {"alg": "HS512", "kid": "1", "typ": "JWT"},
        {"alg": "RS256", "kid": "1", "typ": "JWT"},
        {"alg": "HS256", "kid": "2", "typ": "JWT"},
        {"alg": "HS256", "kid": "../1", "typ": "JWT"},
        {"alg": "HS256", "typ": "JWT"},
        {"alg": "HS256", "crit": ["x"], "kid": "1", "typ": "JWT"},
        {"alg": "HS256", "b64": False, "kid": "1", "typ": "JWT"},
    ],
    ids=str,
)
def test_a_header_other_than_ours_is_refused_however_it_is_signed(header: dict[str, Any]) -> None:
    first, payload = encode(json.dumps(header, separators=(",", ":")).encode()), TOKEN.split(".")[1]

    assert not accepts(sign_text(first, payload))
    assert not accepts(sign_text(first, payload, digest="sha512"))
    assert not accepts(f"{first}.{payload}.")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_a_token_that_pyjwt_signs_with_another_algorithm_is_refused(algorithm: str) -> None:
    secret = "" if algorithm == "none" else KEY.secret * 2
    token = jwt.encode(CLAIMS, secret, algorithm, headers={"kid": "1"})

    assert not accepts(token)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token + "=",
        lambda token: token + " ",
        lambda token: " " + token,
        lambda token: token + "\n",
        lambda token: token + ".",
        lambda token: "." + token,
        lambda token: token + ".x",
        lambda token: token.replace(".", "..", 1),
        lambda token: token.replace(".", "=.", 1),
        lambda token: token[:-1],
        lambda token: token.rsplit(".", 1)[0] + ".",
        lambda token: token.rsplit(".", 1)[0],
        lambda token: token.upper(),
        lambda token: token + "\0",
        lambda token: token + "é",
        lambda token: token + "\ud800",
        lambda token: "",
        lambda token: ".",
        lambda token: "..",
    ],
)
def test_a_token_that_is_not_letter_for_letter_ours_is_refused(change: Callable[[str], str]) -> None:
    assert not accepts(change(TOKEN))


def test_a_signature_has_one_spelling_only() -> None:
    """The last letter of 43 carries two bits that say nothing: base64 readers take four spellings of one signature."""
    stem, signature = TOKEN.rsplit(".", 1)
    true = urlsafe_b64decode(signature + "=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = [letter for letter in letters if urlsafe_b64decode(signature[:-1] + letter + "=") == true]

    taken = [letter for letter in same if accepts(f"{stem}.{signature[:-1]}{letter}")]

    assert len(same) == 4
    assert taken == [signature[-1]]


@unhurried
@given(st.text())
def test_no_text_at_all_gets_more_than_a_refusal(text: str) -> None:
    assert not accepts(text)


@unhurried
@given(st.lists(st.text(alphabet="AQgw019_-=. eyJ", max_size=12), max_size=5))
def test_nothing_that_looks_like_a_token_gets_more_than_a_refusal(parts: list[str]) -> None:
    assert not accepts(".".join(parts))


@unhurried
@given(position=st.integers(0, len(TOKEN) - 1), letter=st.characters())
def test_one_letter_changed_is_refused(position: int, letter: str) -> None:
    changed = TOKEN[:position] + letter + TOKEN[position + 1 :]

    assert accepts(changed) is (changed == TOKEN)


@unhurried
@given(ANY_JSON)
def test_whatever_header_pyjwt_refuses_is_refused(header: Any) -> None:
    token = sign_text(encode(json.dumps(header).encode()), TOKEN.split(".")[1])

    assert oracle_accepts(token) or not accepts(token)


@unhurried
@given(st.dictionaries(st.sampled_from([*REQUIRED, "iat"]), ANY_JSON, max_size=3), st.sets(st.sampled_from(REQUIRED)))
def test_whatever_claims_pyjwt_refuses_are_refused(changed: dict[str, Any], left_out: set[str]) -> None:
    claims = {name: value for name, value in (CLAIMS | changed).items() if name not in left_out}
    token = sign_claims(claims)

    assert oracle_accepts(token) or not accepts(token)


@unhurried
@given(st.binary(max_size=40))
def test_whatever_payload_pyjwt_refuses_is_refused(payload: bytes) -> None:
    token = sign_text(TOKEN.split(".")[0], encode(payload))

    assert oracle_accepts(token) or not accepts(token)


@pytest.mark.parametrize("authorization", ["Bearer abc", "bearer abc", "BEARER abc", "Bearer  abc "])
def test_a_bearer_token_is_read_whatever_the_case_of_the_scheme(authorization: str) -> None:
    assert read_bearer(authorization) == "abc"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc", "Token abc"])
def test_no_bearer_token_is_a_refusal(authorization: str) -> None:
    with pytest.raises(Unauthenticated):
        read_bearer(authorization)


def test_each_app_and_kid_has_a_key_of_its_own() -> None:
    keys = [KEY, *OTHER_KEYS.values()]

    assert len({key.secret for key in keys}) == 4
    assert all(len(key.secret) == 32 for key in keys)
