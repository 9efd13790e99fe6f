"""Bearer tokens for heavy endpoints: the same check as on the hot path, then the user's row."""

import time
from typing import override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import User
from tenants.services import signing_key
from thin import tokens
from thin.errors import Unauthenticated


class TokenAuthentication(BaseAuthentication):
    @override
    def authenticate(self, request: Request) -> tuple[User, tokens.Claims] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        claims = tokens.verify(tokens.read_bearer(header), signing_key(), now_s=int(time.time()))
        user = User.objects.filter(pk=claims.subject, is_active=True).first()
        if user is None:
            raise Unauthenticated("the user of this token is gone")
        return user, claims

    @override
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "accessToken"

    @override
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
