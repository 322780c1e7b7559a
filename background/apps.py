from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "background"
    verbose_name = "后台办理"

    def ready(self) -> None:
        from audit.events import EXPORTS, Event, register

        register(
            Event("backgroundjob.ask", "交后台办理", "plain-step"),
            Event("backgroundjob.start", "后台开始办理", "plain-step"),
            Event("backgroundjob.finish", "后台办理完成", "ok"),
            Event("backgroundjob.fail", "后台没有办成", "bad"),
            Event("backgroundjob.cancel", "取消后台办理", "bad"),
            Event("backgroundjob.download", "下载后台办理的结果", "", EXPORTS),
        )
