from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "workbooks"
    verbose_name = "工作簿"

    def ready(self) -> None:
        from audit.events import Event, register
        from organisations.people_sheet import register_reader
        from workbooks.people import read_people_sheet

        register(Event("plan.load", "载入规划数据"))
        register_reader(read_people_sheet)
