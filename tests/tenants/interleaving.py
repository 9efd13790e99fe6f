"""Two apps that have everything under the same names, and steps of work that tell whose they got.

The same primary keys, cache keys, session keys, file names and rights are in both apps and mean something else in each.
A step runs in one app, touches one of them and returns whether what came back can only have been that app's.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import AsyncClient, Client

from accounts.models import Guardianship, User
from alphazed.logs import OriginFilter
from jobs.models import Job
from learning.models import LearningDay
from tenants import current
from tenants.registry.app import App
from tenants.services import DjangoDatabase
from tests.editors import NOW, Editor
from tests.phones import Phone

#: What both apps have: primary keys, and the names of a session, a cache entry and a file.
LEARNERS, GUARDIAN, STAFF, DAY = range(1, 21), 101, 102, 1
SESSION, ENTRY, NOTE = "s" * 32, "greeting", "isolation/note.txt"
#: What one app's member of staff may do, and the other's may not.
MAY = {"amal": "content.add_concept", "thurayya": "content.delete_unit"}
MODELS = [model for model in apps.get_models() if model._meta.app_label in {"accounts", "content", "learning"}]


@dataclass(frozen=True, slots=True)
class Home:
    """One app as the steps know it."""

    app: App
    wards: set[int]
    type_ids: dict[str, int]
    permission_ids: dict[str, int]
    phone: Phone
    editor: Editor

    def owns(self, *rows: User) -> bool:
        return self.owns_names((row.pk, row.name) for row in rows)

    def owns_names(self, names: Iterable[tuple[int, str]]) -> bool:
        """Tell whether there are names, all of this app; they are `app/pk`, then whatever a step has added."""
        begun = [name.split("/")[:2] == [self.app.name, str(pk)] for pk, name in names]
        return bool(begun) and all(begun)


type Step = Callable[[Home, Home, Random], bool]
type AsyncStep = Callable[[Home, Home, Random], Awaitable[bool]]


def settle(app: App, wards: set[int]) -> Home:
    """Fill an app with what the steps look for, and return what only it can have."""
    with current.use(app):
        ContentType.objects.clear_cache()
        User.objects.bulk_create(User(pk=pk, kind="learner", name=f"{app.name}/{pk}") for pk in (*LEARNERS, GUARDIAN))
        Guardianship.objects.bulk_create(Guardianship(guardian_id=GUARDIAN, learner_id=pk) for pk in sorted(wards))
        staff = User.objects.create(pk=STAFF, kind="staff", is_staff=True, name=f"{app.name}/{STAFF}")
        staff.user_permissions.set(Permission.objects.filter(codename=MAY[app.name].partition(".")[2]))
        LearningDay.objects.create(pk=DAY, user_id=LEARNERS[0], day=1, answers=0, correct=0)
        SessionStore(session_key=SESSION).create_model_instance({"app": app.name}).save()
        cache.set(ENTRY, app.name)
        default_storage.save(NOTE, ContentFile(app.name.encode()))
        phone, editor = Phone(app, Client()), Editor(app)
        User.objects.filter(pk=phone.learner).update(name=f"{app.name}/{phone.learner}")
        types, permissions = ContentType.objects.all(), Permission.objects.all()
        type_ids = {f"{each.app_label}.{each.model}": each.pk for each in types}
        return Home(app, wards, type_ids, {each.codename: each.pk for each in permissions}, phone, editor)


def leave(app: App) -> None:
    """Take away what flushing the rooms' tables does not, and what would hold on to an id."""
    with current.use(app):
        ContentType.objects.clear_cache()
        User.user_permissions.through.objects.all().delete()
        default_storage.delete(NOTE)
        cache.delete(ENTRY)


def look_up_a_content_type(home: Home, other: Home, chance: Random) -> bool:
    model = chance.choice(MODELS)
    return ContentType.objects.get_for_model(model).pk == home.type_ids[model._meta.label_lower]


def look_up_a_content_type_by_id(home: Home, other: Home, chance: Random) -> bool:
    label = chance.choice(MODELS)._meta.label_lower
    found = ContentType.objects.get_for_id(home.type_ids[label])
    with suppress(ContentType.DoesNotExist):
        ContentType.objects.get_for_id(other.type_ids[label])
        return False
    return f"{found.app_label}.{found.model}" == label


def look_up_a_permission(home: Home, other: Home, chance: Random) -> bool:
    model = chance.choice(MODELS)
    codename = f"change_{model._meta.model_name}"
    found = Permission.objects.get(codename=codename, content_type=ContentType.objects.get_for_model(model))
    return found.pk == home.permission_ids[codename]


def ask_for_a_right(home: Home, other: Home, chance: Random) -> bool:
    staff = User.objects.get(pk=STAFF)
    return staff.has_perm(MAY[home.app.name]) and not staff.has_perm(MAY[other.app.name])


