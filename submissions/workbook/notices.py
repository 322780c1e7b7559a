"""What has to be said of a whole file, beside its cells."""

from collections.abc import Iterable, Sequence

from submissions.workbook.difference import Difference, Standing
from submissions.workbook.sheets import TEMPLATE

MOST_NAMES = 5


def notices_of(difference: Difference) -> list[str]:
    """Return sentences about the file: whose it is if not this form's, what is outdated, what it lacks."""
    return [*_standing(difference), *_outdated(difference), *_rows(difference)]


def _standing(difference: Difference) -> Iterable[str]:
    identity, submission = difference.identity, difference.submission
    match difference.standing:
        case Standing.UNNAMED:
            yield "文件中没有系统标识（可能是复制到别的工作簿中的），按序号和名称识别。没有填的格不作改动。"
        case Standing.OTHER_PLAN:
            yield f"这是另一个规划（{identity.plan if identity else ''}）的填报表，不能采用。请下载“{submission}”后填写。"
        case Standing.OTHER_ORGANISATION:
            yield (
                f"这是另一个单位（代码 {identity.organisation if identity else ''}）的填报表，不是{submission.organisation_name}的，"
                "不能采用。请选择本单位的文件。"
            )
        case Standing.OTHER_PERIOD:
            yield (
                f"这是另一报告期（代码 {identity.period if identity else ''}）的填报表，不是{submission.period.name}的。"
                "已按指标识别，默认都不采用；请逐项核对，确为本期的数再勾选。"
            )
    if identity is not None and not identity.is_whole:
        yield "文件中隐藏的系统标识被改动过，请仔细核对每一项。"


def _outdated(difference: Difference) -> Iterable[str]:
    identity = difference.identity
    if identity is not None and identity.template != str(TEMPLATE):
        yield f"文件用的是旧模板（第 {identity.template[:9]} 版，现为第 {TEMPLATE} 版），已按表头识别。"
    if difference.lacks:
        yield f"文件中没有{_named(difference.lacks)}这{len(difference.lacks)}列，这些内容不作改动。"


def _rows(difference: Difference) -> Iterable[str]:
    if difference.missing:
        yield f"文件中缺少 {len(difference.missing)} 行，不作改动：{_named([row.title for row in difference.missing])}。"
    if difference.unknown:
        named = [f"{row.text('name')[:40] or row.key}（{row.place}）" for row in difference.unknown]
        yield f"文件中有 {len(named)} 行不在本期的填报表中，不采用：{_named(named)}。"
    yield from map(str, difference.unclear)
    if difference.newer:
        named = [f"{line.row.title}·{line.head}" for line in difference.newer]
        yield f"下载以后系统中已更新、文件中没有改动的 {len(named)} 格，保留系统中的内容：{_named(named)}。"


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_NAMES])
    return f"{shown}等" if len(names) > MOST_NAMES else shown
