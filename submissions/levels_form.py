"""What the working group types about how many steps a form takes."""

from typing import Any

from django import forms

from audit.clock import today
from organisations.models import Organisation, valid_on
from plans.forms import reason_field

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
    reason = reason_field()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organisation.objects.filter(valid_on(today())).order_by("position", "code")
