"""Launch a new app: from nothing to one that is served, or nothing is left."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import DatabaseError, connection

from alphazed.launching import Launch, Launched, LaunchError, launch, plan_launch
from alphazed.settings.env import Infra
from content.bundles.archive import BundleError
from content.curricula.blueprint import CurriculumError
from tenants import current
from tenants.management.progress import showing_progress
from tenants.migrating.locks import Busy
from tenants.migrating.migration import make_plan
from tenants.ownership import as_owner
from tenants.registry.catalogue import stand_in
from tenants.registry.reader import RegistryError
from tenants.registry.writer import Unwritable, render
from tenants.retirement.founding import NotTakenBack, Taken, end_launch, refuse_taken, was_cut_off

#: Of an app that has neither a family nor a look of its own.
COLOUR, EMOJI = "#475569", "📘"
#: What makes the beginning of a title a language: "ar=قمر", but not "1+1=2".
CODE = re.compile(r"[a-z]{2,3}(-[a-z]+)?")

REFUSALS = (BundleError, Busy, CurriculumError, RegistryError, Taken, Unwritable)


class Command(BaseCommand):
    help = "Make a new app and serve it: tables, content, a release, an editor, and last its file in the registry."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("app", help="its name, such as lunar: the prefix of its tables")
        add("--title", action="append", required=True, metavar="TEXT", help="for all languages, or for one: ar=قمر")
        add("--languages", required=True, metavar="AR,EN", help="its languages, the default one first")
        add("--family", default="", help="the app whose values it has where it names none")
        content = parser.add_mutually_exclusive_group()
        content.add_argument(
            "--curriculum", default="", help="what it teaches; its family's, or numbers, when left out"
        )
        content.add_argument("--bundle", type=Path, help="content that `copy_content export` wrote, instead")
        add("--emoji", default="", help="its sign in the dashboard")
        add("--primary", default="", metavar="#RRGGBB", help="its colour there")
        add("--host", action="append", default=[], help="where it is served, if not where its name says; repeatable")
        add("--editor", default="", metavar="E-MAIL", help="who signs in at /boss, with a new password")
        add("--dry-run", action="store_true", help="check everything, say what would be made, and make nothing")

    @override
    def handle(self, *args: Any, app: str, dry_run: bool, bundle: Path | None, editor: str, **options: Any) -> None:
        if pinned := current.pinned():
            raise CommandError(f"APP_NAME pins this process to {pinned.name}: unset it, then run again")
        with _told_in_one_line(app):
            if not dry_run and self._is_ended(app):
                return
            _check_editor(editor)
            text = render(_make_table(**{name: options[name] for name in OPTIONS}))
            plan = plan_launch(app, text, bundle=bundle, editor=editor)
            if dry_run:
                self._say(plan)
            else:
                self._launch(plan, is_shown=bool(options["verbosity"]))

    def _is_ended(self, app: str) -> bool:
        """End a launch that was killed when the app was served already and nothing but saying so was left."""
        with current.use(stand_in(app)):
            is_ended = end_launch()
        if is_ended:
            self.stdout.write(f"{app}: launched; an earlier run was cut off before it could say so")
        return is_ended

    def _say(self, plan: Launch) -> None:
        name = plan.app.name
        with current.use(plan.app), as_owner():
            if was_cut_off():
                there = len(connection.introspection.table_names())
                self.stdout.write(
                    f"{name}: an earlier launch was cut off; its {there} tables would be taken back first"
                )
            else:
                refuse_taken()
                there = len(make_plan().migrations)
                self.stdout.write(f"{name}: {there} migrations would be applied")
        self.stdout.write(f"{name}: this would be its file in the registry:\n\n{plan.text}")

    def _launch(self, plan: Launch, *, is_shown: bool) -> None:
        with showing_progress(self.stdout, is_shown=is_shown) as progress:
            done = launch(plan, progress=progress)
        self.stdout.write(
            f"{plan.app.name}: launched with {done.migrations} migrations, {done.release.concepts} concepts and "
            f"{done.release.bytes} bytes released, in {done.seconds:.1f} s"
        )
        self.stdout.write(_tell_what_is_next(plan, done))


@contextmanager
def _told_in_one_line(app: str) -> Iterator[None]:
    """Make one line with the next step of whatever stops a launch; all of it leaves nothing behind."""
    try:
        yield
    except REFUSALS as error:
        raise CommandError(f"{error}; nothing was made") from error
    except NotTakenBack as error:
        raise CommandError(f"{app}: {error}") from error
    except (DatabaseError, LaunchError, OSError) as error:
        cause = error.args[-1] if isinstance(error, DatabaseError) else error
        raise CommandError(f"{app}: {cause}; nothing is left of it: mend the cause, then run again") from error
    except KeyboardInterrupt:
        raise CommandError(f"{app}: stopped; nothing is left of it", returncode=130) from None


#: The options that become lines of the app's file.
OPTIONS = ("title", "languages", "family", "curriculum", "emoji", "primary", "host")


def _make_table(
    *,
    title: list[str],
    languages: str,
    family: str,
    curriculum: str,
    emoji: str,
    primary: str,
    host: list[str],
) -> dict[str, Any]:
    """Return the lines of an app's file; what is not said is left to its family and the defaults."""
    codes = [code.strip() for code in languages.split(",")]
    if unknown := [code for code in codes if code not in LANG_INFO]:
        raise CommandError(f"--languages: {unknown[0]!r} is no language; name codes such as ar,en")
    looks = {"primary": primary, "emoji": emoji}
    if not family:
        looks = {"primary": primary or COLOUR, "emoji": emoji or EMOJI}
    table = {
        "title": _read_titles(title, codes),
        "family": family,
        "languages": codes,
        "curriculum": curriculum,
        "hosts": host,
        "theme": {key: value for key, value in looks.items() if value},
    }
    return {key: value for key, value in table.items() if value}


def _read_titles(given: list[str], languages: list[str]) -> Mapping[str, str]:
    for_all, by_language = "", {}
    for text in given:
        language, equals, title = text.partition("=")
        if not (equals and CODE.fullmatch(language)):
            for_all = text
        elif language not in languages:
            raise CommandError(f"--title {text}: the app has no language {language!r}; add it to --languages")
        else:
            by_language[language] = title
    return {language: by_language.get(language, for_all) for language in languages}


def _check_editor(email: str) -> None:
    if not email and settings.ENV.infra is not Infra.EMBEDDED:
        raise CommandError("--editor: name who signs in at /boss; only an installation on one machine has an editor")
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise CommandError(f"--editor: {email!r} is no e-mail address") from None


def _tell_what_is_next(plan: Launch, done: Launched) -> str:
    name = plan.app.name
    steps = [
        f"editor   {done.editor} / {done.password}   (a new password is shown this once)",
        f"next     git add tenants/registry/{name}.toml && git commit",
        f"         restart `make run`: http://{plan.app.hosts[0]}:{settings.ENV.port}/boss/",
    ]
    if connection.vendor == "mysql":
        steps.append(f"         manage.py grant_app {name}, for a MySQL account that sees its tables only")
    steps.append(f"         deploy the stage {name}")
    return "\n" + "\n".join(f"  {step}" for step in steps)
