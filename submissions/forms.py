"""What people type about a form's deadline."""

from datetime import date, datetime

from django import forms

from plans.calendar import end_of_day
from plans.forms import day_field, reason_field


class ExtensionForm(forms.Form):
    """Until when an organisation asks to report, and why."""

    until = day_field("申请延至", help_text="到这一天的最后一秒为止。")
    reason = reason_field("延期的理由（长期保留，审核人可见）")

    @property
    def moment(self) -> datetime:
        day: date = self.cleaned_data["until"]
        return end_of_day(day)
