"""Write a form as a workbook to fill in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.actions.workbook import hand_out
from submissions.models import Submission


class Command(BaseCommand):
    help = "把一个单位一个报告期的填报表写成 Excel 工作簿"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, help="单位代码")
        parser.add_argument("--period", required=True, help="报告期代码")
        parser.add_argument("--plan", default="", help="规划代码；只有一个规划有这个报告期时可以不给")
        parser.add_argument("--to", type=Path, required=True, help="写到哪个文件（.xlsx）")

    def handle(self, *, organisation: str, period: str, plan: str, to: Path, **options: Any) -> None:
        submission = form_named(organisation, period, plan)
        try:
            to.write_bytes(hand_out(submission, by=None))
        except OSError as error:
            raise CommandError(f"写不了文件“{to}”：{error.strerror}。") from None
        self.stdout.write(f"{submission}已写入 {to}。")


def form_named(organisation: str, period: str, plan: str = "") -> Submission:
    """Return the form that the codes name.

    Raises:
        CommandError: there is none, or several plans have one.
    """
    forms = Submission.objects.filter(organisation__code=organisation, period__code=period)
    forms = forms.filter(period__plan__code=plan) if plan else forms
    found = list(forms.select_related("period__plan", "organisation")[:2])
    if not found:
        raise CommandError(f"单位“{organisation}”没有报告期“{period}”的填报表。请核对代码，以及这一期是否已开放填报。")
    if len(found) > 1:
        raise CommandError(f"有几个规划的报告期都叫“{period}”。请加 --plan 规划代码。")
    return found[0]
