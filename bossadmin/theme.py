"""What unfold is told, as its UNFOLD setting.

Settings import this module, so it names functions instead of importing them: they are looked up on the first request.
"""

from typing import Any, Final

UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "bossadmin.branding.title",
    "SITE_HEADER": "bossadmin.branding.header",
    "SITE_SUBHEADER": "bossadmin.branding.subheader",
    "SITE_ICON": "bossadmin.branding.icon",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "bossadmin.branding.icon"}],
    "STYLES": ["bossadmin.branding.stylesheet"],
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "bossadmin.branding.environment",
    "COLORS": {"primary": "bossadmin.branding.shades"},
    "COMMAND": {"search_callback": "bossadmin.commands.find"},
    "SIDEBAR": {"show_search": True, "navigation": "bossadmin.navigation.sidebar"},
}
