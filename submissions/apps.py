from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "填报与审核"

    def ready(self) -> None:
        from submissions.events import register_events

        register_events()
