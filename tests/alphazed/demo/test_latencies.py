from alphazed.demo.latencies import Latencies, Latency


def test_each_endpoint_has_its_median_and_its_slowest_calls() -> None:
    latencies = Latencies()
    for milliseconds in range(1, 102):
        latencies.add("GET /user/{user_id}/today", float(milliseconds))
    latencies.add("POST /app/device", 7.0)

    assert latencies.summarise() == {
        "GET /user/{user_id}/today": Latency("GET /user/{user_id}/today", 101, 51.0, 96.0),
        "POST /app/device": Latency("POST /app/device", 1, 7.0, 7.0),
    }
    assert latencies.calls == 102
