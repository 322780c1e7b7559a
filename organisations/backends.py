"""Permissions come from roles; there is no superuser."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from organisations.models import Role, User

# role: (application label or *, verb) pairs that it may use in the admin pages
ADMIN_PERMISSIONS: dict[str, set[tuple[str, str]]] = {}


class RoleBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        user = User.objects.filter(username=username).first() if username else None
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password or "") and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.select_related("organisation").filter(pk=user_id, is_active=True).first()


__all__ = ["ADMIN_PERMISSIONS", "Role", "RoleBackend"]
