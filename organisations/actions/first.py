"""The first two accounts of an installation, made on the server itself: from then on people make people."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from audit.models import Door
from audit.recording import record, recorded
from organisations.actions.accounts import NewPerson, add_account
from organisations.actions.passwords import one_time_password, take_password
from organisations.actions.roles import add_grant
from organisations.models import Organisation, OrganisationKind, Role, RoleGrant, User

FIRST = {Role.SYSTEM_ADMINISTRATOR: "admin", Role.SECURITY_ADMINISTRATOR: "security"}


def make_first_accounts(usernames: Mapping[Role, str]) -> list[tuple[User, str]]:
    """Make one system and one security administrator; return each with the one-time password.

    They belong to the first organisation, or, where there is none yet, to one that is made for them.

    Raises:
        ValidationError: there is one already, or the name is taken.
    """
    with recorded(by=None, reason="建立首批管理员账号", door=Door.COMMAND):
        held = RoleGrant.objects.filter(withdrawn_at=None, user__is_active=True, role__in=list(FIRST))
        taken = [grant.get_role_display() for grant in held]
        if taken:
            raise ValidationError(
                f"已有{'、'.join(sorted(set(taken)))}，不再建立。忘记密码可用 one_time_password 命令。"
            )
        home = Organisation.objects.first() or Organisation.objects.create(
            code="administration", name="系统管理单位", kind=OrganisationKind.AGENCY
        )
        made = []
        for role in FIRST:
            user, password = add_account(NewPerson(usernames[role], Role(role).label, home))
            add_grant(user, role, by=None)
            made.append((user, password))
    return made


def give_one_time_password(user: User) -> str:
    """Give anybody a one-time password, at the server's own console: the way back for the administrators."""
    with recorded(by=None, reason="在服务器上重置密码", door=Door.COMMAND):
        locked = User.objects.select_for_update().get(pk=user.pk)
        password = one_time_password()
        take_password(locked, password, must_change=True)
        record("user.reset_password", locked)
    return password
