"""The sheets of a plan's workbook, as declarations: titles, columns, what each holds, which rows name which.

The order is the order of loading: a row names only rows of sheets before its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from indicators.models import AnnualTarget, DocumentedValue, Indicator, IndicatorCategory, IndicatorPart
from indicators.resources import (
    AnnualTargetResource,
    CategoryResource,
    DocumentedValueResource,
    IndicatorResource,
    PartResource,
)
from organisations.models import Organisation
from organisations.resources import OrganisationResource, SheetResource
from plans.models import Plan
from plans.resources import PlanResource
from projects.models import MajorProject, Milestone
from projects.resources import MilestoneResource, ProjectResource
from responsibilities.models import Responsibility
from responsibilities.resources import ResponsibilityResource
from tasks.models import KeyTask, TaskChapter
from tasks.resources import ChapterResource, TaskResource
from workbooks import plan_rules as rules
from workbooks.columns import Column, Kind

REMARK = "备注"
EXAMPLE_MARK = "示例"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its file's name in a folder, its title, its columns and the resource that saves its rows.

    ``key`` are the columns that name a row; ``rule`` looks at a whole row and yields (column, words); ``fixed`` are
    values that the sheet itself gives to each of its rows.
    """

    name: str
    title: str
    resource: type[SheetResource]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rule: Callable[[rules.Row, rules.Known], rules.Findings] = rules.nothing
    fixed: tuple[tuple[str, Any], ...] = ()
    is_required: bool = False
    most_rows: int | None = None
    hint: str = ""


def _column(model: type[models.Model], field: str, hint: str = "", example: str = "", **more: Any) -> Column:
    """Derive a column from the model's field: head, kind, length, list, and whether it may be empty."""
    of = model._meta.get_field(field)
    assert isinstance(of, models.Field)
    given: dict[str, Any] = {"head": str(of.verbose_name), "kind": _kind(of), "hint": hint, "example": example}
    given["is_required"] = not of.blank and not of.null and not of.has_default()
    given["choices"] = tuple((value, str(label)) for value, label in of.flatchoices if value)
    given["longest"] = of.max_length
    given["default"] = of.get_default() if of.has_default() else (None if of.null else "")
    return Column(field=field, **(given | more))


def _kind(field: Any) -> Kind:
    if field.choices:
        return Kind.CHOICE
    kinds: list[tuple[type, Kind]] = [
        (models.BooleanField, Kind.YES_NO),
        (models.DateField, Kind.DATE),
        (models.SlugField, Kind.CODE),
        (models.IntegerField, Kind.WHOLE),
        (models.DecimalField, Kind.NUMBER),
    ]
    return next((kind for type_, kind in kinds if isinstance(field, type_)), Kind.TEXT)


def _provenance(model: type[models.Model]) -> Column:
    return _column(
        model,
        "provenance",
        "报告：见于规划或报告；演示假定：原文没有，为演示而设",
        "报告",
        is_required=True,
        default="",
    )


