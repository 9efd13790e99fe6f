"""Where content comes from, the files it is made of, and what shifts its seasons."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import URLField
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from content.models import Asset, Licence, SeasonOffset
from tenants.admin import ReadOnlyAdmin, RoomAdmin

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Licence)
class LicenceAdmin(RoomAdmin):
    list_display = ["key", "name", "source", "url"]
    search_fields = ["key", "name", "source"]
    ordering = ["key"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """Files as importers stored them: their names say what is in them, so there is nothing to edit."""

    list_display = ["key", "media_type", "readable_size", "licence", "file"]
    list_filter = ["media_type", "licence"]
    list_select_related = ["licence"]
    search_fields = ["key", "sha256__startswith"]
    ordering = ["key"]
    readonly_fields = ["file"]

    @admin.display(description="size", ordering="size")
    def readable_size(self, asset: Asset) -> str:
        return filesizeformat(asset.size)

    @admin.display(description="file")
    def file(self, asset: Asset) -> "SafeString":
        return format_html('<a class="text-link" href="/app/assets/{}">{}…</a>', asset.sha256, asset.sha256[:12])


@admin.register(SeasonOffset)
class SeasonOffsetAdmin(RoomAdmin):
    list_display = ["country", "days"]
    search_fields = ["country"]
    ordering = ["country"]
