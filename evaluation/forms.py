"""What people type on the pages of a case."""

from typing import Any

from django import forms

from evaluation.models import Evaluation, Outlook, Stage, Verdict
from evaluation.queries.case import conditions_of


def _reason(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "请填写理由。"},
    )


class StageForm(forms.Form):
    """Which stage the page showed, so that a press on an old page moves nothing else."""

    stage = forms.ModelChoiceField(Stage.objects.none(), widget=forms.HiddenInput)

    def __init__(self, evaluation: Evaluation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = evaluation.stages.all()  # type: ignore[attr-defined]


class ReasonForm(StageForm):
    reason = _reason("理由（长期保留）")


class PassOverForm(ReasonForm):
    """Which unmet condition a leader passes over, and why."""

    condition = forms.ChoiceField(label="转段条件", widget=forms.Select(attrs={"class": "form-select"}))

    field_order = ("stage", "condition", "reason")

    def __init__(self, evaluation: Evaluation, *args: Any, **kwargs: Any) -> None:
        super().__init__(evaluation, *args, **kwargs)
        names = {name for stage in evaluation.stages.all() for name in stage.conditions}
        self.fields["condition"].choices = [(name, name) for name in sorted(names)]  # type: ignore[attr-defined]

    def offer(self, stage: Stage) -> None:
        """Offer the conditions that hold the stage up now, by their titles."""
        blocking = [checked.condition for checked in conditions_of(stage) if checked.blocks]
        self.fields["condition"].choices = [(each.name, each.title) for each in blocking]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A person's own judgement; what stays empty is left to the rule."""

    verdict = forms.ChoiceField(
        label="目前进度",
        required=False,
        choices=[("", "按规则"), *Verdict.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    outlook = forms.ChoiceField(
        label="到目标年",
        required=False,
        choices=[("", "按规则"), *Outlook.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = _reason("理由（与规则提出的判定一并显示）")
