"""The curriculum in the dashboard: drafts, which children get with the next release."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin, messages
from django.db.models import Max, Q
from django.utils.translation import get_language

from content.admin.forms import ConceptForm, ContentByteForm, PrerequisitesFormSet, asset_keys
from content.arabic_search import normalise
from content.kinds import KINDS
from content.models import Asset, Concept, ContentByte, Prerequisite, Unit
from tenants import current
from tenants.admin import ReadOnlyAdmin, ReadOnlyInline, RoomAdmin, RoomInline, show_text, title_of
from tenants.fields import text_in

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class CurriculumAdmin(RoomAdmin):
    """Rows that an importer brings and editors change: known by a key that stays, taught in the order of positions."""

    @override
    def get_readonly_fields(self, request: "HttpRequest", obj: "Model | None" = None) -> list[str]:
        names = {field.name for field in self.opts.fields}
        return [name for name in ("key", "curriculum") if name in names and (obj or name != "key")]

    @override
    def get_changeform_initial_data(self, request: "HttpRequest") -> dict[str, Any]:
        last = self.model._default_manager.aggregate(last=Max("position", default=-1))["last"]
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    @override
    def save_model(self, request: "HttpRequest", obj: Any, form: "ModelForm", change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and hasattr(obj, "curriculum") and obj.curriculum:
            note = f"The next import of the {obj.curriculum} curriculum sets this back to what the curriculum says."
            self.message_user(request, note, messages.WARNING)


class RetiredNotDeletedAdmin(CurriculumAdmin):
    """Answers point at these rows for ever. What is retired is in no release to come."""

    actions = ["retire"]
    #: The column that Arabic is searched in.
    search_column: str
    search_fields = ["key"]
    search_help_text = "A word, vowel signs or none, or a key"

    @override
    def has_delete_permission(self, request: "HttpRequest", obj: "Model | None" = None) -> bool:
        return False

    @override
    def get_search_results(
        self, request: "HttpRequest", queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        by_text = Q()
        for word in normalise(search_term).split():
            by_text &= Q(**{f"{self.search_column}__contains": word})
        return queryset.filter(by_text | Q(key__contains=search_term)), False

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: "HttpRequest", queryset: "QuerySet[Any]") -> None:
        retired = queryset.filter(is_live=True).update(is_live=False)
        self.message_user(request, f"{retired} retired: the next release is without them.", messages.SUCCESS)


@admin.register(Unit)
class UnitAdmin(CurriculumAdmin):
    list_display = ["key", title_of, "position"]
    ordering = ["position", "pk"]
    search_fields = ["key"]

    @override
    def get_search_fields(self, request: "HttpRequest") -> list[str]:
        return ["key", *(f"title__{language}" for language in current.get().languages)]


class PrerequisiteInline(RoomInline):
    model = Prerequisite
    formset = PrerequisitesFormSet
    fk_name = "concept"
    autocomplete_fields = ["needs"]
    classes = ["collapse"]
    show_title = False
    verbose_name = "prerequisite"
    verbose_name_plural = "needs first"


class ContentByteInline(ReadOnlyInline):
    model = ContentByte
    fields = ["kind", "is_live", "position"]
    ordering = ["position", "pk"]
    classes = ["collapse"]


@admin.register(Concept)
class ConceptAdmin(RetiredNotDeletedAdmin):
    form = ConceptForm
    search_column = "search_text"
    list_display = ["key", title_of, "shown_text", "kind", "unit", "position", "is_live"]
    list_filter = ["is_live", "kind", "curriculum", "unit"]
    list_select_related = ["unit"]
    ordering = ["position", "pk"]
    autocomplete_fields = ["unit", "licence"]
    fields = ["key", "curriculum", "unit", "kind", "title", "text", "position", "licence", "is_live"]
    inlines = [PrerequisiteInline, ContentByteInline]

    @admin.display(description="text")
    def shown_text(self, concept: Concept) -> "SafeString":
        return show_text(concept.text)


class KindFilter(admin.SimpleListFilter):
    """Kinds from their catalogue, where Django would read all rows for those in use."""

    title = "kind"
    parameter_name = "kind"

    @override
    def lookups(self, request: "HttpRequest", model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, text_in(dict(kind.title), get_language() or "")) for kind in KINDS.values()]

    @override
    def queryset(self, request: "HttpRequest", queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(ContentByte)
class ContentByteAdmin(RetiredNotDeletedAdmin):
    form = ContentByteForm
    search_column = "concept__search_text"
    list_display = ["key", "concept_title", "kind", "difficulty", "expected_ms", "guess", "is_live"]
    list_filter = ["is_live", KindFilter, "curriculum"]
    list_select_related = ["concept"]
    ordering = ["position", "pk"]
    autocomplete_fields = ["concept"]
    # Not its assets, which the payload names.
    fields = [
        "key",
        "curriculum",
        "concept",
        "kind",
        "payload",
        "difficulty",
        "expected_ms",
        "guess",
        "position",
        "is_live",
    ]

    @admin.display(description="concept", ordering="concept__key")
    def concept_title(self, byte: ContentByte) -> "SafeString":
        return title_of(byte.concept)

    @override
    def save_related(self, request: "HttpRequest", form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        byte: ContentByte = form.instance
        byte.assets.set(Asset.objects.filter(key__in=asset_keys(byte.payload)))


@admin.register(Prerequisite)
class PrerequisiteAdmin(ReadOnlyAdmin):
    """The graph at a glance; its edges are edited on the concept that they lead to, where circles are refused."""

    list_display = ["concept", "needs"]
    list_select_related = ["concept", "needs"]
    search_fields = ["concept__key", "needs__key"]
    ordering = ["concept__position", "pk"]
