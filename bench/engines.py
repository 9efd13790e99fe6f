"""Compare the tenants' database engine with Django's own: compiling a query, and running it to rows.

Run from the repository: ``python -m bench.engines`` (SQLite, and a MySQL server started for it), or with
``--mysql mysql://root@127.0.0.1:3307`` for one that runs already. The same queries of this project go over the same
rows, batch by batch, in an order drawn anew for each pair.

Each engine has a process of its own and they take turns, so that only one is ever at work. In one process the
comparison would flatter us: what our engine puts into Django (typed table names, stamped instances) reaches every
engine there, and the stock one would pay for it too. A process's layout in memory is luck worth two or three per cent,
so all of them are begun anew several times, and a second stock process shows what such luck comes to.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import geometric_mean, median, quantiles
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from bench.processes import WITHOUT_WAITING, Partner, environment, mysql

SIDES: Final = {"stock": "django.db.backends", "stock again": "django.db.backends", "ours": "tenants.backends"}
GOALS: Final = {"compile": 1.15, "execute": 1.08}
STARTS: Final = 3
PAIRS: Final = 33  # in each start
#: Far above what the clock can tell apart, and below what a busy machine's scheduler leaves undisturbed.
BATCH_S: Final = 0.004

type Sides = dict[str, Partner]
type Times = dict[str, list[float]]  # seconds for one query, by side


class Figures(NamedTuple):
    """What a query costs: microseconds on the stock engine, and how many times that on ours."""

    stock_us: float
    ratio: float
    low: float  # a quarter of the pairs lie below
    high: float  # a quarter of the pairs lie above
    noise: float  # the ratio of the second stock process


def main() -> None:
    """Print the tables and, as the last line, their figures as JSON."""
    parser = argparse.ArgumentParser(description="Compare the tenants' database engine with Django's own.")
    parser.add_argument("--mysql", metavar="URL", help="a server to use, such as mysql://root@127.0.0.1:3307")
    server = parser.parse_args().mysql
    with TemporaryDirectory(prefix="alphazed-bench-") as folder:
        figures = {"sqlite3": compare("sqlite3", dict.fromkeys(SIDES, ""), Path(folder, "sqlite3"))}
        with mysql(server, *WITHOUT_WAITING) as make_database:
            urls = {side: make_database("alphazed_bench_" + side.replace(" ", "_")) for side in SIDES}
            figures["mysql"] = compare("mysql", urls, Path(folder, "mysql"))
    print(json.dumps(figures))


def compare(database: str, urls: dict[str, str], folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Measure on one database, print a table for each kind of work, and return their figures."""
    loops: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], Times] = defaultdict(lambda: defaultdict(list))
    for _ in range(STARTS):
        with _start(database, urls, folder) as (sides, cases):
            for work in ((kind, case) for kind in GOALS for case in cases):
                loops[work] = loops.get(work) or _count_loops(sides, work)
                _measure(sides, work, loops[work], times[work])
    return {kind: _report(database, kind, {case: _summarise(times[kind, case]) for case in cases}) for kind in GOALS}


@contextmanager
def _start(database: str, urls: dict[str, str], folder: Path) -> Iterator[tuple[Sides, list[str]]]:
    """Start a process for each side and yield them with the names of the cases, which read the same everywhere."""
    with ExitStack() as stack:
        sides = {}
        for side, engines in SIDES.items():
            data = folder / side
            data.mkdir(parents=True, exist_ok=True)
            partner = Partner(
                "bench.engine_side:serve", f"{engines}.{database}", environment=environment(data, urls[side])
            )
            sides[side] = stack.enter_context(partner)
        read = {side: partner.listen() for side, partner in sides.items()}
        if read["ours"] != read["stock"]:
            sys.exit("bench: the two engines do not read the same rows")
        yield sides, list(read["ours"])


def _count_loops(sides: Sides, work: tuple[str, str]) -> int:
    """Return how often a query fits into a batch."""
    loops = 1
    while (taken := sides["stock"].ask(*work, loops)) < BATCH_S / 2:
        loops *= 2
    return max(int(loops * BATCH_S / taken), 1)


def _measure(sides: Sides, work: tuple[str, str], loops: int, times: Times) -> None:
    for side in sides.values():
        side.ask(*work, loops)  # not counted: the first run fills caches
    for _ in range(PAIRS):
        for name in random.sample(list(sides), len(sides)):
            times[name].append(sides[name].ask(*work, loops) / loops)


def _summarise(times: Times) -> Figures:
    ratios = [ours / stock for ours, stock in zip(times["ours"], times["stock"], strict=True)]
    noise = [again / stock for again, stock in zip(times["stock again"], times["stock"], strict=True)]
    low, middle, high = quantiles(ratios, n=4)
    return Figures(1e6 * median(times["stock"]), middle, low, high, median(noise))


def _report(database: str, kind: str, cases: dict[str, Figures]) -> dict[str, dict[str, float]]:
    """Print a kind's table, and return its figures as they go into JSON."""
    print(f"\n{database}: {kind}, {STARTS * PAIRS} pairs{'':16}{'ours / stock':>20}{'stock / stock':>28}")
    for name, each in cases.items():
        spread = f"{each.low:.3f} to {each.high:.3f}"
        print(f"  {name:20}{each.stock_us:>12.1f} µs{each.ratio:>16.3f}   ({spread}){each.noise:>16.3f}")
    ratios = {name: each.ratio for name, each in cases.items()}
    mean, worst = geometric_mean(ratios.values()), max(ratios, key=ratios.__getitem__)
    verdict = "met by all" if ratios[worst] <= GOALS[kind] else f"missed by {worst}"
    print(f"  {'mean':20}{mean:>31.3f}   goal {GOALS[kind]}: {verdict}", flush=True)
    rounded = {name: {key: round(value, 3) for key, value in each._asdict().items()} for name, each in cases.items()}
    return {**rounded, "all": {"mean": round(mean, 3), "worst": round(ratios[worst], 3), "goal": GOALS[kind]}}


if __name__ == "__main__":
    main()
