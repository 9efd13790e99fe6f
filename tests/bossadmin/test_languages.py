"""Languages of the dashboard, which the API knows nothing of."""

from django.test import Client


def test_an_arabic_page_leaves_no_language_behind_for_the_api(db: None, client: Client) -> None:
    host = {"host": "amal.localhost"}
    client.get("/boss/login/", headers=host | {"accept-language": "ar"})

    problem = client.post("/app/device", {}, "application/json", headers=host | {"accept-language": "ar"}).json()

    assert problem["errors"][0]["detail"] == "This field is required."
