"""What can happen in a case, as history names it."""

from audit.events import Event, register


def register_events() -> None:
    register(
        Event("evaluation.create", "建立评估", "ok"),
        Event("evaluation.change", "变更评估的日期或专项填报", "fix"),
        Event("evaluation.leave_group", "退出专项小组"),
        Event("evaluation.name_group", "确定专项小组成员"),
        Event("stage.begin", "阶段开始"),
        Event("stage.finish", "阶段完成，转入下一阶段", "ok"),
        Event("stage.step_back", "阶段退回", "bad"),
        Event("stage.take_up_again", "阶段重新进行", "fix"),
        Event("stage.pass_over", "分管领导同意越过转段条件", "fix"),
        Event("assessment.decide", "人工判定", "fix"),
        Event("assessment.withdraw", "撤销人工判定"),
    )
