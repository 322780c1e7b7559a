"""What the working group types to tune a rule."""

from typing import Any

from django import forms

from indicators.models import Indicator
from plans.models import Plan
from submissions.checks.rule import Rule
from submissions.models import CheckSetting, Severity

CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
AS_BEFORE = "照旧"
WHOLE_PLAN = "整个规划"


class TuningForm(forms.Form):
    """How strict the rule is, for the plan or one indicator; its parameters are fields by their names."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.none(),
        label="适用于",
        required=False,
        empty_label=WHOLE_PLAN,
        widget=forms.Select(attrs=SELECT),
    )
    severity = forms.ChoiceField(label="程度", required=False, widget=forms.Select(attrs=SELECT))
    reason = forms.CharField(
        label="理由（长期保留）",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **CONTROL}),
        error_messages={"required": "请填写理由。"},
    )

    def __init__(self, plan: Plan, rule: Rule, typed: Any = None, *, setting: CheckSetting | None = None) -> None:
        self.rule = rule
        initial: dict[str, Any] = {}
        if setting is not None:
            initial = {"indicator": setting.indicator_id, "severity": setting.severity, **setting.parameters}
        super().__init__(typed, initial=initial)
        choice, severity = self.fields["indicator"], self.fields["severity"]
        assert isinstance(choice, forms.ModelChoiceField)
        assert isinstance(severity, forms.ChoiceField)
        choice.queryset = Indicator.objects.filter(plan=plan).order_by("number")
        severity.choices = [("", f"{AS_BEFORE}（{rule.severity.label}）"), *Severity.choices]
        for name, parameter in rule.parameters.items():
            usual = "没有默认值" if parameter.default is None else f"默认 {parameter.default:f}"
            self.fields[name] = forms.CharField(
                label=parameter.label,
                required=False,
                max_length=20,
                help_text=f"{usual}；照旧的，留空。",
                widget=forms.TextInput(attrs={"inputmode": "decimal", **CONTROL}),
            )
        self.order_fields(["indicator", "severity", *rule.parameters, "reason"])

    def setting(self) -> dict[str, Any]:
        """What was typed, as the verb takes it."""
        told = self.cleaned_data
        return {
            "indicator": told["indicator"],
            "severity": told["severity"],
            "reason": told["reason"],
            "parameters": {name: told[name] for name in self.rule.parameters},
        }
