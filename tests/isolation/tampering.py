"""Putting the other app's numbers into what the dashboard lets its editors send."""

from typing import Any

from django.forms import ModelChoiceField

from tests.isolation.asking import Rows, find_changes
from tests.isolation.desk import LOG, SESSIONS, Desk
from tests.isolation.pages import read_form


def act_on_rows(desk: Desk) -> None:
    """Run every action on rows chosen by the other app's numbers, by equal numbers, and on all there are."""
    for action in desk.actions():
        form = {"action": action, "index": "0", "select_across": "0", "_selected_action": desk.theirs, "post": "yes"}
        desk.submit(f"{action} of theirs", desk.address, form)
        desk.submit(f"{action} of equal numbers", desk.address, form | {"_selected_action": desk.own}, may_write=True)
        desk.submit(f"{action} of all", desk.address, form | {"select_across": "1"}, may_write=True)


def put_into_forms(desk: Desk) -> None:
    """Send a row's own form: unchanged it is saved, and with a number of the other app's it is not."""
    path = f"{desk.address}{desk.own}/change/"
    page = desk.open(path)
    form = read_form(page.content.decode()).values
    if not page.context.get("has_change_permission") or not form:
        return
    request = desk.request("POST", path, form=form)
    saved = desk.judged("an unchanged form", request, {302}, may_write=True).rows
    for name in _links(desk, page, form):
        foreign = form | {name: [str(desk.hermit.planter.number)]}
        attack = f"a form with their {name}"
        outcome = desk.judged(attack, request._replace(form=foreign), {200, 302}, may_write=True)
        if outcome.rows and (changed := _find_other_changes(saved or desk.before, outcome.rows)):
            desk.leaks.append(f"{attack}: {path}: changed {', '.join(changed)}")
        desk.submit(f"a new row with their {name}", f"{desk.address}add/", foreign)
    popup = form | {"_popup": ["1"]}
    desk.judged(
        "a form in a popup", request._replace(query={"_popup": 1, "_to_field": "id"}, form=popup), {200}, may_write=True
    )


def _links(desk: Desk, page: Any, form: dict[str, Any]) -> list[str]:
    """Return the names under which a form points at rows: its choices of rows, and the rows it is about."""
    fields = page.context["adminform"].form.fields.items()
    chosen = [name for name, field in fields if isinstance(field, ModelChoiceField)]
    numbers = {str(desk.owner.planter.number), str(desk.owner.planter.learner.pk)}
    return [*dict.fromkeys([*chosen, *(name for name, values in form.items() if set(values) & numbers)])]


def _find_other_changes(saved: dict[str, Rows], rows: dict[str, Rows]) -> list[str]:
    """Return where a form that was taken did other than it does unchanged: what is only shown, it may ignore."""
    return [table for table in find_changes(saved, rows) if not table.endswith((SESSIONS, LOG))]
