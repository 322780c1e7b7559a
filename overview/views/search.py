"""Two searches: over the plan for everybody who reads business, over its records for the auditor."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.events import kind_of, words_for
from audit.models import Entry
from audit.security import note
from organisations.permissions import is_auditor, reads_business, require
from overview.queries import found, records
from overview.views.board import day_asked_for
from plans.pages import PlanRequest, plan_page

A_PAGE = 50
Step = tuple[Entry, str, str]  # an entry, its words, the class of its mark


@require_safe
@plan_page
def search(request: PlanRequest) -> HttpResponse:
    require(reads_business, request.user)
    text = request.GET.get("q", "").strip()[:60]
    words = found.words_of(text)
    kinds, missing = found.search(request.plan, words) if words else ([], [])
    number = sum(len(kind.hits) for kind in kinds)
    context = {
        "plan": request.plan,
        "text": text,
        "kinds": kinds,
        "missing": missing,
        "number": number,
        "words": words,
    }
    return render(request, "overview/search.html", context)


@require_safe
@plan_page
def audit(request: PlanRequest) -> HttpResponse:
    """Find records by words in any order; days among the words, or in their fields, bound the time."""
    require(is_auditor, request.user)
    text = request.GET.get("q", "").strip()[:200]
    rest, days = records.days_in(text)
    words = found.words_of(rest)
    since = day_asked_for(request.GET.get("since", "")) or (days[0] if days else None)
    until = day_asked_for(request.GET.get("until", "")) or (days[-1] if days else None)
    asked = bool(words or since or until)
    rows = records.entries_with(request.plan, words, since, until) if asked else Entry.objects.none()
    if asked:
        note(
            "history.read",
            by=request.user,
            about=str(request.plan),
            detail={"query": request.GET.urlencode(), "words": text},
        )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    steps = [(entry, words_for(entry.event), kind_of(entry.event) or "edit") for entry in page]
    context = {
        "plan": request.plan,
        "text": text,
        "words": words,
        "since": since,
        "until": until,
        "asked": asked,
        "page": page,
        "steps": steps,
        "months": months_of(steps),
        "unfound": records.unfound(request.plan, words) if asked and not steps else [],
        "address": urlencode({key: value for key, value in request.GET.items() if key != "page"}),
    }
    return render(request, "overview/audit.html", context)


def months_of(steps: list[Step]) -> list[tuple[str, list[Step]]]:
    """Put records under the month that they fall in, in their order."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        at = timezone.localtime(step[0].change.at)
        found.setdefault(f"{at.year}年{at.month}月", []).append(step)
    return list(found.items())
