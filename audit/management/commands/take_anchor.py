from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.anchors import folder, take
from audit.signing import NoKey


class Command(BaseCommand):
    help = "为变更历史取一个锚点：签名存档，并打印为一行，可抄入公文。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--occasion", default="command", help="因何取锚点")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchor = take(options["occasion"])
        except NoKey as error:
            raise CommandError(str(error)) from error
        self.stdout.write(anchor.line)
        self.stderr.write(f"已存入 {folder()}。")
        if not anchor.values["sm3"]:
            self.stderr.write("本机的密码库没有 SM3，锚点中的国密摘要（sm3）为空。")
