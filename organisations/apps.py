from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        from organisations.events import register_events
        from organisations.open_work import CONTACT, register_open_work

        register_events()
        register_open_work(CONTACT)
