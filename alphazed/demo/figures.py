"""The last page: what the week came to in figures, and how long the server took."""

from collections.abc import Sequence

from alphazed.demo.lessons import count_right
from alphazed.demo.page import Page
from alphazed.demo.player import Player
from alphazed.demo.scenes import megabytes


def print_figures(page: Page, players: Sequence[Player]) -> None:
    """Print both sides' figures, then each endpoint's latency as the phones have measured it."""
    heads = [player.phone.app.name for player in players]
    columns = [_count(player) for player in players]
    page.tabulate("In figures", ["", *heads], [[name, *(column[name] for column in columns)] for name in columns[0]])
    page.tabulate("How long the server took, in milliseconds", _latency_heads(heads), _list_latencies(players))


def _count(player: Player) -> dict[str, str]:
    """Return the figures of one side by name; answers are the child's own, without its twin's."""
    tally = player.tally
    right, graded = count_right(player.given)
    met = {each.exercise.concept_id for each in player.given}
    return {
        "answers sent": f"{tally.sent}",
        "  accepted": f"{tally.accepted}",
        "  duplicates": f"{tally.duplicates}",
        "  refused": f"{tally.refused}",
        "right answers": f"{right} of {graded}, {right / graded:.0%}",
        "lessons": f"{tally.lessons}",
        "concepts met": f"{len(met)}",
        "  opened by what was learned before": f"{tally.opened}",
        "steps of memory": f"{player.memory_version}",
        "downloaded": megabytes(tally.bytes_downloaded),
        "requests": f"{player.phone.latencies.calls}",
        "promises checked, all kept": f"{player.promises.kept:,}",
    }


def _latency_heads(apps: list[str]) -> list[str]:
    return ["", *(head for app in apps for head in (f"{app}\ncalls", "\nmedian", "\np95"))]


def _list_latencies(players: Sequence[Player]) -> list[list[str]]:
    sides = [player.phone.latencies.summarise() for player in players]
    rows = []
    for endpoint in dict.fromkeys(endpoint for side in sides for endpoint in side):
        row = [endpoint]
        for side in sides:
            took = side.get(endpoint)
            row += [f"{took.calls}", f"{took.median_ms:.1f}", f"{took.p95_ms:.1f}"] if took else ["", "", ""]
        rows.append(row)
    return rows
