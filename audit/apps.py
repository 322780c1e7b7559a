from pathlib import Path

from django.apps import AppConfig

from audit.events import EXPORTS, VIEWS, Event, register
from audit.functions import register as register_functions

HERE = Path(__file__).parent


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "变更历史"

    def ready(self) -> None:
        register_functions("audit", HERE / "functions.sql", HERE / "migrations" / "security_trail.sql")
        register(
            Event("row.add", "在后台新增"),
            Event("row.change", "在后台修改", "fix"),
            Event("list.export", "导出列表", "fix", EXPORTS),
            Event("data.view", "查看未发布的内容", "", VIEWS),
            Event("history.read", "查业务记录", "", VIEWS),
        )
