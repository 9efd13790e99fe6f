"""What Django signs for one app is worthless in every other."""

import hmac
from typing import override

from tenants import current


class AppSecretKey(str):
    """Django's SECRET_KEY: as text it is the current app's key, and outside an app it raises `NoTenant`.

    Sessions, signed cookies, messages, password-reset links and `signing.dumps` all reach the key through
    `salted_hmac`, which takes `str(secret)`; whoever holds the key, a `Signer` made at import too, holds no app. Its
    value, which `encode()`, `len()` and `==` see, stays the installation's key: access tokens are derived from that
    one, with and without Django.
    """

    __slots__ = ()

    @override
    def __str__(self) -> str:
        # "django:" keeps these keys apart from those that `thin.tokens` derives for access tokens.
        return hmac.digest(self.encode(), f"django:{current.get().name}".encode(), "sha256").hex()

    @override
    def __repr__(self) -> str:
        # `manage.py diffsettings` prints settings, and logs are kept.
        return "<AppSecretKey>"
