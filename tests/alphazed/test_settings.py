"""Settings as functions of the environment, over both axes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from alphazed.settings import infra, tenancy
from alphazed.settings.env import ROOT, Environment, Infra, read_environment

AWS = {
    "ALPHAZED_INFRA": "aws",
    "SECRET_KEY": "a secret",
    "DATABASE_URL": "mysql://alphazed:p%40ss@db.example:3307/learning",
    "REDIS_URL": "rediss://cache.example:6379/0",
}


def read(folder: Path, **variables: str) -> Environment:
    return read_environment({"DATA_DIR": str(folder), **variables})


@pytest.fixture(params=["embedded", "aws"])
def infra_variables(request: pytest.FixtureRequest) -> dict[str, str]:
    return AWS if request.param == "aws" else {}


@pytest.fixture(params=["", "thurayya"], ids=["shared", "pinned"])
def tenancy_variables(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"APP_NAME": request.param}


def test_nothing_has_to_be_set_on_one_machine(tmp_path: Path) -> None:
    env = read(tmp_path)

    assert (env.infra, env.app_name, env.port, env.debug) == (Infra.EMBEDDED, None, 8000, False)
    assert env.database_url == f"sqlite:///{tmp_path}/alphazed.sqlite3"
    assert env.redis_url == ""


def test_data_lies_beside_the_code_unless_told_otherwise() -> None:
    assert read_environment({"SECRET_KEY": "s"}).data_dir == ROOT / "var"


def test_an_environment_cannot_be_changed(tmp_path: Path) -> None:
    env: Any = read(tmp_path)

    with pytest.raises(FrozenInstanceError):
        env.debug = True


@pytest.mark.parametrize("name", ["APP_NAME", "SECRET_KEY", "DATABASE_URL", "DATA_DIR", "PORT", "DEBUG", "REDIS_URL"])
def test_a_variable_that_is_empty_is_one_that_is_not_set(tmp_path: Path, name: str) -> None:
    without = {"SECRET_KEY": "s"} if name == "DATA_DIR" else {"DATA_DIR": str(tmp_path)}

    assert read_environment({**without, name: ""}) == read_environment(without)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALPHAZED_INFRA", "cloud"),
        ("ALPHAZED_INFRA", "AWS"),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "8000.0"),
        ("PORT", "9" * 5000),
        ("DEBUG", "maybe"),
        ("DEBUG", "2"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is "):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
@pytest.mark.parametrize("change", ["missing", "empty"])
def test_what_aws_needs_is_named(tmp_path: Path, name: str, change: str) -> None:
    variables = {key: value for key, value in AWS.items() if key != name} | ({name: ""} if change == "empty" else {})

    with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set"):
        read(tmp_path, **variables)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://a@b/c",
        "nonsense",
        "http://db.example/learning",
        "mysql://u:p@host:port/name",
        "mysql://u:p@[::1/name",
    ],
)
def test_a_database_that_cannot_be_is_named(tmp_path: Path, url: str) -> None:
    env = read(tmp_path, DATABASE_URL=url)

    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL"):
        infra.databases(env)


def test_an_app_that_is_unknown_is_refused_with_the_variable(tmp_path: Path) -> None:
    with pytest.raises((ImproperlyConfigured, LookupError), match=r"APP_NAME.*thuraya.*amal.*thurayya"):
        tenancy.pinned_app(read(tmp_path, APP_NAME="thuraya"))


def test_true_and_false_have_a_few_spellings(tmp_path: Path) -> None:
    spelt = {value: read(tmp_path, DEBUG=value).debug for value in ("1", "true", "True", "0", "false", "")}

    assert spelt == {"1": True, "true": True, "True": True, "0": False, "false": False, "": False}


def test_a_secret_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    first, second = read(tmp_path / "new").secret_key, read(tmp_path / "new").secret_key

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read(tmp_path).secret_key, range(16)))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_secret_key_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    assert read(tmp_path, SECRET_KEY="given").secret_key == "given"
    assert not (tmp_path / "secret_key").exists()


def test_a_data_folder_is_made_whoever_gives_the_secret_key(tmp_path: Path) -> None:
    """The database is a file in it, which SQLite does not make a folder for."""
    read(tmp_path / "new", SECRET_KEY="given")

    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured, match=f"^DATA_DIR {tmp_path}/{place} cannot be written"):
        read(tmp_path / place)


def test_aws_writes_no_files(tmp_path: Path) -> None:
    read(tmp_path / "new", **AWS)

    assert not (tmp_path / "new").exists()


def test_tenancy_does_not_look_at_the_infrastructure(
    tmp_path: Path, infra_variables: dict[str, str], tenancy_variables: dict[str, str]
) -> None:
    pinned = tenancy.pinned_app(read(tmp_path, **infra_variables, **tenancy_variables))

    assert (pinned and pinned.name) == (tenancy_variables["APP_NAME"] or None)


def test_infrastructure_does_not_look_at_the_tenancy(
    tmp_path: Path, infra_variables: dict[str, str], tenancy_variables: dict[str, str]
) -> None:
    env, plain = read(tmp_path, **infra_variables, **tenancy_variables), read(tmp_path, **infra_variables)

    for function in (infra.databases, infra.caches, infra.storages):
        assert function(env) == function(plain)


def test_one_machine_uses_one_file_and_its_own_memory(tmp_path: Path) -> None:
    env = read(tmp_path)
    database = infra.databases(env)["default"]

    assert (database["ENGINE"], database["NAME"]) == ("tenants.backends.sqlite3", f"{tmp_path}/alphazed.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert infra.caches(env)["default"]["BACKEND"].endswith("LocMemCache")


def test_aws_uses_mysql_and_redis(tmp_path: Path) -> None:
    env = read(tmp_path, **AWS)
    database = infra.databases(env)["default"]

    assert database["ENGINE"] == "tenants.backends.mysql"
    names = {name: database[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    assert names == {"HOST": "db.example", "PORT": 3307, "USER": "alphazed", "PASSWORD": "p@ss", "NAME": "learning"}
    assert database["OPTIONS"]["isolation_level"] == "read committed"
    assert database["OPTIONS"]["charset"] == "utf8mb4"
    assert infra.caches(env)["default"]["LOCATION"] == AWS["REDIS_URL"]


def test_one_machine_can_use_mysql(tmp_path: Path) -> None:
    env = read(tmp_path, DATABASE_URL="mysql://root@127.0.0.1/alphazed")

    assert infra.databases(env)["default"]["ENGINE"] == "tenants.backends.mysql"
    assert infra.caches(env)["default"]["BACKEND"].endswith("LocMemCache")


def test_cache_keys_and_files_carry_the_app_everywhere(tmp_path: Path, infra_variables: dict[str, str]) -> None:
    env = read(tmp_path, **infra_variables)

    assert infra.caches(env)["default"]["KEY_FUNCTION"] == "tenants.cache.app_key"
    assert infra.storages(env)["default"]["BACKEND"] == "tenants.storage.AppFileSystemStorage"
