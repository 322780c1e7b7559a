from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.actions import make_first_accounts
from organisations.models import Role


class Command(BaseCommand):
    help = "建立一名系统管理员和一名安全管理员，各打印一次性密码（只显示这一次）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--system", default="admin", help="系统管理员的登录名")
        parser.add_argument("--security", default="security", help="安全管理员的登录名")

    def handle(self, *args: Any, **options: Any) -> None:
        names = {
            Role.SYSTEM_ADMINISTRATOR: options["system"],
            Role.SECURITY_ADMINISTRATOR: options["security"],
        }
        try:
            made = make_first_accounts(names)
        except ValidationError as refusal:
            raise CommandError("；".join(refusal.messages)) from refusal
        for user, password in made:
            self.stdout.write(f"{user.name}　登录名 {user.username}　一次性密码 {password}")
        self.stdout.write("首次登录须修改密码。以上密码只显示这一次。")
