from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "重点任务"

    def ready(self) -> None:
        from audit.subjects import register
        from tasks.subjects import SUBJECTS

        register(*SUBJECTS)
