"""The Celery application: the tasks' registry and tracer. No worker of its own runs; `jobs_worker` and Lambda do."""

from celery import Celery

app = Celery("alphazed", set_as_current=True)
app.config_from_object({"task_ignore_result": True, "task_serializer": "json", "accept_content": ["json"]})
app.autodiscover_tasks()
