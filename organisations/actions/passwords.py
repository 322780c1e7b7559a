"""Passwords: chosen by the person, or made once for a new one or one who forgot."""

import secrets
import string

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import now
from audit.recording import record, recorded
from organisations.models import FormerPassword, User

# letters and digits that nobody takes for one another
UPPER, LOWER, DIGITS = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789"
REMEMBERED = 20  # hashes kept for each person; the rule in settings compares fewer


def change_password(user: User, *, by: User, old: str, new: str) -> User:
    """Take the person's new password; the old one is remembered, and every other session ends.

    Raises:
        PermissionDenied: `by` is somebody else.
        ValidationError: keyed ``old`` or ``new``: the old one is wrong, the new one breaks a rule.
    """
    if by.pk != user.pk:
        raise PermissionDenied("只能修改自己的密码。")
    with recorded(by=by, reason="修改密码"):
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not check_password(old, locked.password):
            raise ValidationError({"old": "原密码不对。"})
        try:
            validate_password(new, locked)
        except ValidationError as refusal:
            raise ValidationError({"new": refusal.messages}) from refusal
        take_password(locked, new, must_change=False)
        record("user.change_password", locked)
    user.refresh_from_db()
    return user


def take_password(user: User, password: str, *, must_change: bool) -> None:
    """Store a password on a locked row, and remember the one before."""
    if user.password:
        FormerPassword.objects.create(user=user, encoded=user.password, at=now())
        kept = user.former_passwords.values_list("pk", flat=True)[:REMEMBERED]
        user.former_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = must_change, now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def one_time_password() -> str:
    """Return a random password of three groups, easy to read out over the telephone."""
    alphabet = UPPER + LOWER + DIGITS
    while True:
        groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if all(any(c in kind for c in password) for kind in (string.ascii_uppercase, string.ascii_lowercase, DIGITS)):
            return password
