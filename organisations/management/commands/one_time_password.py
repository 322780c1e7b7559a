from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.actions import give_one_time_password
from organisations.models import User


class Command(BaseCommand):
    help = "给一个账号新的一次性密码（只显示这一次）；安全管理员、安全审计员忘记密码时用。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="登录名")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有登录名为“{options['username']}”的账号。")
        self.stdout.write(f"{user.name}　登录名 {user.username}　一次性密码 {give_one_time_password(user)}")
