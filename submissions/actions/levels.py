"""How many steps a form takes, in its unit and in the working group."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.recording import record, recorded
from organisations.models import Organisation, User
from organisations.permissions import require
from plans.models import Plan
from submissions.actions.typed import tidy
from submissions.models import LevelSetting, StampRule
from submissions.permissions import can_set_levels

LONGEST = 60  # working days that the stamped paper may take


def set_levels(
    plan: Plan,
    *,
    by: User,
    reason: str,
    organisation: Organisation | None = None,
    in_unit: int | None = None,
    in_group: int | None = None,
    stamped: str = StampRule.NOT_NEEDED,
    stamp_days: int | None = None,
) -> LevelSetting:
    """Set one or two steps in the unit and in the working group, for a plan or one organisation in it; and for the
    plan whether its forms are stamped on paper, before they are handed in or within some working days after.

    None is as the plan has it, and for the plan as by default. Forms that are handed in keep the levels that they had
    then; the others take these when they are handed in.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: neither one nor two, no reason, no days where there must be some, or another rule for the
            paper of one organisation.
    """
    with recorded(by=by, reason=reason):
        require(can_set_levels, by, plan)
        text = tidy(reason, "reason")
        if not text:
            raise ValidationError({"reason": "请填写理由。"})
        if not {in_unit, in_group} <= {None, 1, 2}:
            raise ValidationError("层级只能是一级或两级，请重新选择。")
        _require_possible(stamped, stamp_days, organisation)
        told = {"in_unit": in_unit, "in_group": in_group, "reason": text, "set_by": by, "set_at": now()}
        told |= {"stamped": stamped, "stamp_days": stamp_days if stamped == StampRule.AFTER else None}
        setting, _ = LevelSetting.objects.select_for_update().update_or_create(
            plan=plan, organisation=organisation, defaults=told
        )
        record("levels.set", setting, in_unit=in_unit, in_group=in_group, stamped=str(stamped))
    return setting


def _require_possible(stamped: str, days: int | None, organisation: Organisation | None) -> None:
    if stamped not in StampRule.values:
        raise ValidationError({"stamped": "没有这个选项，请重新选择。"})
    if stamped != StampRule.NOT_NEEDED and organisation is not None:
        raise ValidationError({"stamped": "盖章确认对整个规划设置，不能只对一个单位设置。"})
    if stamped == StampRule.AFTER and not 1 <= (days or 0) <= LONGEST:
        raise ValidationError({"stamp_days": f"请填写提交后几个工作日内补交，1 至 {LONGEST}。"})
