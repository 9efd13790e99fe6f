"""What Ctrl-K finds besides the names of pages."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from bossadmin.navigation import may_see
from content.arabic_search import normalise
from content.models import Concept
from tenants.fields import text_in

FOUND_AT_MOST = 20


def find(request: HttpRequest, term: str) -> list[SearchResult]:
    """Return the first concepts whose text or title has what was typed, vowel signs or none."""
    if not may_see(request, "content.Concept") or not normalise(term):
        return []
    concepts = Concept.objects.filter(search_text__contains=normalise(term)).order_by("position", "pk")
    return [
        SearchResult(
            title=text_in(concept.title, get_language() or ""),
            description=f"{_('Concepts')} · {concept.key}",
            link=reverse("admin:content_concept_change", args=[concept.pk]),
            icon="lightbulb",
        )
        for concept in concepts[:FOUND_AT_MOST]
    ]
