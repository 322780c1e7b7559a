"""What can happen to a plan's periods, as history names it."""

from audit.events import Event, register


def register_events() -> None:
    register(
        Event("period.define", "设置报告期"),
        Event("period.redefine", "修改未开放的报告期"),
        Event("period.allow_late", "变更是否接受逾期报送", "fix"),
        Event("period.call_for_corrections", "要求各单位更正", "fix"),
        Event("period.change_deadline", "变更报送时限", "fix"),
        Event("reportingperiod.open_period", "开放报告期", "ok"),
        Event("reportingperiod.close_period", "关闭报告期"),
        Event("reportingperiod.reopen_period", "重新开放报告期", "fix"),
    )
