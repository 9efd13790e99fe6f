"""Measure how long it takes to migrate every app from nothing, one after the other and several at a time.

Run from the repository: ``python -m bench.migrations`` (SQLite, and a MySQL server started for it), or with
``--mysql mysql://root@127.0.0.1:3307`` for one that runs already. Each run is `manage.py migrate_apps` in a process of
its own on an empty database, as a deployment starts it, and then once more with nothing left to do. The MySQL server
waits for the disk as it does out of the box: making tables is mostly waiting. SQLite has one writer, so there apps come
one after the other.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final, NamedTuple

from bench.processes import ROOT, environment, mysql
from tenants.registry.catalogue import list_apps

RUNS: Final = 3
AT_A_TIME: Final = (1, 2, 4, 6)
#: The system counts in kilobytes, and macOS in bytes.
PEAK_PER_MB: Final = 1024 if sys.platform == "linux" else 1024**2


class Run(NamedTuple):
    """One process: its time and its processor's, in seconds, and the most memory it held, in MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    """Print the table and, as the last line, its figures as JSON."""
    parser = argparse.ArgumentParser(description="Time the migration of every app from nothing.")
    parser.add_argument("--mysql", metavar="URL", help="a server to use, such as mysql://root@127.0.0.1:3307")
    server = parser.parse_args().mysql
    with TemporaryDirectory(prefix="alphazed-bench-") as folder, mysql(server) as make_database:
        ways = {"SQLite": 1} | {f"MySQL, {count} at a time": count for count in AT_A_TIME}
        runs: dict[str, list[tuple[Run, Run]]] = {way: [] for way in ways}
        for number in range(RUNS):
            for way in random.sample(list(ways), len(ways)):
                name = f"alphazed_bench_{number}_{ways[way]}"
                url = f"sqlite:///{folder}/{name}.sqlite3" if way == "SQLite" else make_database(name)
                runs[way].append((migrate(url, Path(folder), ways[way]), migrate(url, Path(folder), ways[way])))
    _report(runs)


def migrate(url: str, folder: Path, at_a_time: int) -> Run:
    """Bring every app's tables up to date in a process of its own; end the bench where it fails."""
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this project's own code
        [sys.executable, "manage.py", "migrate_apps", "--parallel", str(at_a_time)],
        cwd=ROOT,
        env=environment(folder, url),
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # reaped here, for its usage: `wait` would not find it
    if process.returncode:
        sys.exit(f"bench: migrate_apps ended with {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / PEAK_PER_MB)


def _report(runs: dict[str, list[tuple[Run, Run]]]) -> None:
    """Print a row for each way, and the figures as JSON."""
    heads = f"{'seconds':>9}{'(range)':>16}{'processor':>11}{'peak':>9}{'again':>9}"
    print(f"{len(list_apps())} apps, {RUNS} runs{'':10}{heads}")
    figures = {}
    for way, pairs in runs.items():
        firsts, repeats = zip(*pairs, strict=True)
        seconds = sorted(run.seconds for run in firsts)
        middle = Run(*map(median, zip(*firsts, strict=True)))
        again = median(run.seconds for run in repeats)
        spread = f"{seconds[0]:.1f} to {seconds[-1]:.1f}"
        times = f"{middle.seconds:>9.1f}{spread:>16}{middle.cpu_seconds:>9.1f} s"
        print(f"  {way:22}{times}{middle.peak_mb:>6.0f} MB{again:>7.1f} s")
        figures[way] = {key: round(value, 2) for key, value in middle._asdict().items()} | {"again": round(again, 2)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
