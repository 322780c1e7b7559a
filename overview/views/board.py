"""The leader's page: every indicator of a plan on a day."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.encoding import escape_uri_path
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from arithmetic.goal import Verdict
from arithmetic.shown import day_in_words
from audit.clock import now, today
from audit.past import moment_in
from evaluation.models import Evaluation
from evaluation.queries import Assessed
from evaluation.queries.assessment import thresholds_of
from evaluation.queries.past import assess_at, case_at
from organisations.permissions import reads_business, require
from overview import actions
from overview.drawing import time_on
from overview.queries import board
from overview.sheet import EXCEL, Sheet
from plans.models import Plan
from plans.pages import PlanRequest, plan_page

PARTS = "parts"  # ?category= of the quantities of tasks and projects


@dataclass(frozen=True)
class Filters:
    """What the address asks for: a day, and a verdict and a category where they are given."""

    until: date
    verdict: str = ""
    category: str = ""
    as_of: str = ""  # a moment

    @property
    def are_set(self) -> bool:
        return bool(self.verdict or self.category)

    @property
    def address(self) -> str:
        given = {"until": self.until.isoformat(), "verdict": self.verdict, "category": self.category}
        given["as_of"] = self.as_of
        return f"?{urlencode({name: value for name, value in given.items() if value})}"

    def with_verdict(self, verdict: Verdict) -> "Filters":
        """Filtered by a verdict, or, where it is already, not."""
        return replace(self, verdict="" if verdict == self.verdict else str(verdict))

    def choose(self, row: Assessed) -> bool:
        category = str(row.indicator.category.number) if row.indicator.category else PARTS
        return self.verdict in ("", row.verdict) and self.category in ("", category)


@require_safe
@plan_page
def overview(request: PlanRequest) -> HttpResponse:
    """Show every indicator as of ``?until=``, by ``?verdict=`` and ``?category=`` where they are given; the same as a
    workbook by ``?export=xlsx``, which is recorded. ``?as_of=`` looks at what was known at a moment."""
    require(reads_business, request.user)
    plan = request.plan
    evaluation = Evaluation.objects.filter(plan=plan).select_related("plan").first()
    filters = filters_of(request, evaluation.cut_off if evaluation else today())
    until, moment = filters.until, moment_in(filters.as_of)
    if moment is None:
        assessed = board.assessed_on(plan, evaluation, until)
        parts = board.parts_assessed_on(plan, evaluation, until)
    else:
        assessed = assess_at(plan, evaluation, moment=moment, until=until)
        parts = assess_at(plan, evaluation, moment=moment, until=until, parts=True)
    case = case_at(evaluation, moment) if moment else evaluation
    rows = board.shown([*assessed, *parts], plan, localdate(moment) if moment else today(), moment)
    chosen = [row for row in rows if filters.choose(row.assessed)]
    if request.GET.get("export") == "xlsx" and moment is None:
        return _workbook(request, filters, chosen)
    context = {
        "plan": plan,
        "evaluation": evaluation,
        "until": until,
        "moment": moment,
        "until_words": day_in_words(until),
        "days": _days(plan, evaluation, until),
        "number": len(assessed),
        "parts_number": len(parts),
        "lagging": sum(row.is_lagging for row in assessed),
        "badly_lagging": sum(row.verdict is Verdict.BADLY_LAGGING for row in assessed),
        "published": sum(row.published is not None for row in assessed),
        "decided": sum(row.is_decided for row in assessed),
        "time_passed": time_on(until, base_year=plan.base_year, end_year=plan.last_year),
        "counts": [(each, filters.with_verdict(each.verdict).address) for each in board.counts_of(assessed)],
        "filters": filters,
        "verdict": filters.verdict if filters.verdict in list(Verdict) else "",
        "categories": board.categories_of(rows),
        "mattering": board.mattering(row for row in rows if row.assessed.indicator.category),
        "all_address": Filters(until, as_of=filters.as_of).address,
        "thresholds": thresholds_of(case) if case else None,
        "printed_at": now(),
        "under_way": board.forms_under_way(plan, moment),
        **_tables(chosen, is_long=len(assessed) >= board.FOLDED_FROM),
    }
    return render(request, "overview/overview.html", context)


def _tables(chosen: list[board.Shown], *, is_long: bool) -> dict[str, object]:
    """The rows of the categories, folded by category in a long plan, and those of tasks and projects."""
    main = [row for row in chosen if row.assessed.indicator.category]
    parts = [row for row in chosen if not row.assessed.indicator.category]
    return {
        "chosen": main,
        "groups": board.grouped(main),
        "is_folded": is_long,
        "parts": parts,
        "parts_groups": board.grouped(parts),
        "parts_published": any(row.assessed.published for row in parts),
        "parts_lagging": sum(row.assessed.is_lagging for row in parts),
    }


def filters_of(request: HttpRequest, until: date) -> Filters:
    asked, moment = day_asked_for(request.GET.get("until", "")), moment_in(request.GET.get("as_of", ""))
    usual = min(until, localdate(moment)) if moment else until
    as_of = request.GET["as_of"] if moment else ""
    return Filters(asked or usual, request.GET.get("verdict", ""), request.GET.get("category", ""), as_of)


def _days(plan: Plan, evaluation: Evaluation | None, until: date) -> list[board.Day]:
    days = board.days_of(plan, evaluation, today())
    if until not in [each.day for each in days]:
        days = sorted([*days, board.Day(until, day_in_words(until))], key=lambda each: each.day)
    return days


def _workbook(request: PlanRequest, filters: Filters, rows: list[board.Shown]) -> HttpResponse:
    sheet = Sheet(request.plan, filters.until, board.grouped(rows), is_filtered=filters.are_set)
    content = actions.export_overview(sheet, by=request.user, asked=filters.address)
    response = HttpResponse(content, content_type=EXCEL)
    name = escape_uri_path(f"{request.plan.name}指标进展（截至{day_in_words(filters.until)}）.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"overview.xlsx\"; filename*=UTF-8''{name}"
    return response


def day_asked_for(text: str) -> date | None:
    """The day of ``?until=``; None where it is absent or no day."""
    try:
        return parse_date(text)
    except ValueError:
        return None
