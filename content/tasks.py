"""Heavy work of this room."""

from celery import shared_task

from content.services.releases import build_release, publish_release

BUILD_RELEASE = "content.build_release"


@shared_task(name=BUILD_RELEASE)  # type: ignore[untyped-decorator]
def build_and_publish(*, publish: bool, **_: object) -> None:
    """Build a release and, if told so, point the app at it. Running it twice makes one release."""
    release = build_release()
    if publish:
        publish_release(number=release.number)
