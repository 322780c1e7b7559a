"""The auditor's desk: who changed what, when, why. Everything that is asked stands in the address."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from audit.clock import today
from audit.past import moment_in
from audit.security import note
from audit.under_way import under_way
from evaluation.models import Evaluation
from organisations.permissions import is_auditor, require
from overview import actions
from overview.audit import answers
from overview.audit.asked import VALUE_CHANGED, Term, understood, without
from overview.audit.lines import lines_of, months_of
from overview.audit.moments import compared
from overview.audit.sealed import of_all
from plans.pages import PlanRequest, plan_page

A_PAGE = 50
NARROWER = ((VALUE_CHANGED, "只看改动数值的"), ("退回", "只看退回"))


@require_safe
@plan_page
def audit(request: PlanRequest) -> HttpResponse:
    """Show the records that answer ``?q=``, words in any order; reading them is on record itself.

    To a script that asks how far a verification is, it gives that part alone.
    """
    require(is_auditor, request.user)
    text = request.GET.get("q", "").strip()[:200]
    sealed, checked = of_all()
    context: dict[str, Any] = {"plan": request.plan, "text": text, "address": query_of(text)}
    context |= {"sealed": sealed, "checked": checked, "run": under_way()}
    if request.headers.get("HX-Request"):
        return render(request, "overview/seal_state.html", context)
    terms = understood(request.plan, text) if text else []
    context |= {"asked": bool(terms), "parts": parts_of(terms)} | _moments(request, text)
    if terms:
        seen = {"query": request.GET.urlencode(), "words": text}
        note("history.read", by=request.user, about=str(request.plan), detail=seen)
        page = Paginator(answers.found(request.plan, terms), A_PAGE).get_page(request.GET.get("page"))
        lines = lines_of(page.object_list)
        context |= {
            "page": page,
            "lines": lines,
            "months": months_of(lines),
            "missing": answers.missing(request.plan, terms) if not lines else [],
            "narrower": [(words, query_of(f"{text} {word}")) for word, words in NARROWER if word not in text],
        }
    return render(request, "overview/audit.html", context)


def _moments(request: PlanRequest, text: str) -> dict[str, Any]:
    """The comparison of ``?first=`` and ``?second=``, where both are moments; ``?all=`` lists what is the same, too."""
    typed = [request.GET.get(name, "").strip()[:40] for name in ("first", "second")]
    moments = [moment_in(each) for each in typed]
    context: dict[str, Any] = dict(zip(("first", "second"), typed, strict=True))
    first, second = moments
    if first is None or second is None:
        context["wrong"] = next((each for each, moment in zip(typed, moments, strict=True) if each and not moment), "")
        return context
    evaluation = Evaluation.objects.filter(plan=request.plan).first()
    found = compared(request.plan, evaluation, first, second)
    words = "比较 {:%Y-%m-%d %H:%M} 与 {:%Y-%m-%d %H:%M}".format(*map(localtime, (found.first, found.second)))
    note("history.read", by=request.user, about=str(request.plan), detail={"words": words})
    is_all = bool(request.GET.get("all"))
    asked = {"q": text, "first": typed[0], "second": typed[1], "all": "1"}
    overview = reverse("overview:overview", args=[request.plan.code])
    return context | {
        "compared": found,
        "rows": found.rows if is_all else found.changed,
        "same": 0 if is_all else len(found.rows) - len(found.changed),
        "all_address": f"?{urlencode({name: value for name, value in asked.items() if value})}#moments",
        "overviews": [
            f"{overview}?{urlencode({'as_of': f'{moment:%Y-%m-%dT%H:%M:%S%z}'})}"
            for moment in (found.first, found.second)
        ],
    }


def parts_of(terms: list[Term]) -> list[tuple[Term, str]]:
    """Each part of the query with the address that asks for all the others."""
    return [(term, query_of(without(terms, term))) for term in terms]


def query_of(text: str) -> str:
    return f"?{urlencode({'q': text})}" if text else "?"


@require_POST
@plan_page
def export_trail(request: PlanRequest) -> HttpResponse | FileResponse:
    """Send the records that answer ``q`` as a signed bundle; taking them out is recorded, so it is a POST."""
    require(is_auditor, request.user)
    text = request.POST.get("q", "").strip()[:200]
    try:
        bundle = actions.export_trail(request.plan, text, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(f"{reverse('overview:audit', args=[request.plan.code])}{query_of(text)}")
    name = f"线索包-{today():%Y%m%d}.zip"
    return FileResponse(bundle, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
@plan_page
def check_again(request: PlanRequest) -> HttpResponse:
    """Have the whole history verified now; the desk tells how far it is."""
    require(is_auditor, request.user)
    try:
        actions.check_again(request.plan, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    text = request.POST.get("q", "").strip()[:200]
    return redirect(f"{reverse('overview:audit', args=[request.plan.code])}{query_of(text)}#seal")
