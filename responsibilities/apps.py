from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = "责任分解"

    def ready(self) -> None:
        from audit.subjects import register
        from responsibilities.subjects import SUBJECTS

        register(*SUBJECTS)
