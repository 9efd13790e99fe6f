"""Measure what a shared process costs as the family grows: memory, and time to first answers, with 2, 6 and 60 apps.

Run from the repository: ``python -m bench.shared_process`` (Linux). Each run is a gunicorn worker of its own on SQLite;
the numbers of apps take turns. Apps beyond those of the registry are files in a copy of the tree, their tables copies
of amal's, and every app has amal's curriculum, so that its packed index is in memory once. Every app is asked for its
config, for a child's first lesson (two calls) and for the dashboard's sign-in page, and then for all of it again.

What grows is SQLite's own: a connection that opens reads the definitions of every app's tables, and keeps them.
"""

import json
import random
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.served_apps import Place, Server, make_original, make_place

COUNTS: Final = (2, 6, 60)
RUNS: Final = 5

type Figures = dict[str, float]  # milliseconds or MB, as the names say


def main() -> None:
    """Print the table and, as the last line, its figures as JSON."""
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("bench: memory is read from /proc, which this system does not have; run it on Linux")
    with TemporaryDirectory(prefix="alphazed-bench-") as folder:
        original = make_original(Path(folder, "original"))
        places = {count: make_place(original, Path(folder, str(count)), count) for count in COUNTS}
        for place in places.values():
            measure(place)  # not counted: the first start compiles the copied modules
        runs: dict[int, list[Figures]] = {count: [] for count in COUNTS}
        for _ in range(RUNS):
            for count in random.sample(COUNTS, len(COUNTS)):
                runs[count].append(measure(places[count]))
    _report({count: {name: median(run[name] for run in each) for name in each[0]} for count, each in runs.items()})


def measure(place: Place) -> Figures:
    """Serve every app twice in a process of its own."""
    first, *others = place.apps
    with Server(place) as server:
        figures = {"start to the first answer, ms": server.wait(), "memory, started, MB": server.memory().resident}
        configs = [_ask_config(server, app) for app in place.apps]
        figures |= {"first app's first rows, ms": configs[0], "last app's first rows, ms": configs[-1]}
        _ask_lesson(server, first)
        _ask_dashboard(server, first)
        figures["memory, one app served, MB"] = server.memory().resident
        figures |= _visit(server, others, "first", configs[1:])
        figures["memory, all served, MB"] = server.memory().resident
        figures |= _visit(server, others, "second", [_ask_config(server, app) for app in others])
        resident, proportional = server.memory()
        figures |= {"memory, all served twice, MB": resident, "the same, proportional (PSS), MB": proportional}
    return {name: value * 1000 if name.endswith("ms") else value for name, value in figures.items()}


def _visit(server: Server, apps: list[str], time: str, configs: list[float]) -> Figures:
    """Ask apps for a lesson and for the dashboard; return what the one in the middle took for each of the three."""
    lessons = [_ask_lesson(server, app) for app in apps]
    dashboards = [_ask_dashboard(server, app) for app in apps]
    return {
        f"an app's {time} config, ms": median(configs),
        f"an app's {time} lesson, ms": median(lessons),
        f"an app's {time} sign-in page, ms": median(dashboards),
    }


def _ask_config(server: Server, app: str) -> float:
    return server.call(app, "/app/config")[0]


def _ask_lesson(server: Server, app: str) -> float:
    phone = {"install_id": "bench", "platform": "android", "timezone": "Asia/Riyadh"}
    seconds, answer = server.call(app, "/app/device", phone)
    child = json.loads(answer)
    return seconds + server.call(app, "/content_duo/generate", {"user_id": child["user_id"]}, child["access"])[0]


def _ask_dashboard(server: Server, app: str) -> float:
    return server.call(app, "/boss/login/")[0]


def _report(figures: dict[int, Figures]) -> None:
    """Print a row for each figure, with what one more app adds to it, and the figures as JSON."""
    fewest, most = figures[COUNTS[0]], figures[COUNTS[-1]]
    each = {name: (most[name] - fewest[name]) / (COUNTS[-1] - COUNTS[0]) for name in fewest}
    print(f"{'':36}" + "".join(f"{count:>6} apps" for count in COUNTS) + f"{'each more':>14}")
    for name, step in each.items():
        columns = "".join(f"{figures[count][name]:>11.1f}" for count in COUNTS)
        print(f"{name:36}{columns}{step:>14.3f}")
    rounded = {str(count): {name: round(value, 2) for name, value in row.items()} for count, row in figures.items()}
    print(json.dumps({**rounded, "each_more": {name: round(step, 4) for name, step in each.items()}}))


if __name__ == "__main__":
    main()
