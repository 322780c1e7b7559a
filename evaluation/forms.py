"""What people type on the pages of a case."""

from typing import Any

from django import forms

from evaluation.models import Evaluation, EvaluationKind, GroupPart, Outlook, Stage, Verdict
from evaluation.queries.case import conditions_of
from evaluation.stages import FOUR_STAGES, THREE_STAGES
from organisations.models import Role, User
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


def _round() -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(
        ReportingPeriod.objects.none(),
        label="专项填报",
        required=False,
        empty_label="以后指定",
        widget=forms.Select(attrs={"class": "form-select"}),
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


class ChangeForm(forms.Form):
    """A case's dates, its special round, and when its stages are planned; and why they change."""

    cut_off = _day("数据截止日", required=True)
    outlook_until = _day("展望数据截止日")
    round = _round()
    reason = _reason("变更的理由（长期保留）")

    def __init__(self, evaluation: Evaluation, typed: Any = None) -> None:
        self._stages = list(evaluation.stages.all())
        initial: dict[str, Any] = {name: getattr(evaluation, name) for name in ("cut_off", "outlook_until", "round")}
        for stage in self._stages:
            initial |= {f"starts_{stage.number}": stage.starts_on, f"ends_{stage.number}": stage.ends_on}
        super().__init__(typed, initial=initial)
        self.fields["round"].queryset = evaluation.plan.periods.filter(kind=PeriodKind.SPECIAL)  # type: ignore[attr-defined]
        for stage in self._stages:
            self.fields[f"starts_{stage.number}"] = _day(f"“{stage.title}”计划开始")
            self.fields[f"ends_{stage.number}"] = _day(f"“{stage.title}”计划结束")

    @property
    def stages(self) -> list[tuple[str, Any, Any]]:
        """Each stage's title with its two fields, for the page."""
        return [(each.title, self[f"starts_{each.number}"], self[f"ends_{each.number}"]) for each in self._stages]

    def changes(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        numbers = [stage.number for stage in self._stages]
        days = {number: (data[f"starts_{number}"], data[f"ends_{number}"]) for number in numbers}
        return {name: data[name] for name in ("cut_off", "outlook_until", "round", "reason")} | {"days": days}


class MemberForm(forms.Form):
    """Who is named into the working group, as what, and what is theirs to do."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="人员",
        empty_label="请选择",
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="只列有审核人或分管领导角色的在岗人员；角色由安全管理员授予。",
        error_messages={"required": "请选择人员。", "invalid_choice": "没有这个人员，请重新选择。"},
    )
    part = forms.ChoiceField(
        label="身份", choices=GroupPart.choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    task = forms.CharField(
        label="分工", max_length=200, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed)
        holders = User.objects.filter(
            is_active=True, grants__role__in=(Role.REVIEWER, Role.LEADER), grants__withdrawn_at=None
        )
        self.fields["user"].queryset = holders.distinct().order_by("name")  # type: ignore[attr-defined]


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
    round = _round()
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