ORGANISATIONS = Sheet(
    "organisations",
    "单位",
    OrganisationResource,
    (
        _column(Organisation, "code", "全系统唯一，不重复", "gyj"),
        _column(Organisation, "name", "", "示例区工业局"),
        _column(Organisation, "short_name", "", "区工业局"),
        _column(Organisation, "kind", "", "部门"),
        _column(Organisation, "position", "列表中的先后", "10"),
        _column(Organisation, "needs_confirmation", "是：提交前须单位负责人确认", "否"),
        _column(
            Organisation, "successor", "合并、更名后的单位代码", kind=Kind.CODE, refers_to="organisations", longest=50
        ),
        _column(Organisation, "valid_from"),
        _column(Organisation, "valid_to"),
        _provenance(Organisation),
    ),
    key=("code",),
    is_required=True,
    hint="部门、街道、直属机构各一行。",
)
PLAN = Sheet(
    "plan",
    "规划",
    PlanResource,
    (
        _column(Plan, "code", "用于网址，定后不改", "example-2021"),
        _column(Plan, "name", "", "示例区工业发展规划"),
        _column(Plan, "short_name"),
        _column(Plan, "place", "", "示例区"),
        _column(Plan, "document_number", "", "示府办〔2021〕1号"),
        _column(Plan, "drawn_up_by", "", "示例区工业局"),
        _column(Plan, "approved_by", "", "示例区人民政府"),
        _column(Plan, "base_year", "", "2020"),
        _column(Plan, "first_year", "", "2021"),
        _column(Plan, "last_year", "", "2025"),
        _column(Plan, "host", "单位代码", "gyj", kind=Kind.CODE, refers_to="organisations", longest=50),
        _column(Plan, "consultation", "填报时向谁咨询", "示例区工业局规划科"),
        _column(Plan, "body_note"),
        _provenance(Plan),
    ),
    key=("code",),
    rule=rules.plan,
    is_required=True,
    most_rows=1,
    hint="一份工作簿只载一个规划，本表只填一行。",
)
CATEGORIES = Sheet(
    "categories",
    "指标类别",
    CategoryResource,
    (
        _column(IndicatorCategory, "number", "从 1 起", "1"),
        _column(IndicatorCategory, "title", "", "总量目标"),
        _provenance(IndicatorCategory),
    ),
    key=("number",),
    is_required=True,
)
CHAPTERS = Sheet(
    "chapters",
    "重点任务章",
    ChapterResource,
    (
        _column(TaskChapter, "number", "从 1 起", "1"),
        _column(TaskChapter, "title", "", "壮大产业集群"),
        _provenance(TaskChapter),
    ),
    key=("number",),
    hint="没有重点任务的规划，本表留空。",
)
TASKS = Sheet(
    "tasks",
    "重点任务",
    TaskResource,
    (
        _column(KeyTask, "chapter", "章的序号", "1", kind=Kind.WHOLE, refers_to="chapters"),
        _column(KeyTask, "number", "在章内的序号", "1"),
        _column(KeyTask, "title", "一项能问到责任单位的任务", "编制集群行动计划"),
        _column(KeyTask, "content"),
        _provenance(KeyTask),
    ),
    key=("chapter", "number"),
)
PROJECTS = Sheet(
    "projects",
    "重大项目",
    ProjectResource,
    (
        _column(MajorProject, "number", "从 1 起", "1"),
        _column(MajorProject, "name", "", "示例产业园"),
        _column(MajorProject, "group", "", "重点园区项目"),
        _column(MajorProject, "content"),
        _column(MajorProject, "investment_printed", "照原文", "20亿元"),
        _provenance(MajorProject),
    ),
    key=("number",),
    hint="没有重大项目的规划，本表留空。",
)
MILESTONES = Sheet(
    "milestones",
    "项目节点",
    MilestoneResource,
    (
        _column(Milestone, "project", "项目序号", "1", kind=Kind.WHOLE, refers_to="projects"),
        _column(Milestone, "number", "", "1"),
        _column(Milestone, "title", "", "主体结构封顶"),
        _column(Milestone, "due_printed", "照原文", "2023年上半年"),
        _column(Milestone, "due_on", "最后一日", "2023-06-30"),
        _column(Milestone, "reached_on"),
        _provenance(Milestone),
    ),
    key=("project", "number"),
)
INDICATORS = Sheet(
    "indicators",
    "规划指标",
    IndicatorResource,
    (
        _column(Indicator, "number", "全规划唯一，任务和项目的指标从 101 起", "1"),
        _column(Indicator, "category", "类别、任务、项目三者填一", "1", kind=Kind.WHOLE, refers_to="categories"),
        _column(Indicator, "task", "章号和任务序号，如 2.3", kind=Kind.TASK, refers_to="tasks"),
        _column(Indicator, "project", "项目序号", kind=Kind.WHOLE, refers_to="projects"),
        _column(Indicator, "name", "不含单位", "规上工业增加值"),
        _column(Indicator, "unit", "", "亿元"),
        _column(Indicator, "attribute", "", "预期性"),
        _column(Indicator, "direction", "越高越好为正向", "正向"),
        _column(Indicator, "kind", "数值数的是什么", "本年累计"),
        _column(Indicator, "frequency", "", "季"),
        _column(Indicator, "decimals", "", "2"),
        _column(Indicator, "base_printed", "照原文：数字、-、——", "100", kind=Kind.PRINTED, value_field="base"),
        _column(Indicator, "base_missing", "基数为 -、—— 或空时填"),
        _column(Indicator, "target_printed", "照原文：数字、＞60、是", "150", kind=Kind.PRINTED, value_field="target"),
        _column(Indicator, "target_form", "", "达到"),
        _column(Indicator, "target_upper", "目标形式为区间时填"),
        _column(Indicator, "path", "没有年度目标时从基数到目标怎样走", "线性"),
        _column(Indicator, "definition"),
        _column(Indicator, "data_source"),
        _column(Indicator, "is_counted", "否：不再纳入统计", "是"),
        _column(Indicator, "dropped_reason", "不再纳入统计时填"),
        _column(Indicator, "dropped_on"),
        _column(Indicator, "handed_down_by", "约束性指标由谁下达"),
        _column(Indicator, "handed_down_document"),
        _column(Indicator, "publication", "", "主动公开"),
        _column(Indicator, "body_name", "与附表不同时填"),
        _column(Indicator, "body_note"),
        _provenance(Indicator),
    ),
    key=("number",),
    rule=rules.indicator,
    is_required=True,
)
PARTS = Sheet(
    "indicator_parts",
    "指标分项",
    PartResource,
    (
        _column(IndicatorPart, "indicator", "指标序号", "1", kind=Kind.WHOLE, refers_to="indicators"),
        _column(IndicatorPart, "number", "", "1"),
        _column(IndicatorPart, "name", "", "示范企业"),
        _column(IndicatorPart, "unit", "", "家"),
        _column(IndicatorPart, "may_be_added", "各分项能否相加", "是"),
        _provenance(IndicatorPart),
    ),
    key=("indicator", "number"),
    hint="值由几部分组成（如 47 + 1 + 3）的指标，逐项写明。",
)
ANNUAL_TARGETS = Sheet(
    "annual_targets",
    "年度目标",
    AnnualTargetResource,
    (
        _column(AnnualTarget, "indicator", "指标序号", "1", kind=Kind.WHOLE, refers_to="indicators"),
        _column(AnnualTarget, "year", "", "2023"),
        _column(AnnualTarget, "printed", "照原文", "130", kind=Kind.PRINTED, value_field="value", is_required=True),
        _provenance(AnnualTarget),
    ),
    key=("indicator", "year"),
    rule=rules.annual_target,
    hint="没有分解到年度的规划，本表留空。",
)
RESPONSIBILITIES = Sheet(
    "responsibilities",
    "责任分解",
    ResponsibilityResource,
    (
        _column(
            Responsibility,
            "organisation",
            "单位代码",
            "gyj",
            kind=Kind.CODE,
            refers_to="organisations",
            longest=50,
        ),
        _column(Responsibility, "part", "", "牵头单位"),
        _column(Responsibility, "indicator", "指标、任务、项目三者填一", "1", kind=Kind.WHOLE, refers_to="indicators"),
        _column(Responsibility, "task", "章号和任务序号，如 2.3", kind=Kind.TASK, refers_to="tasks"),
        _column(Responsibility, "project", "项目序号", kind=Kind.WHOLE, refers_to="projects"),
        _column(Responsibility, "reports_figure", "是：在填报表中填这一项数据", "是"),
        _column(Responsibility, "valid_from"),
        _column(Responsibility, "valid_to"),
        _provenance(Responsibility),
    ),
    key=("organisation", "part", "indicator", "task", "project", "valid_from"),
    rule=rules.responsibility,
)


