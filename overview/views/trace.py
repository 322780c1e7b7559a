"""The history of one number."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from arithmetic.shown import day_in_words
from audit.clock import today
from audit.past import moment_in
from audit.security import note
from evaluation.models import Evaluation
from evaluation.queries import Assessed, Point
from indicators.models import Indicator, QuantityKind
from organisations.models import Organisation
from organisations.permissions import reads_business, require
from overview.audit.course import Printed, changes_of, course_of, reports_with
from overview.audit.sealed import of_changes
from overview.queries import origin
from overview.queries.known import known_of
from overview.queries.places import Place, places_of
from overview.queries.trail import drafts_of, trail_of
from overview.showing import reading_on_screen
from overview.views.board import day_asked_for
from plans.pages import PlanRequest, plan_page
from reports.permissions import can_read_report
from responsibilities.models import Responsibility
from submissions.models import Figure, PublishedValue

STEPS = 50


@require_safe
@plan_page
def trace(request: PlanRequest, number: int) -> HttpResponse:
    """Show where an indicator's number comes from: ``?organisation=`` looks at one that reports it, ``?until=`` at
    what stood on a day, ``?as_of=`` at what was known at a moment. Nothing unpublished is shown to whoever may not see drafts."""
    require(reads_business, request.user)
    related = ("plan", "category", "task__chapter", "project")
    indicator = get_object_or_404(Indicator.objects.select_related(*related), plan=request.plan, number=number)
    evaluation = Evaluation.objects.filter(plan=request.plan).select_related("plan").first()
    asked, moment = day_asked_for(request.GET.get("until", "")), moment_in(request.GET.get("as_of", ""))
    until = asked or (localdate(moment) if moment else today())
    parts = origin.parts_in(indicator)
    known = known_of(indicator, evaluation, until, moment)
    indicator, figures, values, row = known.indicator, known.figures, known.values, known.row
    standing = row.point.published.organisation_id if row is not None and row.point is not None else None
    organisation = _organisation(request.GET.get("organisation", ""), figures, parts, standing)
    own = [figure for figure in figures if organisation is not None and figure.organisation_id == organisation.pk]
    points = origin.points_of(values, indicator, organisation, until) if organisation is not None else ()
    is_standing = organisation is not None and standing == organisation.pk
    point = row.point if row is not None and is_standing else _last(indicator, points)
    may_see_drafts = organisation is not None and origin.sees_drafts(request.user, organisation)
    drafts = drafts_of(own, values) if may_see_drafts else []
    if drafts and organisation is not None and organisation.pk != request.user.organisation_id:
        note("data.view", by=request.user, about=f"{organisation} {indicator.full_name}", detail={"words": "数据溯源"})
    steps = trail_of(own, sees_drafts=may_see_drafts, until=moment)
    page = Paginator(steps, STEPS).get_page(request.GET.get("page"))
    return render(
        request,
        "overview/trace.html",
        {
            "plan": request.plan,
            "indicator": indicator,
            "evaluation": evaluation,
            "row": row if point is not None and row is not None and row.point is point else None,
            "point": point,
            "shown": reading_on_screen(point.published) if point is not None else "",
            "growth": origin.growth_of(point, points) if point is not None else None,
            "until_words": day_in_words(asked) if asked else "",
            "organisation": organisation,
            "parts": parts,
            "parts_in_words": origin.in_words(parts),
            "others": _others(figures, values, organisation, parts),
            "page": page,
            "steps": len(steps),
            "years": origin.years_of(indicator, points, point),
            "drawn": origin.drawn(indicator, points) if points else None,
            "drafts": drafts,
            "may_see_drafts": may_see_drafts,
            "evidence": origin.evidence_of(own) if may_see_drafts else [],
            "places": _places(request, row if is_standing and moment is None else None, evaluation, values),
            "moment": moment,
            "course": course_of(own, until=moment) if may_see_drafts else [],
            "printed": _printed(request, values),
            "sealed": of_changes(changes_of(own)) if own else None,
        },
    )


def _last(indicator: Indicator, points: tuple[Point, ...]) -> Point | None:
    """The point that stands for an organisation: of an annual flow the last full year."""
    flow = indicator.kind in (QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL)
    full = [point for point in points if point.as_of.is_end_of_year] if flow else []
    return full[-1] if full else points[-1] if points else None


def _organisation(
    code: str, figures: list[Figure], parts: list[Responsibility], standing: int | None
) -> Organisation | None:
    """The organisation that is asked for, else the one whose value stands, else the lead."""
    known = {figure.organisation.code: figure.organisation for figure in figures}
    if code in known:
        return known[code]
    for organisation in known.values():
        if organisation.pk == standing:
            return organisation
    leads = [part.organisation for part in parts if part.organisation.code in known]
    reporters = [*leads, *known.values(), *[part.organisation for part in parts]]
    return reporters[0] if reporters else None


def _others(
    figures: list[Figure],
    values: list[PublishedValue],
    organisation: Organisation | None,
    parts: list[Responsibility],
) -> list[tuple[Organisation, str]]:
    """The other organisations that report the same indicator, with their part and what they last published."""
    words = {part.organisation_id: part.get_part_display() for part in parts}
    found = {figure.organisation.pk: figure.organisation for figure in figures}
    last = {value.organisation_id: value for value in values if value.withdrawn_at is None}
    return [
        (each, f"{words.get(key, '')}　{reading_on_screen(last.get(key))}".strip())
        for key, each in sorted(found.items(), key=lambda item: (item[1].position, item[1].code))
        if organisation is None or key != organisation.pk
    ]


def _places(
    request: PlanRequest, row: Assessed | None, evaluation: Evaluation | None, values: list[PublishedValue]
) -> list[Place]:
    """Where the report uses the value that stands; ``row`` is None for another organisation's part of it."""
    if row is None or row.point is None or evaluation is None or not can_read_report(request.user):
        return []
    standing = row.point.published.organisation_id
    return places_of(
        row.indicator, evaluation, [each for each in values if each.organisation_id == standing], row.point
    )


def _printed(request: PlanRequest, values: list[PublishedValue]) -> list[tuple[str, Printed]]:
    """The reports that were taken out with one of the values in them, and how it read."""
    if not can_read_report(request.user):
        return []
    found = reports_with(value.pk for value in values)
    return [(reading_on_screen(value), printed) for value in values for printed in found[value.pk]]
