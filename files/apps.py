from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from audit.events import EXPORTS, Event, register

        register(Event("file.download", "下载文件", "", EXPORTS))
