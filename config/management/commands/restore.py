import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config.backup import is_empty, read
from config.local_services import replace_secret


class Command(BaseCommand):
    help = "用备份恢复数据库和上传文件。恢复前请停止系统。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="manage.py backup 写出的文件")
        parser.add_argument("--keys", metavar="FILE", help="密钥文件")
        parser.add_argument("--replace", action="store_true", help="数据库已有数据时，以备份替换")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"]).absolute()
        if not file.is_file():
            raise CommandError(f"没有备份文件 {file}。")
        key = key_in(Path(options["keys"])) if options["keys"] else ""
        if not options["replace"] and not is_empty():
            raise CommandError(
                "数据库已有数据，没有恢复任何内容。确要以备份替换，请加 --replace（建议先备份现有数据）。"
            )
        for connection in connections.all(initialized_only=True):
            connection.close()
        contents = read(file)
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(f"已恢复 {contents['at']} 的备份（上传文件 {len(contents['sha256']) - 1} 个）。")
        if key:
            self.put_back(key)

    def put_back(self, key: str) -> None:
        if os.environ.get("SECRET_KEY"):
            if key != settings.SECRET_KEY:
                self.stdout.write("环境变量 SECRET_KEY 与备份时不同：请改为密钥文件中的值，否则所有人须重新登录。")
        else:
            replace_secret("secret_key", key)


def key_in(file: Path) -> str:
    try:
        return str(json.loads(file.read_text())["SECRET_KEY"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} 不是密钥文件，没有恢复任何内容。") from error
