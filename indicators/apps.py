from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "规划指标"

    def ready(self) -> None:
        from audit.subjects import register
        from indicators.subjects import SUBJECTS

        register(*SUBJECTS)
