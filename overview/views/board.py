"""The leader's page: every indicator of a plan on a day."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from arithmetic.goal import Verdict
from arithmetic.shown import day_in_words
from audit.clock import now, today
from evaluation.models import Evaluation
from evaluation.queries import Assessed
from evaluation.queries.assessment import thresholds_of
from organisations.permissions import reads_business, require
from overview.drawing import time_on
from overview.queries import board
from plans.pages import PlanRequest, plan_page


@require_http_methods(["GET"])
@plan_page
def overview(request: PlanRequest) -> HttpResponse:
    """Show every indicator as of ``?until=``, by ``?verdict=`` and ``?category=`` where they are given."""
    require(reads_business, request.user)
    plan = request.plan
    evaluation = Evaluation.objects.filter(plan=plan).select_related("plan").first()
    days = board.days_of(plan, evaluation, today())
    until = day_asked_for(request.GET.get("until", "")) or (evaluation.cut_off if evaluation else today())
    if until not in [each.day for each in days]:
        days = sorted([*days, board.Day(until, day_in_words(until))], key=lambda each: each.day)
    assessed = board.assessed_on(plan, evaluation, until)
    rows = board.shown(assessed, plan, today())
    verdict, category = request.GET.get("verdict", ""), request.GET.get("category", "")
    chosen = [row for row in rows if is_chosen(row.assessed, verdict, category)]
    context = {
        "plan": plan,
        "evaluation": evaluation,
        "until": until,
        "until_words": day_in_words(until),
        "days": days,
        "rows": rows,
        "lagging": sum(row.is_lagging for row in assessed),
        "badly_lagging": sum(row.verdict is Verdict.BADLY_LAGGING for row in assessed),
        "published": sum(row.published is not None for row in assessed),
        "decided": sum(row.is_decided for row in assessed),
        "time_passed": time_on(until, base_year=plan.base_year, end_year=plan.last_year),
        "counts": [(each, _address(until, each.verdict, verdict, category)) for each in board.counts_of(assessed)],
        "verdict": verdict if verdict in list(Verdict) else "",
        "category": category,
        "categories": [each for each, _ in board.by_category(rows)],
        "mattering": board.mattering(rows),
        "groups": board.by_category(chosen),
        "chosen": chosen,
        "all_address": f"?{urlencode({'until': until.isoformat()})}",
        "thresholds": thresholds_of(evaluation) if evaluation else None,
        "printed_at": now(),
    }
    if not context["published"]:
        context["under_way"] = board.forms_under_way(plan)
    return render(request, "overview/overview.html", context)


def day_asked_for(text: str) -> date | None:
    """The day of ``?until=``; None where it is absent or no day."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def is_chosen(row: Assessed, verdict: str, category: str) -> bool:
    number = str(row.indicator.category.number) if row.indicator.category else ""
    return verdict in ("", row.verdict) and category in ("", number)


def _address(until: date, verdict: Verdict, chosen: str, category: str) -> str:
    """The address that filters by a verdict, or, where it does already, that doesn't."""
    parts = {"until": until.isoformat()}
    if verdict != chosen:
        parts["verdict"] = str(verdict)
    if category:
        parts["category"] = category
    return f"?{urlencode(parts)}"
