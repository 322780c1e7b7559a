from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "规划"

    def ready(self) -> None:
        from plans.events import register_events

        register_events()
