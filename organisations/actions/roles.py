"""Roles: granted and withdrawn by a security administrator, never to oneself; and unlocking."""

from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.clock import now
from audit.recording import record, recorded
from organisations.actions.accounts import require_another_holder
from organisations.models import Role, RoleGrant, User
from organisations.permissions import can_change_roles, is_security_administrator, require


def grant_role(user: User, role: str, *, by: User, reason: str = "授予角色") -> RoleGrant:
    """Give a person a role from now on.

    Raises:
        PermissionDenied: `by` is no security administrator, or it is for himself.
        ValidationError: held already; not to be held together (三员分立: the database refuses, its words are shown).
    """
    with recorded(by=by, reason=reason):
        locked = User.objects.select_for_update().get(pk=user.pk)
        require(can_change_roles, by, locked)
        if not locked.is_active:
            raise ValidationError(f"{locked.name}的账号已停用，不能授予角色。")
        return add_grant(locked, role, by=by)


def add_grant(user: User, role: str, *, by: User | None) -> RoleGrant:
    """Make a grant inside an open change, or say in words why the database refuses it."""
    grant = RoleGrant(user=user, role=role, granted_by=by, granted_at=now())
    grant.clean_fields(exclude=["sphere"])
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as refusal:
        raise ValidationError(_words(refusal, grant)) from refusal
    record("role.grant", user, role=role, label=Role(role).label)
    return grant


def _words(refusal: IntegrityError, grant: RoleGrant) -> str:
    name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None)
    if name == "one_live_grant_of_a_role":
        return f"{grant.user.name}已经是{grant.get_role_display()}。"
    for constraint in RoleGrant._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    raise refusal


def withdraw_role(grant: RoleGrant, *, by: User, reason: str) -> RoleGrant:
    """Take a role away from now on; the grant stays in history.

    Raises:
        PermissionDenied: `by` is no security administrator, or it is his own role.
        ValidationError: withdrawn already, or the last of an indispensable role.
    """
    with recorded(by=by, reason=reason):
        locked = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
        require(can_change_roles, by, locked.user)
        if locked.withdrawn_at is not None:
            raise ValidationError("这一角色已经收回。")
        require_another_holder(locked.user, [locked.role])
        locked.withdrawn_by, locked.withdrawn_at = by, now()
        locked.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record("role.withdraw", locked.user, role=locked.role, label=locked.get_role_display())
    return locked


def unlock(user: User, *, by: User, reason: str = "解除锁定") -> int:
    """Forget the wrong passwords typed for an account, from any address; return how many addresses there were.

    Raises:
        PermissionDenied: `by` is no security administrator.
    """
    require(is_security_administrator, by)
    with recorded(by=by, reason=reason):
        attempts = AccessAttempt.objects.filter(username=user.username)
        addresses = len(set(attempts.values_list("ip_address", flat=True)))
        attempts.delete()
        record("user.unlock", user, addresses=addresses)
    return addresses
