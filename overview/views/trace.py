"""The history of one number."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from arithmetic.shown import day_in_words
from audit.clock import today
from audit.past import moment_in
from audit.security import note
from evaluation.models import Evaluation
from evaluation.queries import Point
from indicators.models import Indicator, QuantityKind
from organisations.models import Organisation
from organisations.permissions import is_auditor, reads_business, require
from overview import actions
from overview.audit.course import course_of, reports_with
from overview.audit.sealed import of_changes
from overview.queries import origin
from overview.queries.facts import Facts, facts_of
from overview.queries.known import Known, known_of
from overview.queries.places import Place, places_of
from overview.queries.trail import Step, drafts_of, trail_of
from overview.showing import reading_on_screen
from overview.views.board import day_asked_for
from plans.pages import PlanRequest, plan_page
from reports.permissions import can_read_report
from submissions.models import Figure

STEPS = 50


@require_safe
@plan_page
def trace(request: PlanRequest, number: int) -> HttpResponse:
    """Show where an indicator's number comes from: ``?organisation=`` looks at one that reports it, ``?until=`` at
    what stood on a day, ``?as_of=`` at what was known at a moment. Nothing unpublished is shown to whoever may not see drafts."""
    require(reads_business, request.user)
    evaluation = Evaluation.objects.filter(plan=request.plan).select_related("plan").first()
    asked, moment = day_asked_for(request.GET.get("until", "")), moment_in(request.GET.get("as_of", ""))
    until = asked or (localdate(moment) if moment else today())
    known = known_of(_indicator(request, number), evaluation, until, moment)
    indicator, row = known.indicator, known.row
    standing = row.point.published.organisation_id if row is not None and row.point is not None else None
    organisation = _organisation(request.GET.get("organisation", ""), known, standing)
    is_standing = organisation is not None and standing == organisation.pk
    points = origin.points_of(known.values, indicator, organisation, until) if organisation is not None else ()
    point = row.point if row is not None and is_standing else _last(indicator, points)
    context = _told(request, known, organisation, moment)
    return render(
        request,
        "overview/trace.html",
        context
        | {
            "plan": request.plan,
            "indicator": indicator,
            "evaluation": evaluation,
            "row": row if point is not None and row is not None and row.point is point else None,
            "point": point,
            "shown": reading_on_screen(point.published) if point is not None else "",
            "growth": origin.growth_of(point, points) if point is not None else None,
            "until_words": day_in_words(asked) if asked else "",
            "organisation": organisation,
            "parts": known.parts,
            "parts_in_words": origin.in_words(known.parts),
            "others": _others(known, organisation),
            "years": origin.years_of(indicator, points, point),
            "drawn": origin.drawn(indicator, points) if points else None,
            "places": _places(request, known, evaluation) if is_standing and moment is None else [],
            "moment": moment,
        },
    )


@require_POST
@plan_page
def export_trace(request: PlanRequest, number: int) -> HttpResponse | FileResponse:
    """Send what is on record of a number as a signed bundle; taking it out is recorded, so it is a POST."""
    require(is_auditor, request.user)
    indicator = _indicator(request, number)
    code = request.POST.get("organisation", "")
    organisation = get_object_or_404(Organisation.objects.filter(figures__indicator=indicator).distinct(), code=code)
    try:
        bundle = actions.export_trace(indicator, organisation, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        address = reverse("overview:trace", args=[request.plan.code, number])
        return redirect(f"{address}?{urlencode({'organisation': organisation.code})}")
    name = f"线索包-指标{number}-{today():%Y%m%d}.zip"
    return FileResponse(bundle, as_attachment=True, filename=name, content_type="application/zip")


def _indicator(request: PlanRequest, number: int) -> Indicator:
    related = ("plan", "category", "task__chapter", "project")
    return get_object_or_404(Indicator.objects.select_related(*related), plan=request.plan, number=number)


def _told(
    request: PlanRequest, known: Known, organisation: Organisation | None, moment: datetime | None
) -> dict[str, Any]:
    """What happened to the organisation's figures, as far as the person may see it; seeing drafts is on record."""
    own = [
        figure for figure in known.figures if organisation is not None and figure.organisation_id == organisation.pk
    ]
    sees_drafts = organisation is not None and origin.sees_drafts(request.user, organisation)
    drafts = drafts_of(own, known.values) if sees_drafts else []
    sees_reports = can_read_report(request.user)
    facts = facts_of(own, known.values, sees_drafts=sees_drafts, sees_reports=sees_reports, until=moment)
    steps = trail_of(facts)
    if organisation is not None and organisation.pk != request.user.organisation_id:
        _note_view(request, f"{organisation} {known.indicator.full_name}", drafts, steps, facts)
    printed = reports_with(facts)
    return {
        "page": Paginator(steps, STEPS).get_page(request.GET.get("page")),
        "steps": len(steps),
        "drafts": drafts,
        "may_see_drafts": sees_drafts,
        "may_export": bool(own) and is_auditor(request.user),
        "evidence": facts.evidence,
        "course": course_of(facts) if sees_drafts else [],
        "printed": [(reading_on_screen(value), each) for value in known.values for each in printed[value.pk]],
        "sealed": of_changes(facts.changes(), then=moment is not None) if own else None,
    }


def _note_view(request: PlanRequest, about: str, drafts: list[Figure], steps: list[Step], facts: Facts) -> None:
    """Put on record that somebody looked at what was never published: drafts, what was typed on the way, evidence."""
    if drafts or facts.evidence or any(not step.is_public for step in steps):
        note("data.view", by=request.user, about=about, detail={"words": "数据溯源"})


def _last(indicator: Indicator, points: tuple[Point, ...]) -> Point | None:
    """The point that stands for an organisation: of an annual flow the last full year."""
    flow = indicator.kind in (QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL)
    full = [point for point in points if point.as_of.is_end_of_year] if flow else []
    return full[-1] if full else points[-1] if points else None


def _organisation(code: str, known: Known, standing: int | None) -> Organisation | None:
    """The organisation that is asked for, else the one whose value stands, else the lead."""
    reporting = {figure.organisation.code: figure.organisation for figure in known.figures}
    if code in reporting:
        return reporting[code]
    for organisation in reporting.values():
        if organisation.pk == standing:
            return organisation
    leads = [part.organisation for part in known.parts if part.organisation.code in reporting]
    reporters = [*leads, *reporting.values(), *[part.organisation for part in known.parts]]
    return reporters[0] if reporters else None


def _others(known: Known, organisation: Organisation | None) -> list[tuple[Organisation, str]]:
    """The other organisations that report the same indicator, with their part and what they last published."""
    words = {part.organisation_id: part.get_part_display() for part in known.parts}
    found = {figure.organisation.pk: figure.organisation for figure in known.figures}
    last = {value.organisation_id: value for value in known.values if value.withdrawn_at is None}
    return [
        (each, f"{words.get(key, '')}　{reading_on_screen(last.get(key))}".strip())
        for key, each in sorted(found.items(), key=lambda item: (item[1].position, item[1].code))
        if organisation is None or key != organisation.pk
    ]


def _places(request: PlanRequest, known: Known, evaluation: Evaluation | None) -> list[Place]:
    """Where the report uses the value that stands."""
    point = known.row.point if known.row is not None else None
    if point is None or evaluation is None or not can_read_report(request.user):
        return []
    values = [each for each in known.values if each.organisation_id == point.published.organisation_id]
    return places_of(known.indicator, evaluation, values, point, known.basis)
