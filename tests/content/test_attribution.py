"""Whose work the content is, said as its owners ask."""

from content.models import Licence
from tenants import current
from tests.phones import Phone

#: As the Tanzil project words it; to the letter, with its lines and its bullets.
NOTICE = """Tanzil Quran Text (Uthmani, version 1.1)
Copyright (C) 2007-2021 Tanzil Project
License: Creative Commons Attribution 3.0

Terms of Use:
- Permission is granted to copy and distribute verbatim copies of this text,
  but CHANGING IT IS NOT ALLOWED.
- The text can be used in any website or application, provided its source
  (Tanzil Project) is clearly indicated, and a link is made to tanzil.net.
  "رِوَاية" & <حفص>\t—\u00a0©

"""


def add_licence(key: str, notice: str = "") -> None:
    Licence.objects.create(
        key=key, name=f"The {key} project", url=f"https://{key}.example", notice=notice, source=f"{key} 1.1"
    )


def test_a_notice_is_shown_word_for_word(phone: Phone) -> None:
    with current.use("amal"):
        add_licence("tanzil", NOTICE)

    listed = phone.get("/app/attribution").json()

    assert listed == [
        {
            "key": "tanzil",
            "name": "The tanzil project",
            "url": "https://tanzil.example",
            "source": "tanzil 1.1",
            "notice": NOTICE,
        }
    ]


def test_licences_are_listed_by_key(phone: Phone) -> None:
    with current.use("amal"):
        for key in ("c", "a", "b"):
            add_licence(key)

    assert [licence["key"] for licence in phone.get("/app/attribution").json()] == ["a", "b", "c"]


def test_each_app_lists_what_it_has(phone: Phone, thurayyas_phone: Phone) -> None:
    with current.use("thurayya"):
        add_licence("tanzil", NOTICE)

    assert phone.get("/app/attribution").json() == []
    assert len(thurayyas_phone.get("/app/attribution").json()) == 1


def test_no_token_is_asked_for(phone: Phone) -> None:
    phone.access = "rubbish"

    assert phone.get("/app/attribution").status_code == 200
