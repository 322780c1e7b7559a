from typing import Any

from django import forms


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
