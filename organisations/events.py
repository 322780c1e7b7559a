"""What can happen to people, as history names it."""

from audit.events import Event, register


def register_events() -> None:
    register(
        Event("user.create", "建立账号", "ok"),
        Event("user.change_password", "修改密码"),
        Event("user.reset_password", "重置密码", "fix"),
        Event("user.deactivate", "停用账号", "bad"),
        Event("user.reactivate", "恢复账号", "ok"),
        Event("user.hand_over", "工作交接", "ok"),
        Event("user.unlock", "解除锁定", "fix"),
        Event("role.grant", "授予角色", "ok"),
        Event("role.withdraw", "收回角色", "bad"),
    )
