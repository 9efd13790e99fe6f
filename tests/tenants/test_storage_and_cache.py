"""Files and cache entries of two apps under the same names."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants import current
from tenants.cache import app_key
from tenants.current import NoTenant
from tenants.registry.app import App
from tests.settings import SCRATCH

#: Everything that a name is given to.
TOUCHES: tuple[Callable[[str], object], ...] = (
    default_storage.path,
    default_storage.exists,
    default_storage.open,
    default_storage.delete,
    default_storage.size,
    default_storage.listdir,
    default_storage.url,
    default_storage.get_modified_time,
    lambda name: default_storage.save(name, ContentFile(b"")),
)


@pytest.fixture
def notes() -> Iterator[None]:
    """Leave a note under the same name in both apps."""
    for name in ("amal", "thurayya"):
        with current.use(name):
            default_storage.save("notes/one.txt", ContentFile(name.encode()))
    yield
    for name in ("amal", "thurayya"):
        with current.use(name):
            default_storage.delete("notes/one.txt")


def read_note() -> bytes:
    with default_storage.open("notes/one.txt") as file:
        return bytes(file.read())


def test_the_same_name_is_another_file_in_each_app(notes: None) -> None:
    with current.use("amal"):
        amals = read_note()
    with current.use("thurayya"):
        thurayyas = read_note()

    assert (amals, thurayyas) == (b"amal", b"thurayya")


def test_each_apps_files_lie_in_a_folder_of_its_own(in_amal: App, notes: None) -> None:
    assert default_storage.path("notes/one.txt") == str(SCRATCH / "media" / "amal" / "notes" / "one.txt")
    assert default_storage.listdir("notes") == ([], ["one.txt"])


def test_each_apps_files_have_addresses_of_their_own(notes: None) -> None:
    """Of the same shape as the folders, so that a server of files needs no more than the folder above them."""
    addresses = []
    for name in ("amal", "thurayya"):
        with current.use(name):
            addresses.append(default_storage.url("notes/كتاب one.txt"))

    one = "notes/%D9%83%D8%AA%D8%A7%D8%A8%20one.txt"
    assert addresses == [f"/amal/{one}", f"/thurayya/{one}"]


def test_a_name_taken_in_one_app_is_free_in_another() -> None:
    """`save` finds another name where a file is there already."""
    saved = []
    for name in ("amal", "thurayya"):
        with current.use(name):
            saved += [default_storage.save("lists/one.txt", ContentFile(name.encode())) for _ in range(2)]
            found = sorted(default_storage.listdir("lists")[1])
            sizes = {default_storage.size(f"lists/{file}") for file in found}
            for file in found:
                default_storage.delete(f"lists/{file}")
        assert (found, sizes) == (sorted(path.removeprefix("lists/") for path in saved[-2:]), {len(name)})

    assert saved[0] == saved[2] == "lists/one.txt"


def test_deleting_a_file_leaves_the_other_apps(notes: None) -> None:
    with current.use("amal"):
        default_storage.delete("notes/one.txt")
        amal_has_it = default_storage.exists("notes/one.txt")
    with current.use("thurayya"):
        thurayya_has_it = default_storage.exists("notes/one.txt")

    assert (amal_has_it, thurayya_has_it) == (False, True)


@pytest.mark.parametrize(
    "name",
    [
        "../thurayya/notes/one.txt",
        "notes/../../thurayya/notes/one.txt",
        pytest.param(f"{SCRATCH}/media/thurayya/notes/one.txt", id="absolute"),  # differs between workers
        "../amalbeta/notes/one.txt",
        "../../../etc/passwd",
        "/etc/passwd",
        "..",
    ],
)
def test_a_path_out_of_the_apps_folder_is_refused(in_amal: App, notes: None, name: str) -> None:
    for touch in TOUCHES:
        with pytest.raises(SuspiciousOperation):
            touch(name)


def test_no_file_is_touched_where_no_app_is_served() -> None:
    for touch in TOUCHES:
        with pytest.raises(NoTenant):
            touch("notes/one.txt")


def test_the_same_key_is_another_entry_in_each_app() -> None:
    for name in ("amal", "thurayya"):
        with current.use(name):
            cache.set("greeting", f"hello {name}")

    with current.use("amal"):
        amals = cache.get("greeting")
    with current.use("thurayya"):
        thurayyas = cache.get("greeting")

    assert (amals, thurayyas) == ("hello amal", "hello thurayya")


def test_deleting_an_entry_leaves_the_other_apps() -> None:
    for name in ("amal", "thurayya"):
        with current.use(name):
            cache.set("greeting", name)

    with current.use("amal"):
        cache.delete("greeting")
    with current.use("thurayya"):
        assert cache.get("greeting") == "thurayya"


def test_nothing_is_cached_where_no_app_is_served() -> None:
    for touch in (lambda: cache.set("a", 1), lambda: cache.get("a"), lambda: cache.delete("a")):
        with pytest.raises(NoTenant):
            touch()


def test_no_app_name_and_key_can_be_mistaken_for_anothers() -> None:
    """App names hold no colon, so the first part of a key is the app, whatever the rest says."""
    with current.use("amal"):
        key = app_key("thurayya::1:greeting", "", 1)

    assert key == "amal::1:thurayya::1:greeting"
