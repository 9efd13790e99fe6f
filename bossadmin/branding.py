"""How the dashboard shows which app it is for: each function answers for the current one, and unfold calls it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import get_language

from tenants import current
from tenants.fields import text_in

#: Shades from light to dark: the share of the app's colour, mixed with white or with black. 600 is the colour itself,
#: which carries white letters.
TINTS: Final[Mapping[str, int]] = MappingProxyType({"50": 5, "100": 12, "200": 25, "300": 42, "400": 62, "500": 80})
DARK_SHADES: Final[Mapping[str, int]] = MappingProxyType({"700": 85, "800": 70, "900": 55, "950": 40})

ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<text x="16" y="26" text-anchor="middle" font-size="26">{}</text></svg>'
)


def name() -> str:
    """Return the app's name in the language of the page."""
    return text_in(current.get().title, get_language() or "")


def title(_request: HttpRequest) -> str:
    """Return what stands in the browser's tab and on the login page."""
    return f"{current.get().theme.emoji} {name()}"


def header(_request: HttpRequest) -> str:
    """Return what stands above the navigation."""
    return name()


def subheader(_request: HttpRequest) -> str:
    """Return the name that engineers know the app by."""
    return current.get().name


def icon(_request: HttpRequest) -> str:
    """Return the app's emoji as an image, for the tab and the corner of each page."""
    return "data:image/svg+xml," + quote(ICON.format(current.get().theme.emoji))


def stylesheet(_request: HttpRequest) -> str:
    """Return what mends unfold's pages in Arabic."""
    return static("bossadmin/rtl.css")


def environment(_request: HttpRequest) -> list[str]:
    """Return the banner: where an edit reaches children, it is red."""
    infra = str(settings.ENV.infra)
    return [infra, "info" if infra == "embedded" else "danger"]


def shades(_request: HttpRequest) -> dict[str, str]:
    """Return the shades of the app's colour that unfold paints with."""
    primary = current.get().theme.primary
    light = {shade: f"color-mix(in oklab, {primary} {share}%, white)" for shade, share in TINTS.items()}
    dark = {shade: f"color-mix(in oklab, {primary} {share}%, black)" for shade, share in DARK_SHADES.items()}
    return {**light, "600": primary, **dark}
