"""Going on to the next stage, passing over what is missing, going back."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState, move
from audit.recording import record, recorded
from evaluation.conditions import condition_named
from evaluation.models import Evaluation, PassedOver, Stage, StageState
from evaluation.permissions import can_advance, can_pass_over, can_send_back
from evaluation.queries.case import Checked, conditions_of
from organisations.models import User
from organisations.permissions import require


def advance_stage(stage: Stage, *, by: User) -> Stage:
    """Finish the stage and begin the next one, if there is one; return the stage that is current then.

    Every condition must be met now, or have been passed over by a leader.

    Raises:
        PermissionDenied: ``by`` is neither a reviewer nor a leader.
        ValidationError: a condition is not met; the message names it.
        StaleState: the stage isn't current: somebody advanced it or sent it back first.
    """
    with recorded(by=by, reason="转入下一阶段"):
        return _advance(_locked(stage), by)


def advance_stage_despite(stage: Stage, *, by: User, reason: str) -> Stage:
    """Pass over every condition that is not met, with one reason, and go on to the next stage.

    Raises:
        PermissionDenied: ``by`` is not a leader.
        ValidationError: no reason.
        StaleState: the stage isn't current.
    """
    with recorded(by=by, reason=reason):
        locked = _locked(stage)
        require(can_pass_over, by, locked)
        _require_current(locked)
        for checked in conditions_of(locked):
            if checked.blocks:
                _pass_over(locked, checked, by, reason)
        return _advance(locked, by)


def pass_over_condition(stage: Stage, condition: str, *, by: User, reason: str) -> PassedOver:
    """Let the stage go on although the condition is not met; what was missing is kept with the reason.

    Raises:
        PermissionDenied: ``by`` is not a leader.
        ValidationError: no reason; the stage has no such condition; it is met, or passed over already.
        StaleState: the stage isn't current.
    """
    with recorded(by=by, reason=reason):
        locked = _locked(stage)
        require(can_pass_over, by, locked)
        _require_current(locked)
        checked = next((each for each in conditions_of(locked) if each.condition.name == condition), None)
        if checked is None:
            raise ValidationError("这一阶段没有这个转段条件。")
        if not checked.blocks:
            raise ValidationError(f"“{checked.condition.title}”已满足或已同意越过，不必再处理。")
        return _pass_over(locked, checked, by, reason)


def send_back_stage(stage: Stage, *, by: User, reason: str) -> Stage:
    """Go back to the stage before; return it. Conditions passed over in either count no longer.

    A last stage that is finished is taken up again itself.

    Raises:
        PermissionDenied: ``by`` is neither a reviewer nor a leader.
        ValidationError: no reason, or nothing before the first stage.
        StaleState: the stage is not the one where the case stands.
    """
    with recorded(by=by, reason=reason):
        locked = _locked(stage)
        require(can_send_back, by, locked)
        if locked.state == StageState.DONE and not locked.evaluation.stages.filter(number__gt=locked.number).exists():
            _void(locked)
            move(locked, "take_up_again", stamp={"finished_at": None, "finished_by": None})
            return locked
        previous = locked.evaluation.stages.filter(number__lt=locked.number).last()
        if previous is None:
            raise ValidationError("这是第一阶段，前面没有可以退回的阶段。")
        move(locked, "step_back", stamp={"begun_at": None})
        _void(locked)
        _void(previous)
        move(previous, "take_up_again", stamp={"finished_at": None, "finished_by": None})
        return previous


def _locked(stage: Stage) -> Stage:
    """The stage as it is now; the whole case is locked, so that nobody moves another of its stages meanwhile."""
    evaluation = (
        Evaluation.objects.select_for_update(of=("self",)).select_related("plan", "round").get(pk=stage.evaluation_id)
    )
    locked = evaluation.stages.get(pk=stage.pk)
    locked.evaluation = evaluation
    return locked


def _require_current(stage: Stage) -> None:
    if stage.state != StageState.CURRENT:
        raise StaleState(f"“{stage.title}”已不是进行中的阶段。可能有人刚刚处理过，请刷新后查看。")


def _advance(stage: Stage, by: User) -> Stage:
    require(can_advance, by, stage)
    _require_current(stage)
    unmet = [checked.condition.title for checked in conditions_of(stage) if checked.blocks]
    if unmet:
        raise ValidationError(f"还差 {len(unmet)} 个条件，不能转段：{'；'.join(unmet)}。")
    move(stage, "finish", stamp={"finished_at": now(), "finished_by": by})
    following = stage.evaluation.stages.filter(number__gt=stage.number).first()
    if following is None:
        return stage
    move(following, "begin", stamp={"begun_at": now()})
    return following


def _pass_over(stage: Stage, checked: Checked, by: User, reason: str) -> PassedOver:
    missing = [" ".join(filter(None, (row.label, row.state))) for row in checked.finding.missing]
    passed = PassedOver.objects.create(
        stage=stage, condition=checked.condition.name, missing=missing, reason=reason.strip(), by=by, at=now()
    )
    record("stage.pass_over", stage, condition=condition_named(checked.condition.name).title, missing=missing)
    return passed


def _void(stage: Stage) -> None:
    stage.passed_over.filter(voided_at=None).update(voided_at=now())