def read_a_row(home: Home, other: Home, chance: Random) -> bool:
    return home.owns(User.objects.get(pk=chance.choice(LEARNERS)))


def write_a_row(home: Home, other: Home, chance: Random) -> bool:
    pk = chance.choice(LEARNERS)
    own = User.objects.filter(pk=pk, name__startswith=f"{home.app.name}/")
    changed = own.update(name=f"{home.app.name}/{pk}/{chance.random()}")
    return changed == 1 and home.owns(User.objects.get(pk=pk))


def read_by_hand_written_sql(home: Home, other: Home, chance: Random) -> bool:
    pk = chance.choice(LEARNERS)
    names = DjangoDatabase().select("SELECT id, name FROM {app}users WHERE id = %s", [pk])
    rows = User.objects.raw(f"SELECT * FROM {User._meta.db_table} WHERE id = %s", [pk])  # noqa: S608 - the table's name
    return home.owns_names(names) and home.owns(*rows)


def prefetch(home: Home, other: Home, chance: Random) -> bool:
    guardian = User.objects.prefetch_related("wards__learner").get(pk=GUARDIAN)
    learners = [each.learner for each in guardian.wards.all()]
    return {learner.pk for learner in learners} == home.wards and home.owns(*learners)


def evaluate_late(home: Home, other: Home, chance: Random) -> bool:
    """Build a query in each app and run both here: whoever runs a query decides whose rows it reads."""
    pk = chance.choice(LEARNERS)
    built_here = User.objects.filter(pk=pk)
    with current.use(other.app):
        built_there = User.objects.filter(pk=pk, guardianships__isnull=pk not in home.wards)
    return home.owns(*built_here) and home.owns(*built_there)


def leave_for_the_other_app_between(home: Home, other: Home, chance: Random) -> bool:
    before = read_a_row(home, other, chance)
    with current.use(other.app):
        between = read_a_row(other, home, chance)
        with current.use(home.app):
            within = look_up_a_content_type(home, other, chance)
    return before and between and within and read_a_row(home, other, chance)


def use_the_cache(home: Home, other: Home, chance: Random) -> bool:
    before = cache.get(ENTRY)
    cache.set(ENTRY, home.app.name)
    return bool(before == home.app.name == cache.get_many([ENTRY])[ENTRY])


def use_a_session(home: Home, other: Home, chance: Random) -> bool:
    session = SessionStore(session_key=SESSION)
    before = session.get("app")
    session["app"] = home.app.name
    session.save()
    return bool(before == home.app.name == SessionStore(session_key=SESSION).get("app"))


def use_a_file(home: Home, other: Home, chance: Random) -> bool:
    with default_storage.open(NOTE) as file:
        before = file.read()
    name = default_storage.save(f"isolation/{chance.random()}.txt", ContentFile(before))
    with default_storage.open(name) as file:
        after = file.read()
    default_storage.delete(name)
    return bool(before == after == home.app.name.encode())


def call_back_after_a_commit(home: Home, other: Home, chance: Random) -> bool:
    """Promise in this app what another app's commit sets off."""
    pk, seen = chance.choice(LEARNERS), list[bool]()
    with current.use(other.app), transaction.atomic():
        with current.use(home.app):
            transaction.on_commit(lambda: seen.append(home.owns(User.objects.get(pk=pk))))
        User.objects.filter(pk=pk).update(birth_year=2020)
    return seen == [True]


def count_under_a_lock(home: Home, other: Home, chance: Random) -> bool:
    """Count up by one; whoever reads the figure in the end knows how often it was done, and in which app."""
    database = DjangoDatabase()
    with transaction.atomic():
        if chance.random() < 0.5:
            day = LearningDay.objects.select_for_update().get(pk=DAY)
            day.answers += 1
            day.save(update_fields=["answers"])
        else:
            sql = "SELECT answers FROM {app}learning_days WHERE id = %s"
            [(answers,)] = database.select(sql + database.for_update, [DAY])
            database.execute("UPDATE {app}learning_days SET answers = %s WHERE id = %s", [answers + 1, DAY])
    return True


def write_a_line_of_the_log(home: Home, other: Home, chance: Random) -> bool:
    record = logging.makeLogRecord({"msg": "a line"})
    OriginFilter().filter(record)
    return bool(record.__dict__["app"] == home.app.name)


def call_the_api(home: Home, other: Home, chance: Random) -> bool:
    headers, client = _headers(home), Client()
    config: Any = client.get("/app/config", headers=headers)
    learners: Any = client.get("/user/learners", headers=headers)
    refused = client.get("/user/learners", headers=headers | {"host": other.app.hosts[0]})
    names = [(learner["id"], learner["name"]) for learner in learners.json()]
    return config.json()["app"] == home.app.name and home.owns_names(names) and refused.status_code == 401


