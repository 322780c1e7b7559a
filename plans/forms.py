"""What people type about a reporting period."""

from datetime import date, datetime
from typing import Any

from django import forms

from plans.calendar import end_of_day, local_day
from plans.models import PeriodKind, ReportingPeriod

CONTROL = {"class": "form-control"}


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **CONTROL}),
        error_messages={"required": f"请填写{label}。", "invalid": "请写成 2023-06-30 的样子。"},
        **options,
    )


def _due() -> forms.DateField:
    return day_field("报送时限", help_text="到这一天的最后一秒为止。")


def reason_field(label: str = "理由（长期保留）") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **CONTROL}),
        error_messages={"required": "请填写理由。"},
    )


class PeriodForm(forms.Form):
    """What a period is; ``definition`` gives it as the verbs take it."""

    name = forms.CharField(
        label="名称",
        max_length=100,
        widget=forms.TextInput(attrs=CONTROL),
        help_text="例如 2023年1–9月。",
        error_messages={"required": "请填写名称。"},
    )
    code = forms.SlugField(
        label="代码",
        max_length=50,
        widget=forms.TextInput(attrs=CONTROL),
        help_text="用于网址，只用小写字母、数字和连字符，例如 2023-q3。",
        error_messages={"required": "请填写代码。", "invalid": "代码只能用字母、数字、下划线和连字符。"},
    )
    kind = forms.ChoiceField(
        label="类别",
        choices=PeriodKind.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="专项填报问到全部指标；其余按各指标的统计周期，只问到期的。",
    )
    starts_on = day_field("起始日")
    ends_on = day_field("截止日")
    opens_on = day_field("开放日", help_text="到这一天提醒审核人开放填报。")
    due_on = _due()
    takes_late = forms.BooleanField(
        label="允许逾期报送",
        required=False,
        initial=True,
        help_text="不允许的，过了时限没有报送过的填报表不能再提交，须先申请延期。",
    )

    def definition(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["deadline"] = end_of_day(told.pop("due_on"))
        told.pop("reason", None)
        return told


class ChangedPeriodForm(PeriodForm):
    """The same for a period that is there, and why it changes."""

    reason = reason_field()

    def __init__(self, period: ReportingPeriod, typed: Any = None) -> None:
        names = ("name", "code", "kind", "starts_on", "ends_on", "opens_on", "takes_late")
        initial: dict[str, Any] = {name: getattr(period, name) for name in names}
        super().__init__(typed, initial=initial | {"due_on": local_day(period.deadline)})

    def definition(self) -> dict[str, Any]:
        return {**super().definition(), "reason": self.cleaned_data["reason"]}


class ReasonForm(forms.Form):
    reason = reason_field()


class DeadlineForm(ReasonForm):
    """Another deadline, and why."""

    due_on = _due()
    field_order = ("due_on", "reason")

    def __init__(self, *given: Any, is_notice: bool = False) -> None:
        super().__init__(*given)
        if is_notice:
            self.fields["reason"].help_text = "新的时限距今不足 5 个工作日的，理由一并显示在填报表上。"

    @property
    def deadline(self) -> datetime:
        day: date = self.cleaned_data["due_on"]
        return end_of_day(day)
