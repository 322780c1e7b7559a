"""A leaver's open work goes to a colleague in one step (工作交接)."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.recording import record, recorded
from organisations.models import Handover, User
from organisations.open_work import kinds, listed
from organisations.permissions import is_system_administrator, require


def hand_over_work(from_user: User, *, to: User, by: User, reason: str) -> Handover:
    """Hand everything that is open for a person over to a colleague of the same organisation, and keep the list.

    Raises:
        PermissionDenied: `by` is no system administrator.
        ValidationError: to the person themselves, to another organisation, or to somebody who can't sign in.
    """
    require(is_system_administrator, by)
    with recorded(by=by, reason=reason):
        people = {each.pk: each for each in User.objects.select_for_update().filter(pk__in=[from_user.pk, to.pk])}
        giver, taker = people[from_user.pk], people[to.pk]
        if giver.pk == taker.pk:
            raise ValidationError("接收人不能是移交人自己。")
        if taker.organisation_id != giver.organisation_id:
            raise ValidationError("接收人须与移交人在同一单位。")
        if not taker.is_active:
            raise ValidationError(f"{taker.name}的账号已停用，不能接收。")
        items = [item for kind in kinds() for item in listed(kind, kind.hand_over(kind.find(giver), giver, taker))]
        handover = Handover.objects.create(from_user=giver, to_user=taker, at=now(), items=items)
        record("user.hand_over", giver, to=taker.name, items=[item["label"] for item in items])
    return handover
