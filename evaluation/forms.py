"""What people type on the pages of a case."""

from typing import Any

from django import forms

from evaluation.models import Evaluation, EvaluationKind, Outlook, Stage, Verdict
from evaluation.queries.case import conditions_of
from evaluation.stages import FOUR_STAGES, THREE_STAGES
from plans.models import PeriodKind, Plan, ReportingPeriod

RESERVED = "new"  # stands in an address where a case's code could


def _day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
        error_messages={"required": f"请填写{label}。", "invalid": "请写成 2023-06-30 的样子。"},
    )


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


class CreateForm(forms.Form):
    """A new case: its dates, the special round that it stands on, and when each stage is planned."""

    name = forms.CharField(
        label="名称",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control wide"}),
        error_messages={"required": "请填写名称。"},
    )
    code = forms.SlugField(
        label="代码",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="用于网址和命令，只用小写字母、数字和连字符，例如 plan-2023-midterm。",
        error_messages={"required": "请填写代码。", "invalid": "代码只能用字母、数字、下划线和连字符。"},
    )
    kind = forms.ChoiceField(
        label="类别",
        choices=EvaluationKind.choices,
        initial=EvaluationKind.MID_TERM,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    cut_off = _day("数据截止日", required=True)
    outlook_until = _day("展望数据截止日")
    round = forms.ModelChoiceField(
        ReportingPeriod.objects.none(),
        label="专项填报",
        required=False,
        empty_label="以后指定",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    is_reported_upward = forms.BooleanField(label="含“审议报送”阶段", required=False)

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        special = plan.periods.filter(kind=PeriodKind.SPECIAL)
        self.fields["round"].queryset = special  # type: ignore[attr-defined]
        for number, outline in enumerate(FOUR_STAGES, start=1):
            self.fields[f"starts_{number}"] = _day(f"“{outline.title}”计划开始")
            self.fields[f"ends_{number}"] = _day(f"“{outline.title}”计划结束")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code == RESERVED:
            raise forms.ValidationError(f"“{RESERVED}”不能作代码，请换一个。")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number, outline in enumerate(FOUR_STAGES, start=1):
            starts, ends = data.get(f"starts_{number}"), data.get(f"ends_{number}")
            if (starts is None) != (ends is None):
                self.add_error(f"ends_{number}", f"“{outline.title}”的计划开始和结束要么都填，要么都不填。")
            elif starts and ends and ends < starts:
                self.add_error(f"ends_{number}", f"“{outline.title}”的计划结束不能早于计划开始。")
        return data

    @property
    def stages(self) -> list[tuple[str, Any, Any]]:
        """Each stage's title with its two fields, for the page."""
        return [
            (outline.title, self[f"starts_{number}"], self[f"ends_{number}"])
            for number, outline in enumerate(FOUR_STAGES, start=1)
        ]

    def case(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        stages = FOUR_STAGES if data["is_reported_upward"] else THREE_STAGES
        days = [(data[f"starts_{number}"], data[f"ends_{number}"]) for number in range(1, len(stages) + 1)]
        named = ("name", "code", "kind", "cut_off", "outlook_until", "round")
        return {name: data[name] for name in named} | {"stages": stages, "dates": days}
