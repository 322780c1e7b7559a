"""What a reporter says beside the number itself: the same period of last year, growth, source, expectation."""

from collections.abc import Mapping
from dataclasses import dataclass

from arithmetic.shown import growth, number_on_screen
from indicators.models import Expectation
from submissions.models.figure import Reading

MORE = {
    "last_year_text": "上年同期数（可比口径）",
    "data_source": "数据来源",
    "expectation": "预计能否如期完成",
}
"""The fields that open under a cell, by the names of the verb that saves them."""

GROWTH = "同比增速（可比价）"
TYPED = {
    "no_data_reason": "无数据的原因",
    "as_of_text": "截至日期",
    "growth_text": GROWTH,
    "growth_source": "增速来源",
    "explanation": "说明",
    "reply": "答复",
} | MORE


@dataclass(frozen=True)
class Beside:
    """One thing said beside a number; ``before`` is what was said of it the time before, or by somebody else."""

    label: str
    now: str
    before: str = ""
    is_changed: bool = False


def beside(figure: Reading, unit: str, before: Reading | None = None) -> list[Beside]:
    """Return what is said beside the number, and what was and isn't any more."""
    now, then = _said(figure, unit), _said(before or figure, unit)
    return [
        Beside(label, now[label], then[label], now[label] != then[label]) for label in now if now[label] or then[label]
    ]


def _said(figure: Reading, unit: str) -> dict[str, str]:
    last_year = number_on_screen(figure.last_year_value) if figure.last_year_value is not None else ""
    source = f"（{figure.growth_source}）" if figure.growth_source else ""
    return {
        MORE["last_year_text"]: f"{last_year} {unit}".strip() if last_year else "",
        GROWTH: f"{growth(figure.reported_growth)}{source}" if figure.reported_growth is not None else "",
        MORE["data_source"]: figure.data_source,
        MORE["expectation"]: Expectation(figure.expectation).label if figure.expectation else "",
    }


def differences(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[Beside]:
    """Return by label what two people wrote differently in one cell, beside its number."""

    def shown(name: str, text: str) -> str:
        return str(dict(Expectation.choices).get(text, text)) if name == "expectation" else text

    return [
        Beside(label, shown(name, mine[name]), shown(name, theirs[name]), is_changed=True)
        for name, label in TYPED.items()
        if name in mine and mine[name].strip() != theirs[name].strip()
    ]
