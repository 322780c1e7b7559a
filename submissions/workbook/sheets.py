"""The sheets of a form's workbook, as declarations: what stands in which column, and which columns are filled in."""

from dataclasses import dataclass

TEMPLATE = 1
"""Counts the layouts of this workbook; a file of an older one is still read by its heads."""

FIGURES, NOTES, INSTRUCTIONS, IDENTITY = "填报表", "进展说明", "填写说明", "系统标识"
NO_DATA, NOT_APPLICABLE, ZERO = "无数据", "不适用", "确认为零"
KEY = "key"


@dataclass(frozen=True)
class Column:
    """A column by the name of the words it holds: an argument of the verb that saves them, or what is only shown."""

    name: str
    head: str
    width: int
    is_input: bool = False
    is_figure: bool = False
    """Whether numbers stand in it, to the right."""
    prompt: str = ""
    is_kept_as_typed: bool = False
    """Whether the sheet must leave it as it is typed: 2023-6 is no day."""


NUMBER = Column("number", "序号", 6)
KEYS = Column(KEY, "行标识（请勿改动）", 14)
VALUE = Column(
    "value_text",
    "本期",
    16,
    is_input=True,
    is_figure=True,
    prompt="填数字。确实为零填 0；没有数据填“无数据：原因”。空着表示还没有填。",
)
AS_OF = Column(
    "as_of_text",
    "截至日期",
    14,
    is_input=True,
    prompt="如 2023年6月30日、2023年5月、2022年底；不填为报告期末。",
    is_kept_as_typed=True,
)
EXPLANATION = Column("explanation", "说明", 28, is_input=True, prompt="需要说明的情况；没有则不填。")
REPLY = Column("reply", "对退回理由的答复", 22, is_input=True, prompt="退回理由见“本期”一格的批注。")
FIGURE_COLUMNS = (
    NUMBER,
    Column("name", "规划指标", 32),
    Column("unit", "单位", 9),
    Column("target", "目标", 11, is_figure=True),
    Column("last_year", "上年同期", 12, is_figure=True),
    Column("previous", "上期", 12, is_figure=True),
    VALUE,
    AS_OF,
    EXPLANATION,
    REPLY,
    Column(
        "last_year_text",
        "上年同期数（可比口径）",
        14,
        is_input=True,
        is_figure=True,
        prompt="口径调整过、上年数有变化的，填可比口径的上年同期数。",
    ),
    Column(
        "growth_text",
        "同比增速（可比价，%）",
        12,
        is_input=True,
        is_figure=True,
        prompt="统计部门公布的可比价增速，以 % 计，增长 5.5% 填 5.5。",
    ),
    Column("growth_source", "增速来源", 14, is_input=True, prompt="如：区统计局 2023年6月月报。"),
    Column("data_source", "数据来源", 14, is_input=True, prompt="这一数据取自哪里。"),
    Column("expectation", "预计能否如期完成", 13, is_input=True, prompt="从列表中选择。"),
    KEYS,
)
NOTE_COLUMNS = (
    NUMBER,
    Column("kind", "类别", 10),
    Column("name", "任务或项目", 36),
    Column("state", "进展状态", 13, is_input=True, prompt="从列表中选择。"),
    Column("progress", "进展", 46, is_input=True, prompt="本期的进展。"),
    Column("problems", "问题", 36, is_input=True, prompt="存在的问题；没有则不填。"),
    Column("next_step", "下一步", 36, is_input=True, prompt="下一步的安排；没有则不填。"),
    REPLY,
    KEYS,
)
COLUMNS = {FIGURES: FIGURE_COLUMNS, NOTES: NOTE_COLUMNS}
HEADS = {title: {column.head: column for column in columns} for title, columns in COLUMNS.items()}
OF_PARTS = frozenset({VALUE.name})
"""What is filled in for a part of a composite value: its number alone."""


def inputs_of(title: str) -> list[str]:
    return [column.name for column in COLUMNS[title] if column.is_input]
