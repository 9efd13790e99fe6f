from datetime import datetime

from django.db import models


class JobQuerySet(models.QuerySet):
    def due(self, at: datetime) -> "JobQuerySet":
        """Waiting, and neither put off nor leased by a worker that still has time."""
        return self.filter(status="waiting", run_after__lte=at)
