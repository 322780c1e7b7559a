"""What can happen to people, as the trails name it."""

from audit.events import VIEWS, Event, register

SIGNING_IN, ACCOUNTS, ROLES, TRAIL = "登录和退出", "账号和密码", "角色", "安全审计"


def register_events() -> None:
    register(
        Event("session.sign_in", "登录", "ok", SIGNING_IN),
        Event("session.failure", "密码输错", "bad", SIGNING_IN),
        Event("session.lock", "账号锁定", "bad", SIGNING_IN),
        Event("session.refused", "锁定期间尝试登录", "bad", SIGNING_IN),
        Event("session.sign_out", "退出登录", "", SIGNING_IN),
        Event("session.expire", "超时自动退出", "", SIGNING_IN),
        Event("session.replace", "因在别处登录而退出", "fix", SIGNING_IN),
        Event("user.create", "建立账号", "ok", ACCOUNTS),
        Event("user.change_password", "修改密码", "", ACCOUNTS),
        Event("user.reset_password", "重置密码", "fix", ACCOUNTS),
        Event("user.deactivate", "停用账号", "bad", ACCOUNTS),
        Event("user.reactivate", "恢复账号", "ok", ACCOUNTS),
        Event("user.hand_over", "工作交接", "ok", ACCOUNTS),
        Event("user.unlock", "解除锁定", "fix", ACCOUNTS),
        Event("user.erase_contact_details", "清除联系方式", "bad", ACCOUNTS),
        Event("organisation.erase_contact_details", "清除联络电话", "bad", ACCOUNTS),
        Event("role.grant", "授予角色", "ok", ROLES),
        Event("role.withdraw", "收回角色", "bad", ROLES),
        Event("contact.reveal", "查看完整联系方式", "", VIEWS),
        Event("security.read", "查看安全审计", "", TRAIL),
        Event("security.export", "导出安全审计", "fix", TRAIL),
        Event("security.clear", "清理到期的安全审计记录", "fix", TRAIL),
    )
