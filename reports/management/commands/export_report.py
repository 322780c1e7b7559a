from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.models import Evaluation
from reports.actions import export_report


class Command(BaseCommand):
    help = "把一次评估的报告导出为 Word 文件。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="评估的代码")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE.docx", help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        evaluation = Evaluation.objects.select_related("plan__host").filter(code=options["code"]).first()
        if evaluation is None:
            known = "、".join(Evaluation.objects.values_list("code", flat=True)) or "还没有评估"
            raise CommandError(f"没有代码为“{options['code']}”的评估。现有：{known}。")
        try:
            document = export_report(evaluation, by=None)
            options["to"].write_bytes(document)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except OSError as error:
            raise CommandError(f"写不了文件 {options['to']}：{error.strerror}。") from error
        self.stdout.write(f"已导出：{options['to']}（{len(document)} 字节）。")
