from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from audit.states import document


class Command(BaseCommand):
    help = "列出各类记录的状态和办理步骤（Mermaid 图）；--write 写入 docs/states.md。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="写入 docs/states.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            (Path(settings.BASE_DIR) / "docs" / "states.md").write_text(document(), encoding="utf-8")
        else:
            self.stdout.write(document())
