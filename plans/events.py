"""What can happen to a plan's periods, as history names it."""

from audit.events import Event, register


def register_events() -> None:
    register(
        Event("reportingperiod.open_period", "开放报告期", "ok"),
        Event("reportingperiod.close_period", "关闭报告期"),
    )
