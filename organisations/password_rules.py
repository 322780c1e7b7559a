"""Rules for passwords, after 等保三级."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from organisations.models import User


class LengthAndKinds:
    def __init__(self, length: int, kinds: int) -> None:
        self.length, self.kinds = length, kinds

    def validate(self, password: str, user: User | None = None) -> None:
        present = [any(test(c) for c in password) for test in (str.isupper, str.islower, str.isdigit)]
        present.append(any(not c.isalnum() for c in password))
        if len(password) < self.length or sum(present) < self.kinds:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return f"密码至少 {self.length} 位，并含大写字母、小写字母、数字、符号中的 {self.kinds} 种。"


class NotRecent:
    """The last ``remembered`` passwords, the present one among them, are not taken again."""

    def __init__(self, remembered: int) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = [user.password, *user.former_passwords.values_list("encoded", flat=True)[: self.remembered - 1]]
        if any(check_password(password, encoded) for encoded in used):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return f"不能与最近 {self.remembered} 次用过的密码相同。"
