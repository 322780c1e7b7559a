from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self) -> None:
        from audit.events import register
        from audit.subjects import register as register_subjects
        from evaluation.conditions import register_condition
        from reports.conditions import SECTIONS_WRITTEN
        from reports.events import EVENTS
        from reports.subjects import SUBJECTS

        register(*EVENTS)
        register_condition(SECTIONS_WRITTEN)
        register_subjects(*SUBJECTS)
