from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "workbooks"
    verbose_name = "工作簿"

    def ready(self) -> None:
        from audit.events import Event, register

        register(Event("plan.load", "载入规划数据"))
