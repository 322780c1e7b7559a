"""Load a plan from a folder of CSV files or a workbook; all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workbooks.actions import Loaded, load_plan
from workbooks.cells import Unusable


class Command(BaseCommand):
    help = "从文件夹（每表一个 CSV）或 Excel 工作簿载入规划"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="文件夹或 .xlsx")
        parser.add_argument("--dry-run", action="store_true", help="只列出将新增、变更的内容，不保存")

    def handle(self, *, path: Path, dry_run: bool, **options: Any) -> None:
        try:
            loaded = load_plan(path, by=None, dry_run=dry_run)
        except Unusable as unusable:
            lines = "\n".join(f"  {problem}" for problem in unusable.problems)
            raise CommandError(f"没有载入任何内容，请改正以下 {len(unusable.problems)} 处后重试：\n{lines}") from None
        self.stdout.write(in_words(loaded))


def in_words(loaded: Loaded) -> str:
    """What was done by sheet, then the cells that were read otherwise than they stand."""
    lines = [
        f"{sheet.sheet}：新增 {sheet.created}，变更 {sheet.changed}，不变 {sheet.unchanged}" for sheet in loaded.sheets
    ]
    if loaded.is_dry_run:
        lines += [f"  {sheet.sheet}　{label}" for sheet in loaded.sheets for label in sheet.labels]
    if loaded.examples:
        lines.append(f"跳过示例行 {loaded.examples} 行。")
    if loaded.understood:
        lines.append("以下单元格按如下理解，请核对：")
        lines += [f"  {note}" for note in loaded.understood]
    if loaded.is_dry_run:
        lines.append("以上为试算，没有保存。")
    elif loaded.touched:
        lines.append(f"规划 {loaded.plan} 已载入。")
    else:
        lines.append(f"规划 {loaded.plan} 没有变化。")
    return "\n".join(lines)
