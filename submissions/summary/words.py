"""What a cell of a superior's workbook can hold, and the words by which such cells are known."""

from enum import StrEnum


class What(StrEnum):
    """Which fact of an indicator."""

    NUMBER = "number"
    NAME = "name"
    UNIT = "unit"
    BASE = "base"
    TARGET = "target"
    YEAR_TARGET = "year_target"
    VALUE = "value"
    AS_OF = "as_of"
    GROWTH = "growth"
    COMPLETION = "completion"
    LEAD = "lead"
    EXPLANATION = "explanation"
    SOURCE = "source"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def has_unit(self) -> bool:
        """Whether it is a number in the indicator's unit, which may have to be converted."""
        return self in (What.BASE, What.TARGET, What.YEAR_TARGET, What.VALUE)

    @property
    def is_percent(self) -> bool:
        return self in (What.GROWTH, What.COMPLETION)


_LABELS = {
    What.NUMBER: "序号",
    What.NAME: "指标名称",
    What.UNIT: "计量单位",
    What.BASE: "基数",
    What.TARGET: "规划目标",
    What.YEAR_TARGET: "当年目标",
    What.VALUE: "完成值",
    What.AS_OF: "截至日期",
    What.GROWTH: "同比增速（可比价）",
    What.COMPLETION: "完成率",
    What.LEAD: "牵头单位",
    What.EXPLANATION: "说明",
    What.SOURCE: "数据来源",
}

SYNONYMS: dict[What, tuple[str, ...]] = {
    What.NUMBER: ("序号", "编号", "指标序号", "指标编号"),
    What.NAME: ("指标名称", "指标", "规划指标", "主要指标", "名称", "项目名称", "项目"),
    What.UNIT: ("单位", "计量单位", "指标单位"),
    What.BASE: ("基数", "基期值", "基数值", "基年", "基期"),
    What.TARGET: ("目标值", "规划目标", "目标", "规划目标值", "五年目标", "目标数"),
    What.YEAR_TARGET: ("当年目标", "年度目标", "年度目标值", "本年目标", "今年目标"),
    What.VALUE: (
        "本期", "完成值", "本期完成", "完成情况", "本期完成值", "本期值", "实际完成", "实际完成值", "累计完成", "完成数",
        "最新值", "现状值",
    ),
    What.AS_OF: ("截至日期", "数据截至", "截至时间", "截止日期", "截止时间"),
    What.GROWTH: ("同比增速", "同比", "增速", "同比增长", "增长率", "可比增速"),
    What.COMPLETION: ("完成率", "完成比例", "完成进度", "目标完成率", "进度"),
    What.LEAD: ("责任单位", "牵头单位", "主管部门", "责任部门", "填报单位"),
    What.EXPLANATION: ("说明", "备注", "情况说明", "进展说明", "完成情况说明"),
    What.SOURCE: ("数据来源", "来源"),
}  # fmt: skip

BY_WORD = {word: what for what, words in SYNONYMS.items() for word in words}
OWN, OF_ROW = "=own", "=row"
"""Units of a mapping that are no unit: the indicator's own, and whatever stands in the row's unit cell."""
