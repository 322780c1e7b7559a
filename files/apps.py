from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from audit.events import EXPORTS, Event, register

        register(
            Event("file.download", "下载文件", "", EXPORTS),
            Event("file.preview", "预览文件", "", EXPORTS),
            Event("file.infected", "查出病毒，停用文件", "bad"),
        )
