"""One side of `bench.engines`: a process with one database engine, its own tables, and a clock.

Each line of its standard input asks for a batch; each line of its standard output answers.
"""

import gc
import json
import sys
from importlib import import_module
from time import perf_counter
from typing import Any

import django

from alphazed.settings import main as settings
from tenants import current


def serve(engine: str) -> None:
    """Answer until standard input ends; the first answer tells what each case reads."""
    _set_up(engine)
    rows, cases = import_module("bench.engine_rows"), import_module("bench.engine_cases")
    with current.use("amal"):
        if not rows.connection.introspection.table_names():
            rows.create_tables()
            rows.create_rows()
        by_name = {case.name: case for case in cases.make_cases()}
        _tell({name: _describe(case) for name, case in by_name.items()})
        gc.collect()
        gc.freeze()  # what there is by now is not looked at again
        for line in sys.stdin:
            kind, name, loops = json.loads(line)
            _tell(_time(by_name[name], kind, loops))


def _set_up(engine: str) -> None:
    settings.DATABASES["default"]["ENGINE"] = engine
    is_stock = engine.startswith("django.")
    if is_stock:
        settings.DATABASE_ROUTERS = []
    django.setup()
    if is_stock and "tenants.backends.wrapper" in sys.modules:
        sys.exit("bench: the stock side has loaded the tenants' engine, whose marks and stamps reach every engine")


def _describe(case: Any) -> str:  # noqa: ANN401 - its module needs Django set up
    """Return what a case comes to, by which the sides are compared: rows, whatever their order, or their number."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    with transaction.atomic():
        result = case.run(0)
        transaction.set_rollback(True)
    return str(sorted(map(repr, result)) if isinstance(result, list) else result)


def _time(case: Any, kind: str, loops: int) -> float:  # noqa: ANN401 - its module needs Django set up
    """Return the seconds that a batch took, with nothing collected meanwhile."""
    gc.disable()
    try:
        return _compile(case, loops) if kind == "compile" else _execute(case, loops)
    finally:
        gc.enable()


def _compile(case: Any, loops: int) -> float:  # noqa: ANN401
    from django.db import connections  # noqa: PLC0415 - needs Django set up

    connection = connections["default"]  # as the ORM takes it: not the proxy, whose look-ups cost as much as a name
    queries = [case.query.clone() for _ in range(loops)]
    start = perf_counter()
    for query in queries:
        query.get_compiler(connection=connection).as_sql()
    return perf_counter() - start


def _execute(case: Any, loops: int) -> float:  # noqa: ANN401
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    with transaction.atomic():
        start = perf_counter()
        for number in range(loops):
            case.run(number)
        seconds = perf_counter() - start
        transaction.set_rollback(True)  # the next batch finds the same rows
    return seconds


def _tell(answer: Any) -> None:  # noqa: ANN401 - anything that JSON holds
    print(json.dumps(answer), flush=True)
