from typing import Any, cast

from django import forms

from organisations.models import Organisation, Role, RoleGrant, User


def password_field(label: str, **attributes: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "form-control", **attributes})
    return forms.CharField(label=label, strip=False, max_length=128, widget=widget)


class SignInForm(forms.Form):
    username = forms.CharField(
        label="账号",
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "username", "autocapitalize": "none"}),
    )
    password = password_field("密码", autocomplete="current-password")


class ChangePasswordForm(forms.Form):
    old = password_field("原密码", autocomplete="current-password")
    new = password_field("新密码", autocomplete="new-password")
    again = password_field("再输一遍新密码", autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        return data


def text_field(label: str, *, required: bool = True, length: int = 100, **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", **attributes})
    hint = "" if required else "可不填。"
    return forms.CharField(label=label, required=required, max_length=length, widget=widget, help_text=hint)


class ReasonForm(forms.Form):
    reason = text_field("理由", length=500)


class PersonForm(forms.Form):
    username = text_field("登录名", length=50, autocomplete="off", autocapitalize="none")
    name = text_field("姓名", autocomplete="off")
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(),
        label="单位",
        empty_label="请选择",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    phone = text_field("电话", required=False, length=50, autocomplete="off")
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class HandOverForm(ReasonForm):
    """To whom of the same organisation a person's open work goes."""

    to = forms.ModelChoiceField(
        User.objects.none(), label="接收人", empty_label="请选择", widget=forms.Select(attrs={"class": "form-select"})
    )
    field_order = ["to", "reason"]

    def __init__(self, person: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        colleagues = User.objects.filter(organisation=person.organisation_id, is_active=True).exclude(pk=person.pk)
        cast(Any, self.fields["to"]).queryset = colleagues


class GrantForm(ReasonForm):
    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *Role.choices], widget=forms.Select(attrs={"class": "form-select"})
    )
    field_order = ["role", "reason"]


class WithdrawForm(ReasonForm):
    grant = forms.ModelChoiceField(RoleGrant.objects.filter(withdrawn_at=None), widget=forms.HiddenInput)


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label="人员名单（.xlsx 或 .csv）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
    )
