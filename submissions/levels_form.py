"""What the working group types about how many steps a form takes."""

from typing import Any

from django import forms

from audit.clock import today
from organisations.models import Organisation, valid_on
from plans.forms import reason_field
from submissions.actions.levels import LONGEST
from submissions.models import StampRule

SELECT = {"class": "form-select"}
WHOLE_PLAN = "整个规划"
IN_UNIT = {1: "一级：填报", 2: "两级：填报、单位负责人确认"}
IN_GROUP = {1: "一级：审核", 2: "两级：初审、终审"}


def _level(label: str, words: dict[int, str]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "照旧：单位照规划，规划照默认（一级）"), *words.items()],
        widget=forms.Select(attrs=SELECT),
    )


class LevelsForm(forms.Form):
    """One or two levels, for the plan or one organisation."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="适用于",
        required=False,
        empty_label=WHOLE_PLAN,
        widget=forms.Select(attrs=SELECT),
    )
    in_unit = _level("单位内", IN_UNIT)
    in_group = _level("专项小组", IN_GROUP)
    stamped = forms.ChoiceField(
        label="盖章确认（对整个规划）",
        choices=StampRule.choices,
        initial=StampRule.NOT_NEEDED,
        required=False,
        widget=forms.Select(attrs=SELECT),
        help_text="填报表打印、盖章后上传扫描件；之后内容有改动的，须重新盖章。",
    )
    stamp_days = forms.IntegerField(
        label="提交后几个工作日内补交",
        required=False,
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        help_text="只在“提交后限期补交”时填写。",
        error_messages={"invalid": "请填写整数。"},
    )
    reason = reason_field()

    def clean_stamped(self) -> str:
        return str(self.cleaned_data["stamped"] or StampRule.NOT_NEEDED)

    def clean(self) -> dict[str, Any]:
        """The paper is the whole plan's: what the page shows of it isn't said of an organisation."""
        told = super().clean() or self.cleaned_data
        if told.get("organisation") is not None:
            told |= {"stamped": StampRule.NOT_NEEDED, "stamp_days": None}
        return told

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organisation.objects.filter(valid_on(today())).order_by("position", "code")
