from audit.events import EXPORTS, Event

EVENTS = (
    Event("report.prepare", "建立报告框架", "ok"),
    Event("report.complete", "补齐报告章节", "ok"),
    Event("section.save", "修改报告章节"),
    Event("section.quote", "引用自评报告"),
    Event("period.export_self_reports", "导出自评报告", "plain-step", EXPORTS),
    Event("report.export", "导出报告", "fix", EXPORTS),
)
