from pathlib import Path

from django.apps import AppConfig

MIGRATIONS = Path(__file__).parent / "migrations"


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "填报与审核"

    def ready(self) -> None:
        from audit.functions import register as register_functions
        from audit.subjects import register as register_subjects
        from background.kinds import register as register_kind_of_job
        from organisations.open_work import register_open_work
        from submissions.actions.consolidated import KIND
        from submissions.events import register_events
        from submissions.open_work import OPEN_FORMS, REVIEWS
        from submissions.subjects import SUBJECTS

        register_events()
        files = ("facts.sql", "answers.sql", "decisions.sql", "proposals.sql", "levels.sql", "stamped.sql")
        register_functions("submissions", *(MIGRATIONS / name for name in files))
        register_open_work(OPEN_FORMS)
        register_open_work(REVIEWS)
        register_subjects(*SUBJECTS)
        register_kind_of_job(KIND)
