"""The first page, and what Ctrl-K finds."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bossadmin.queries import take_figures
from content.models import Concept
from jobs.models import Job
from tenants import current
from tenants.registry.app import App
from tests.editors import NOW, Editor


def test_it_counts_what_is_there(rows: None, in_amal: App) -> None:
    Job.objects.create(task="tests.note", run_after=timezone.now(), status=Job.Status.DEAD)
    Concept.objects.filter(key="number/0").update(is_live=False)

    # learning_days, jobs, users, publications, units, concepts, content_bytes
    with CaptureQueriesContext(connection) as queries:
        figures = take_figures(now=NOW)

    assert len(queries) == 7
    assert (figures.learners, figures.learners_today, figures.answers_today) == (1, 1, 7)
    assert (figures.units, figures.concepts, figures.content_bytes) == (2, 5, 18)
    assert (figures.jobs_waiting, figures.jobs_dead) == (1, 1)
    assert figures.publication is not None
    assert figures.publication.release.number == 1


def test_yesterdays_answers_are_not_todays(rows: None, in_amal: App) -> None:
    assert take_figures(now=NOW + timedelta(days=1)).answers_today == 0


def test_the_first_page_shows_it(editor: Editor, rows: None) -> None:
    page = editor.read("/boss/")

    assert "Live release" in page
    assert "/boss/jobs/job/?status__exact=dead" in page


def test_the_first_page_opens_before_anything_is_published(editor: Editor) -> None:
    assert "nothing is published yet" in editor.read("/boss/")


def test_ctrl_k_finds_a_concept_without_its_vowel_signs(editor: Editor, rows: None, amal: App) -> None:
    with current.use(amal):
        Concept.objects.filter(key="number/0").update(search_text="كتب")

    found = editor.read("/boss/search/", s="كَتَبَ")

    assert "number/0" in found
    assert "number/1" not in found
