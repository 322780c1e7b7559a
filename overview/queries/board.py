"""What the leader's page shows: every indicator as assessed on a day, counted, filtered and put in order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from arithmetic.goal import Outlook, Verdict
from arithmetic.shown import day_in_words, numeral
from audit.past import rows_at
from evaluation.models import Evaluation
from evaluation.queries import Assessed, assess, assess_parts, assess_parts_of_plan, assess_plan
from evaluation.queries.past import answering_at
from indicators.models import Attribute, Indicator, IndicatorCategory
from organisations.models import valid_on
from overview.showing import base_on_screen, reading_on_screen, target_on_screen
from plans.models import Plan
from responsibilities.models import Part, Responsibility
from submissions.models import State, Submission

MATTERING = 5
FOLDED_FROM = 40  # indicators: a longer plan's categories fold


@dataclass(frozen=True)
class Day:
    """A day to look at, with what it is for the case."""

    day: date
    words: str


@dataclass(frozen=True)
class Shown:
    """An assessed indicator as a row of the page."""

    assessed: Assessed
    lead: str

    @property
    def base(self) -> str:
        return base_on_screen(self.assessed.indicator)

    @property
    def target(self) -> str:
        return target_on_screen(self.assessed.indicator)

    @property
    def value(self) -> str:
        if not self.assessed.indicator.is_counted and self.assessed.value is None:
            return "/"
        return reading_on_screen(self.assessed.published)

    @property
    def is_assumed(self) -> bool:
        return self.assessed.published is not None and self.assessed.published.provenance == "assumed"

    @property
    def cause(self) -> str:
        """The organisation's own explanation; empty where it gave none."""
        return self.assessed.published.explanation.strip() if self.assessed.published else ""

    @property
    def is_for_the_leader(self) -> bool:
        """Badly behind, explained, and not to be reached in time: keep the target or adjust it is for the leader."""
        row = self.assessed
        return bool(self.cause) and row.verdict is Verdict.BADLY_LAGGING and row.outlook is Outlook.HARD

    @property
    def to_do(self) -> str:
        if not self.cause:
            return f"{self.lead or '牵头单位（未定）'}补充原因和对策"
        if self.is_for_the_leader:
            binding = self.assessed.indicator.attribute == Attribute.BINDING
            return "约束性指标，研究挽回措施" if binding else "坚持目标并落实对策，或提出目标调整"
        if self.assessed.outlook is Outlook.HARD:
            return f"{self.lead or '牵头单位（未定）'}提出对策"
        return "继续跟踪"


@dataclass(frozen=True)
class Count:
    """How many indicators have a verdict."""

    verdict: Verdict
    number: int


@dataclass(frozen=True)
class Group:
    """Rows of one category, task or project."""

    title: str
    rows: tuple[Shown, ...]

    @property
    def lagging(self) -> int:
        return sum(row.assessed.is_lagging for row in self.rows)


def days_of(plan: Plan, evaluation: Evaluation | None, today: date) -> list[Day]:
    """The days that the page offers: ends of the plan's years that have passed, the case's cut-off, today."""
    found = {date(year, 12, 31): f"{year}年底" for year in range(plan.first_year, plan.last_year + 1)}
    if evaluation is not None:
        found[evaluation.cut_off] = f"{day_in_words(evaluation.cut_off)}（{evaluation.get_kind_display()}截止日）"
    days = [Day(day, words) for day, words in sorted(found.items()) if day < today]
    return [*days, Day(today, "今天")]


def assessed_on(plan: Plan, evaluation: Evaluation | None, day: date) -> list[Assessed]:
    """Assess the plan's indicators as of a day, by the case where there is one."""
    return assess(evaluation, until=day) if evaluation is not None else assess_plan(plan, until=day)


def parts_assessed_on(plan: Plan, evaluation: Evaluation | None, day: date) -> list[Assessed]:
    """Assess the quantities of the plan's tasks and projects as of a day."""
    return assess_parts(evaluation, until=day) if evaluation is not None else assess_parts_of_plan(plan, until=day)


def shown(rows: Iterable[Assessed], plan: Plan, day: date, moment: datetime | None = None) -> list[Shown]:
    leads = leads_of(plan, day, moment)
    return [Shown(row, leads.get(row.indicator.pk, "")) for row in rows]


def leads_of(plan: Plan, day: date, moment: datetime | None = None) -> dict[int, str]:
    """Return by indicator the names of the organisations that lead it on a day, as was known at a moment."""
    if moment is not None:
        rows = answering_at(plan, moment)
        valid = [row for row in rows if (row.valid_from or day) <= day <= (row.valid_to or day)]
        leads = [row for row in valid if row.part == Part.LEAD]
    else:
        asked = Responsibility.objects.filter(valid_on(day), plan=plan, part=Part.LEAD, indicator__isnull=False)
        leads = list(asked.select_related("organisation").order_by("organisation__position"))
    found: dict[int, str] = {}
    for row in leads:
        key, name = row.indicator_id or 0, row.organisation.display_name
        found[key] = f"{found[key]}、{name}" if key in found else name
    return found


def counts_of(rows: Sequence[Assessed]) -> list[Count]:
    """How many indicators have each verdict, the best first, those with none too."""
    found = Counter(row.verdict for row in rows)
    return [Count(verdict, found[verdict]) for verdict in Verdict]


def mattering(rows: Iterable[Shown]) -> list[Shown]:
    """The indicators that need attention most: the badly lagging first, the least of the way gone first."""
    lagging = [row for row in rows if row.assessed.is_lagging]
    return sorted(lagging, key=_urgency)[:MATTERING]


def _urgency(row: Shown) -> tuple[bool, bool, Decimal, int]:
    assessed = row.assessed
    way = assessed.progress if assessed.progress is not None else Decimal(0)
    binding = assessed.indicator.attribute == Attribute.BINDING
    return assessed.verdict is not Verdict.BADLY_LAGGING, not binding, way, assessed.number


def categories_of(rows: Iterable[Shown]) -> list[IndicatorCategory]:
    return list(dict.fromkeys(row.assessed.indicator.category for row in rows if row.assessed.indicator.category))


def grouped(rows: Iterable[Shown]) -> list[Group]:
    """The rows under the category, task or project that they belong to, in their order."""
    found: dict[str, list[Shown]] = {}
    for row in rows:
        found.setdefault(_heading(row.assessed.indicator), []).append(row)
    return [Group(title, tuple(members)) for title, members in found.items()]


def _heading(indicator: Indicator) -> str:
    if indicator.category is not None:
        return f"{numeral(indicator.category.number)}、{indicator.category.title}"
    if indicator.task is not None:
        return f"重点任务：{indicator.task.title}"
    return f"重大项目：{indicator.project.name}" if indicator.project is not None else "其他"


def forms_under_way(plan: Plan, moment: datetime | None = None) -> int:
    forms, done = Submission.objects.filter(period__plan=plan), [State.APPROVED, State.RETIRED]
    if moment is not None:
        return sum(row.state not in done for row in rows_at(Submission, forms.values_list("pk", flat=True), moment))
    return forms.exclude(state__in=done).count()
