from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "重大项目"

    def ready(self) -> None:
        from audit.subjects import register
        from projects.subjects import SUBJECTS

        register(*SUBJECTS)
