from audit.events import EXPORTS, Event

EVENTS = (Event("overview.export", "导出总览", "fix", EXPORTS),)
