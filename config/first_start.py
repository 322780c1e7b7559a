"""What is done before the processes of ``make run`` start: tables, schedules, static files; on an empty database the plan
and the demonstration."""

import io
import json
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from overview.demo_password import demo_password

PLAN = "data/longgang"
MANIFEST = "staticfiles.json"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def static_files_changed() -> bool:
    """Whether a file is newer than the collected ones, new, or gone."""
    manifest = Path(settings.STATIC_ROOT) / MANIFEST
    if not manifest.exists():
        return True
    collected = set(json.loads(manifest.read_text())["paths"])
    at = manifest.stat().st_mtime
    found = set()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.add(name)
            if os.path.getmtime(storage.path(name)) > at:
                return True
    return found != collected


def load_first_data() -> None:
    if apps.get_model("plans", "Plan").objects.exists():
        return
    say("正在载入规划和演示数据……")
    call_command("load_plan", PLAN, stdout=io.StringIO())
    call_command("demo", "--yes-in-production", stdout=io.StringIO())


def demonstration_accounts() -> list[str]:
    """Return one account of each role whose password is the demonstration's, in lines for the terminal."""
    password = demo_password()
    users = apps.get_model("organisations", "User").objects.filter(is_active=True).select_related("organisation")
    role = apps.get_model("organisations", "RoleGrant")._meta.get_field("role")
    lines = []
    for value, title in role.choices or ():
        user = users.filter(grants__role=value, grants__withdrawn_at=None).order_by("pk").first()
        if user is not None and user.check_password(password):
            lines.append(f"  {user.username}  {title}  {user.organisation.name}  {user.name}")
    return [f"演示账号（登录名、角色、单位、姓名），密码均为 {password}", *lines] if lines else []


def main() -> None:
    django.setup()
    try:
        say("正在准备数据库……")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("signing_key", stdout=io.StringIO())
        call_command("sync_schedules", stdout=io.StringIO())
        if static_files_changed():
            call_command("collectstatic", verbosity=0, interactive=False)
        load_first_data()
    except CommandError as error:
        sys.exit(str(error))
    print("\n".join(demonstration_accounts()))


if __name__ == "__main__":
    main()
