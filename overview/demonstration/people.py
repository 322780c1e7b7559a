"""Everybody in the demonstration, with one password for all of them."""

from django.contrib.auth.hashers import make_password

from audit.clock import now
from audit.models import Door
from audit.recording import recorded
from organisations.actions import create_user, grant_role, make_first_accounts
from organisations.models import Organisation, Role, User
from overview.demonstration.script import Script

ROLES = {str(role.label): role for role in Role}


def make_people(script: Script, password: str) -> None:
    """Make the accounts with their roles, as the first two administrators would."""
    administrators = {Role(role): name for role, name in script.case["administrators"].items()}
    first = {user.username: user for user, _ in make_first_accounts(administrators)}
    system = first[administrators[Role.SYSTEM_ADMINISTRATOR]]
    security = first[administrators[Role.SECURITY_ADMINISTRATOR]]
    organisations = {row.code: row for row in Organisation.objects.all()}
    people = [system, security]
    for line in script.people:
        if line["登录名"] in administrators.values():
            continue
        user, _ = create_user(
            by=system, username=line["登录名"], name=line["姓名"], organisation=organisations[line["单位"]]
        )
        grant_role(user, ROLES[line["角色"]], by=security)
        people.append(user)
    _settle(script, organisations, [user.pk for user in people], password)


def _settle(script: Script, organisations: dict[str, Organisation], keys: list[int], password: str) -> None:
    """Give the first two their names and places, and everybody the demonstration's password, hashed once."""
    names = {line["登录名"]: line for line in script.people}
    with recorded(by=None, reason="建立演示账号", door=Door.COMMAND):
        for user in User.objects.filter(username__in=script.case["administrators"].values()):
            user.name, user.organisation = names[user.username]["姓名"], organisations[names[user.username]["单位"]]
            user.save(update_fields=["name", "organisation"])
        User.objects.filter(pk__in=keys).update(
            password=make_password(password), must_change_password=False, password_changed_at=now()
        )
