"""Permissions come from roles; there is no superuser."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from organisations.models import Role, User

LOOK = frozenset({"view", "export"})
EDIT = frozenset({"add", "change", "view", "import", "export"})

PLANNED = ("plans.*", "tasks.*", "projects.*", "indicators.*", "responsibilities.*")
BUSINESS = (*PLANNED, "submissions.*", "files.*", "background.*", "evaluation.*", "reports.*", "reminders.*")
WHO = ("organisations.organisation", "organisations.user", "organisations.handover")
SIGN_INS = ("axes.accesslog", "axes.accessattempt", "axes.accessfailurelog")

# What a role may do in the administration pages: "room.model" or "room.*" → verbs. What isn't here is refused:
# drafts and the case, to the administrators of accounts; deleting, to everybody (nothing that was is taken away).
ADMIN_PERMISSIONS: dict[str, dict[str, frozenset[str]]] = {
    Role.SYSTEM_ADMINISTRATOR: {
        **dict.fromkeys(PLANNED, EDIT),
        "organisations.organisation": EDIT,
        "organisations.user": frozenset({"change", "view", "export"}),  # made on a page, with a one-time password
        "organisations.handover": LOOK,
        "django_celery_beat.periodictask": frozenset({"view", "change"}),
        "reminders.notice": LOOK,
    },
    Role.SECURITY_ADMINISTRATOR: {
        "organisations.rolegrant": LOOK,
        "organisations.user": frozenset({"view"}),
        "organisations.organisation": frozenset({"view"}),
        "axes.accessattempt": frozenset({"view"}),
    },
    Role.SECURITY_AUDITOR: {
        **dict.fromkeys(SIGN_INS, LOOK),
        **dict.fromkeys(WHO, frozenset({"view"})),
        "organisations.rolegrant": LOOK,
    },
    Role.REVIEWER: dict.fromkeys((*BUSINESS, *WHO), LOOK),
    Role.AUDITOR: dict.fromkeys((*BUSINESS, *WHO, "organisations.rolegrant", "audit.*"), LOOK),
}


class RoleBackend(BaseBackend):
    """Signs in by name and password, and derives permissions from the roles that a person holds now."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """An unknown name costs the same time as a wrong password."""
        user = User.objects.filter(username=username).first() if username else None
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password or "") and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.select_related("organisation").filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Tell whether a role gives ``room.verb_model``; a permission is for a table, never for one row of it."""
        room, _, codename = perm.partition(".")
        verb, _, model = codename.partition("_")
        return any(verb in _verbs(role, room, model) for role in _live_roles(user_obj))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(
            verbs and table.split(".")[0] == app_label
            for role in _live_roles(user_obj)
            for table, verbs in ADMIN_PERMISSIONS.get(role, {}).items()
        )


def _verbs(role: str, room: str, model: str) -> frozenset[str]:
    given = ADMIN_PERMISSIONS.get(role, {})
    return given.get(f"{room}.{model}", given.get(f"{room}.*", frozenset()))


def _live_roles(user: Any) -> frozenset[str]:
    return user.roles if isinstance(user, User) and user.is_active else frozenset()
