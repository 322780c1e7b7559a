from audit.events import EXPORTS, Event

EVENTS = (
    Event("report.prepare", "建立报告框架", "ok"),
    Event("report.complete", "补齐报告章节", "ok"),
    Event("section.save", "修改报告章节"),
    Event("report.export", "导出报告", "fix", EXPORTS),
)
