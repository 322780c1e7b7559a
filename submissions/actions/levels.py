"""How many steps a form takes, in its unit and in the working group."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.recording import record, recorded
from organisations.models import Organisation, User
from organisations.permissions import require
from plans.models import Plan
from submissions.actions.typed import tidy
from submissions.models import LevelSetting
from submissions.permissions import can_set_levels


def set_levels(
    plan: Plan,
    *,
    by: User,
    reason: str,
    organisation: Organisation | None = None,
    in_unit: int | None = None,
    in_group: int | None = None,
) -> LevelSetting:
    """Set one or two steps in the unit and in the working group, for a plan or one organisation in it.

    None is as the plan has it, and for the plan as by default. Forms that are handed in keep the levels that they had
    then; the others take these when they are handed in.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: neither one nor two, or no reason.
    """
    with recorded(by=by, reason=reason):
        require(can_set_levels, by, plan)
        text = tidy(reason, "reason")
        if not text:
            raise ValidationError({"reason": "请填写理由。"})
        if not {in_unit, in_group} <= {None, 1, 2}:
            raise ValidationError("层级只能是一级或两级，请重新选择。")
        told = {"in_unit": in_unit, "in_group": in_group, "reason": text, "set_by": by, "set_at": now()}
        setting, _ = LevelSetting.objects.select_for_update().update_or_create(
            plan=plan, organisation=organisation, defaults=told
        )
        record("levels.set", setting, in_unit=in_unit, in_group=in_group)
    return setting
