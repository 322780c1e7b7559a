import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from audit import signing
from config.backup import is_empty, read, uploads_in
from config.local_services import replace_secret


class Command(BaseCommand):
    help = "用备份恢复数据库、上传文件和锚点；给出密钥文件时，也恢复签名密钥。恢复前请停止系统。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="manage.py backup 写出的文件")
        parser.add_argument("--keys", metavar="FILE", help="密钥文件")
        parser.add_argument("--replace", action="store_true", help="数据库已有数据时，以备份替换")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"]).absolute()
        if not file.is_file():
            raise CommandError(f"没有备份文件 {file}。")
        keys = keys_in(Path(options["keys"])) if options["keys"] else {}
        if not options["replace"] and not is_empty():
            raise CommandError(
                "数据库已有数据，没有恢复任何内容。确要以备份替换，请加 --replace（建议先备份现有数据）。"
            )
        for connection in connections.all(initialized_only=True):
            connection.close()
        contents = read(file)
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(f"已恢复 {contents['at']} 的备份（上传文件 {uploads_in(contents)} 个）。")
        if keys:
            self.put_back(keys["SECRET_KEY"])
            if not signing.put_back(keys.get("signing", {})):
                self.stdout.write(
                    f"{signing.folder()} 中已有另一把签名密钥，备份中的没有放回。请运行 python manage.py signing_key。"
                )

    def put_back(self, key: str) -> None:
        if os.environ.get("SECRET_KEY"):
            if key != settings.SECRET_KEY:
                self.stdout.write("环境变量 SECRET_KEY 与备份时不同：请改为密钥文件中的值，否则所有人须重新登录。")
        else:
            replace_secret("secret_key", key)


def keys_in(file: Path) -> dict[str, Any]:
    try:
        keys = dict(json.loads(file.read_text()))
        if not isinstance(keys["SECRET_KEY"], str) or not isinstance(keys.get("signing", {}), dict):
            raise TypeError
        return keys
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} 不是密钥文件，没有恢复任何内容。") from error
