from django.apps import AppConfig

from audit.events import EXPORTS, VIEWS, Event, register


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "变更历史"

    def ready(self) -> None:
        register(
            Event("row.add", "在后台新增"),
            Event("row.change", "在后台修改", "fix"),
            Event("list.export", "导出列表", "fix", EXPORTS),
            Event("data.view", "查看未发布的内容", "", VIEWS),
            Event("history.read", "查业务记录", "", VIEWS),
        )
