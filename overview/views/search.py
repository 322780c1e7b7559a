"""Searching the plan, for everybody who reads business."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.permissions import reads_business, require
from overview.queries import found
from plans.pages import PlanRequest, plan_page


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
