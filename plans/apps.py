from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "规划"

    def ready(self) -> None:
        from audit.subjects import register as register_subjects
        from plans.events import register_events
        from plans.subjects import SUBJECTS

        register_events()
        register_subjects(*SUBJECTS)
