"""How long the server took, as the phone has felt it."""

from collections import defaultdict
from statistics import median, quantiles
from typing import NamedTuple


class Latency(NamedTuple):
    """One endpoint, in milliseconds."""

    endpoint: str
    calls: int
    median_ms: float
    p95_ms: float


class Latencies:
    def __init__(self) -> None:
        self._samples: dict[str, list[float]] = defaultdict(list)

    @property
    def calls(self) -> int:
        return sum(len(samples) for samples in self._samples.values())

    def add(self, endpoint: str, milliseconds: float) -> None:
        """Note one call of an endpoint, such as "GET /user/{user_id}/today"."""
        self._samples[endpoint].append(milliseconds)

    def summarise(self) -> dict[str, Latency]:
        """Return what each endpoint took, in the order of their first calls."""
        return {
            endpoint: Latency(endpoint, len(samples), median(samples), _p95(samples))
            for endpoint, samples in self._samples.items()
        }


def _p95(samples: list[float]) -> float:
    return quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]
