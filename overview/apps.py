from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "overview"
    verbose_name = "总览"

    def ready(self) -> None:
        from audit.events import register
        from overview.events import EVENTS

        register(*EVENTS)
