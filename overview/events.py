from audit.events import EXPORTS, Event

EVENTS = (
    Event("overview.export", "导出总览", "fix", EXPORTS),
    Event("trail.export", "导出签名线索包", "fix", EXPORTS),
    Event("history.check", "重新核对全部历史", "plain-step"),
)
