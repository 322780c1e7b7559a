from pathlib import Path

from django.apps import AppConfig

MIGRATIONS = Path(__file__).parent / "migrations"


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        from audit.functions import register as register_functions
        from organisations.events import register_events
        from organisations.open_work import CONTACT, register_open_work

        register_events()
        register_functions("organisations", MIGRATIONS / "actor.sql", MIGRATIONS / "security_readers.sql")
        register_open_work(CONTACT)