def _documented(*more: Column) -> tuple[Column, ...]:
    return (
        _column(DocumentedValue, "indicator", "指标序号", "1", kind=Kind.WHOLE, refers_to="indicators"),
        _column(DocumentedValue, "year", "", "2021"),
        _column(
            DocumentedValue,
            "printed",
            "照原文：数字、46.9%、47 + 1 + 3、/",
            "110.5",
            kind=Kind.PRINTED,
            value_field="value",
        ),
        _column(DocumentedValue, "reported_growth", "统计部门公布的，%", "5.5"),
        *more,
        _provenance(DocumentedValue),
    )


ANNUAL_VALUES = Sheet(
    "annual_values",
    "年度值",
    DocumentedValueResource,
    _documented(),
    key=("indicator", "year"),
    rule=rules.documented_value,
    fixed=(("occasion", DocumentedValue.Occasion.YEAR),),
    hint="规划或报告中印出的各年数值。",
)
MID_TERM_VALUES = Sheet(
    "mid_term_values",
    "中期值",
    DocumentedValueResource,
    _documented(
        _column(DocumentedValue, "as_of", "最后一日", "2023-06-30"),
        _column(DocumentedValue, "as_of_precision", "原文说到哪一级", "日"),
        _column(DocumentedValue, "as_of_printed", "照原文", "2023年6月30日"),
        _column(DocumentedValue, "explanation"),
        _column(DocumentedValue, "body_explanation", "与附表不同时填"),
        _column(DocumentedValue, "completion_mark", "照原文"),
        _column(DocumentedValue, "expectation", "", "预计能完成"),
    ),
    key=("indicator", "year"),
    rule=rules.documented_value,
    fixed=(("occasion", DocumentedValue.Occasion.MID_TERM),),
    hint="评估报告中印出的中期数值，及其截至日期和说明。",
)

SHEETS = (
    ORGANISATIONS,
    PLAN,
    CATEGORIES,
    CHAPTERS,
    TASKS,
    PROJECTS,
    MILESTONES,
    INDICATORS,
    PARTS,
    ANNUAL_TARGETS,
    RESPONSIBILITIES,
    ANNUAL_VALUES,
    MID_TERM_VALUES,
)
