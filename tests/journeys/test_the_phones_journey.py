"""A phone's first hour, over the API alone."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from content.models import Release
from tests.phones import Phone

NOW = datetime.now(UTC)


def answer_all(items: list[dict[str, Any]], session_id: int) -> list[dict[str, Any]]:
    return [
        {
            "client_id": f"a{number}",
            "byte_id": item["byte_id"],
            "outcome": "exposed" if item["kind"] == "meet" else "correct",
            "rt_ms": 2500,
            "hints": 0,
            "answered_at": (NOW - timedelta(minutes=30 - number)).isoformat(),
            "utc_offset_min": 180,
            "device_seq": number,
            "session_id": session_id,
        }
        for number, item in enumerate(items)
    ]


def test_a_phone_starts_downloads_learns_and_sees_its_progress(phone: Phone, released: Release) -> None:
    manifest = phone.get("/app/content/manifest").json()
    pack = phone.get(manifest["packs"][0]["url"])
    session = phone.post("/content_duo/generate", {"user_id": phone.learner}).json()
    answers = answer_all(session["items"], session["session_id"])
    recorded = phone.post(f"/user/{phone.learner}/answers", {"sent_at": NOW.isoformat(), "answers": answers}).json()
    progress = phone.get(f"/user/{phone.learner}/progress").json()
    today = phone.get(f"/user/{phone.learner}/today").json()

    assert sha256(b"".join(pack.streaming_content)).hexdigest() == manifest["packs"][0]["sha256"]
    assert recorded == {
        "accepted": len(answers),
        "duplicates": 0,
        "rejected": [],
        "streak": 1,
        "memory_version": 1,
    }
    assert progress[0]["concept"] == "number/0"
    assert progress[0]["accuracy"] == 1.0
    assert today["goal"] == {"target": 20, "done": sum(each["outcome"] != "exposed" for each in answers)}
