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


class ScanForm(forms.Form):
    """The scan of the stamped paper, and the code that is printed on it."""

    code = forms.CharField(
        label="纸上的版本码",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="印在表末，例如 A1B2-C3D4。用来核对纸质表与系统中的数据是同一版。",
        error_messages={"required": "请填写纸上的版本码。"},
    )
    file = forms.FileField(
        label="盖章件（PDF 或图片）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": "请选择扫描件。", "empty": "文件是空的，请重新选择。"},
    )
