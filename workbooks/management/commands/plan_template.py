"""Write the empty workbook that load_plan reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workbooks.template import write_template


class Command(BaseCommand):
    help = "生成规划数据的空白工作簿（含填写说明、下拉列表和示例行）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="写到哪个 .xlsx 文件")

    def handle(self, *, to: Path, **options: Any) -> None:
        if to.suffix.lower() != ".xlsx":
            raise CommandError(f"“{to.name}”的扩展名应为 .xlsx。")
        if to.exists():
            raise CommandError(f"“{to}”已经存在，没有覆盖。请换一个文件名。")
        try:
            write_template(to)
        except OSError as error:
            raise CommandError(f"无法写入“{to}”：{error.strerror}。") from error
        self.stdout.write(f"已生成 {to}。填好后运行 load_plan {to} --dry-run 试载。")
