from django.apps import AppConfig


class AlphazedConfig(AppConfig):
    name = "alphazed"
    verbose_name = "Alphazed"

    def ready(self) -> None:
        # Registers the task registry as Celery's current application, which `jobs` runs its tasks through.
        from alphazed import celery  # noqa: F401, PLC0415
