from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup import keys_file, uploads_in, write


class Command(BaseCommand):
    help = "备份数据库、上传文件和锚点到一个文件；密钥（签名密钥在内）另存为“文件名.keys”，请与备份分开保管。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="FILE", help="备份文件")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["to"]).absolute()
        if file.exists():
            raise CommandError(f"{file} 已存在，请换一个文件名。")
        if not file.parent.is_dir():
            raise CommandError(f"目录 {file.parent} 不存在。")
        contents = write(file)
        size = f"{file.stat().st_size:,}"
        self.stdout.write(f"已备份到 {file}（{size} 字节，上传文件 {uploads_in(contents)} 个）。")
        self.stdout.write(f"密钥在 {keys_file(file)}，请与备份分开保管。")
