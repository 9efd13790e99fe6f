"""What the dashboard checks before it lets an editor change what children will learn."""

import json
from collections import defaultdict
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from content.arabic_search import added_words, normalise
from content.kinds import KINDS
from content.models import Asset, Concept, ContentByte, Prerequisite
from content.payloads import ASSET_FIELDS, PayloadError
from tenants.fields import text_in


class ConceptForm(forms.ModelForm):
    """Keeps a concept to be found by its title and text as they are now."""

    class Meta:
        model = Concept
        fields = ("key", "unit", "kind", "title", "text", "position", "licence", "is_live")
        widgets = {"text": UnfoldAdminTextareaWidget({"dir": "auto", "rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's
        super().__init__(*args, **kwargs)
        #: What an importer has added besides, such as the modern spelling of an ayah: nothing else holds it.
        self._added = added_words(self.instance.search_text, _texts(self.instance))

    @override
    def save(self, commit: bool = True) -> Concept:
        self.instance.search_text = " ".join([normalise(" ".join(_texts(self.instance))), *self._added]).strip()
        concept: Concept = super().save(commit)
        return concept


def _texts(concept: Concept) -> list[str]:
    return [*(concept.title or {}).values(), concept.text]


class PrerequisitesFormSet(forms.BaseInlineFormSet):
    """Keeps prerequisites a graph without circles: in a circle no concept could ever be begun."""

    @override
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        needs = {
            form.cleaned_data["needs"].pk
            for form in kept
            if form.cleaned_data.get("needs") and not form.cleaned_data.get("DELETE")
        }
        if self.instance.pk and _leads_to(self.instance.pk, needs):
            raise ValidationError("Something this concept needs would need this concept itself.", code="circle")


def _leads_to(concept_id: int, start: set[int]) -> bool:
    """Tell whether a concept is among some others and all that they need."""
    needs: dict[int, list[int]] = defaultdict(list)
    for child, parent in Prerequisite.objects.exclude(concept_id=concept_id).values_list("concept_id", "needs_id"):
        needs[child].append(parent)
    seen: set[int] = set()
    ahead = list(start)
    while ahead:
        current = ahead.pop()
        if current not in seen:
            seen.add(current)
            ahead.extend(needs[current])
    return concept_id in seen


class PayloadField(forms.JSONField):
    """JSON as a person would write it."""

    @override
    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict | list):
            return super().prepare_value(value)
        return json.dumps(value, ensure_ascii=False, indent=2)


class ContentByteForm(forms.ModelForm):
    """Refuses a payload that a phone could not play."""

    kind = forms.ChoiceField(
        choices=lambda: [(kind.name, text_in(dict(kind.title), get_language() or "")) for kind in KINDS.values()],
        widget=UnfoldAdminSelectWidget,
    )
    payload = PayloadField(
        widget=UnfoldAdminTextareaWidget(
            {"dir": "ltr", "rows": 14, "spellcheck": "false", "style": "font-family: monospace"}
        ),
        help_text="As the kind's schema describes it",
    )

    class Meta:
        model = ContentByte
        fields = (
            "key",
            "concept",
            "kind",
            "payload",
            "difficulty",
            "expected_ms",
            "guess",
            "position",
            "is_live",
        )

    @override
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, payload = cleaned.get("kind"), cleaned.get("payload")
        if kind and payload is not None:
            try:
                KINDS[kind].check(payload)
            except PayloadError as error:
                self.add_error("payload", str(error))
            else:
                self._check_assets(payload)
        return cleaned

    def _check_assets(self, payload: dict[str, Any]) -> None:
        wanted = asset_keys(payload)
        there = Asset.objects.filter(key__in=wanted).values_list("key", flat=True)
        for key in sorted(wanted - set(there)):
            self.add_error("payload", f"there is no asset {key}")


def asset_keys(payload: dict[str, Any]) -> set[str]:
    """Return the keys of the assets that a payload shows or plays."""
    return {str(payload[field]) for field in ASSET_FIELDS if payload.get(field)}
