from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self) -> None:
        from audit.events import register
        from evaluation.conditions import register_condition
        from reports.conditions import SECTIONS_WRITTEN
        from reports.events import EVENTS

        register(*EVENTS)
        register_condition(SECTIONS_WRITTEN)