def open_the_dashboard(home: Home, other: Home, chance: Random) -> bool:
    client = Client(headers={"host": home.app.hosts[0]})  # a browser of this step's own: threads must not share one
    client.cookies.load({name: morsel.value for name, morsel in home.editor.client.cookies.items()})
    page = client.get("/boss/accounts/user/?kind__exact=staff").content.decode()
    return f"{home.app.name}/{STAFF}" in page and f"{other.app.name}/" not in page


def _headers(home: Home) -> dict[str, str]:
    return {"host": home.app.hosts[0], "authorization": f"Bearer {home.phone.access}"}


#: Steps, and how often each is taken beside the others.
STEPS: dict[Step, float] = {
    look_up_a_content_type: 12,
    look_up_a_content_type_by_id: 12,
    look_up_a_permission: 6,
    ask_for_a_right: 4,
    read_a_row: 10,
    write_a_row: 6,
    read_by_hand_written_sql: 6,
    prefetch: 4,
    evaluate_late: 6,
    leave_for_the_other_app_between: 4,
    use_the_cache: 10,
    use_a_session: 3,
    use_a_file: 0.5,
    call_back_after_a_commit: 5,
    count_under_a_lock: 5,
    write_a_line_of_the_log: 8,
    call_the_api: 0.5,
    open_the_dashboard: 0.2,
}


async def read_a_row_async(home: Home, other: Home, chance: Random) -> bool:
    return home.owns(await User.objects.aget(pk=chance.choice(LEARNERS)))


async def write_a_row_async(home: Home, other: Home, chance: Random) -> bool:
    row = await User.objects.aget(pk=chance.choice(LEARNERS))
    row.name = f"{home.app.name}/{row.pk}/{chance.random()}"
    await row.asave(update_fields=["name"])
    return home.owns(await User.objects.aget(pk=row.pk))


async def create_a_row_async(home: Home, other: Home, chance: Random) -> bool:
    made = await Job.objects.acreate(task=home.app.name, arguments={}, run_after=NOW)
    found = await Job.objects.aget(pk=made.pk)
    deleted, _ = await made.adelete()
    return bool(found.task == home.app.name) and deleted == 1


async def read_rows_async(home: Home, other: Home, chance: Random) -> bool:
    return home.owns(*[row async for row in User.objects.filter(pk__in=LEARNERS).order_by("pk")[:3]])


async def ask_for_a_right_async(home: Home, other: Home, chance: Random) -> bool:
    staff = await User.objects.aget(pk=STAFF)
    return await staff.ahas_perm(MAY[home.app.name]) and not await staff.ahas_perm(MAY[other.app.name])


async def look_up_a_content_type_async(home: Home, other: Home, chance: Random) -> bool:
    return await sync_to_async(look_up_a_content_type)(home, other, chance)


async def use_the_cache_async(home: Home, other: Home, chance: Random) -> bool:
    await cache.aset(ENTRY, home.app.name)
    return bool(await cache.aget(ENTRY) == home.app.name)


async def use_a_session_async(home: Home, other: Home, chance: Random) -> bool:
    session = SessionStore(session_key=SESSION)
    before = await session.aget("app")
    await session.aset("app", home.app.name)
    await session.asave()
    return bool(before == home.app.name == await SessionStore(session_key=SESSION).aget("app"))


async def call_the_api_async(home: Home, other: Home, chance: Random) -> bool:
    # A request of its own making: `AsyncClient.get` would add this Host to one that it sends itself.
    headers = [(name.encode(), value.encode()) for name, value in _headers(home).items()]
    learners: Any = await AsyncClient().request(path="/user/learners", query_string="", headers=headers)
    return home.owns_names((learner["id"], learner["name"]) for learner in learners.json())


ASYNC_STEPS: dict[AsyncStep, float] = {
    read_a_row_async: 20,
    write_a_row_async: 10,
    create_a_row_async: 5,
    read_rows_async: 10,
    ask_for_a_right_async: 5,
    look_up_a_content_type_async: 20,
    use_the_cache_async: 10,
    use_a_session_async: 4,
    call_the_api_async: 0.5,
}


def go_back_to_coroutines(home: Home, other: Home, chance: Random) -> bool:
    """Call a coroutine from synchronous code, which a coroutine has called."""
    return async_to_sync(read_a_row_async)(home, other, chance)


def begin_reading(home: Home) -> Iterator[bool]:
    """Read in this app over two cursors that stay open; yield row by row whether they are its own."""
    reader = _read_slowly(home)
    next(reader)  # or the generator would run its queries in whichever app is current later
    return reader


def _read_slowly(home: Home) -> Iterator[bool]:
    rows = User.objects.filter(pk__in=LEARNERS).order_by("pk").iterator(chunk_size=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM {app}users WHERE id <= %s ORDER BY id", [LEARNERS[-1]])
        for row in rows:
            yield home.owns(row) and home.owns_names([cursor.fetchone()])
