"""Languages for people; the API answers every client alike, so that caches may share its answers."""

from typing import override

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

#: Pages for people; everything else answers programs.
PAGES = "/boss/"


class BossLocaleMiddleware(LocaleMiddleware):
    @override
    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(PAGES):
            super().process_request(request)
        else:
            # The thread may still speak the language of the page it answered before.
            translation.deactivate()

    @override
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return super().process_response(request, response) if request.path.startswith(PAGES) else response
