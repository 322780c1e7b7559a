"""Print how each indicator of a case is assessed: the query that the pages and the report show."""

import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from arithmetic.shown import number_on_screen, percent, rounded
from evaluation.models import Evaluation
from evaluation.queries import Assessed, assess

PLACES = 6


class Command(BaseCommand):
    help = "按已发布值评价一次评估的各项指标"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="评估代码")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, code: str, json: bool, **options: Any) -> None:
        evaluation = Evaluation.objects.select_related("plan").filter(code=code).first()
        if evaluation is None:
            known = "、".join(Evaluation.objects.values_list("code", flat=True)) or "（暂无）"
            raise CommandError(f"没有代码为“{code}”的评估。现有：{known}。")
        rows = assess(evaluation)
        self.stdout.write(as_json(rows) if json else as_text(evaluation, rows))


def as_json(rows: list[Assessed]) -> str:
    """A list of objects, numbers exact: Decimals are written out, never turned into binary floats."""
    objects = [", ".join(f"{json.dumps(key)}: {_json_value(value)}" for key, value in _row(row)) for row in rows]
    return "[\n" + ",\n".join(f"  {{{each}}}" for each in objects) + "\n]"


def _json_value(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _row(row: Assessed) -> list[tuple[str, object]]:
    indicator, judgement, decided = row.indicator, row.judgement, row.decided
    return [
        ("number", row.number),
        ("name", row.name),
        ("unit", indicator.unit),
        ("base", _exact(indicator.base)),
        ("base_printed", indicator.base_printed),
        ("target", _exact(indicator.target)),
        ("target_printed", indicator.target_printed),
        ("value", _exact(row.value)),
        ("value_printed", row.published.value_printed if row.published else ""),
        ("as_of", row.as_of.last_day.isoformat() if row.as_of else None),
        ("as_of_printed", row.as_of_words if row.as_of else ""),
        ("progress", _ratio(row.progress)),
        ("completion_rate", _ratio(judgement.completion_rate)),
        ("time_passed", _ratio(row.time_passed)),
        ("verdict", row.verdict.words),
        ("outlook", row.outlook.words),
        ("sentence", row.sentence),
        ("basis", judgement.basis),
        ("proposed_verdict", judgement.verdict.words),
        ("proposed_outlook", judgement.outlook.words),
        ("decided_reason", decided.reason if decided else None),
    ]


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()


def _ratio(value: Decimal | None) -> Decimal | None:
    return None if value is None else _exact(rounded(value, PLACES))


def as_text(evaluation: Evaluation, rows: list[Assessed]) -> str:
    """One line for each indicator, for reading in a terminal."""
    lines = [f"{evaluation.name}，数据截至 {evaluation.cut_off:%Y-%m-%d}"]
    for row in rows:
        value = row.published.value_printed if row.published and row.published.value_printed else ""
        lines.append(
            f"{row.number:>3} {row.indicator.full_name}：{value or number_on_screen(row.value)}（{row.as_of_words}），"
            f"时序 {percent(row.time_passed, places=0)}，{row.verdict.words}，{row.outlook.words}。{row.sentence}"
        )
    return "\n".join(lines)
