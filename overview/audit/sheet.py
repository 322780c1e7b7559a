"""A trail as a sheet to read."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from overview.audit.answers import Found
from overview.audit.lines import Line, lines_of

AT_ONCE = 500
HEAD = (
    "时间",
    "变更编号",
    "事项",
    "对象",
    "原值",
    "新值",
    "单位（计量）",
    "操作人",
    "单位",
    "代何人",
    "来源",
    "理由",
    "退回理由",
    "审核",
    "意见",
)


def sheet_of(rows: Sequence[Found]) -> Iterator[Sequence[Any]]:
    yield HEAD
    for start in range(0, len(rows), AT_ONCE):
        yield from map(_cells, lines_of(rows[start : start + AT_ONCE]))


def _cells(line: Line) -> Sequence[Any]:
    change = line.change
    return [
        f"{timezone.localtime(change.at):%Y-%m-%d %H:%M:%S}",
        change.pk,
        line.title,
        line.subject,
        line.before or "",
        line.after or "",
        line.unit,
        change.actor_name,
        change.actor_organisation,
        change.on_behalf_of,
        change.get_door_display(),
        line.why,
        "；".join(line.reasons),
        line.reviewed,
        line.told,
    ]
