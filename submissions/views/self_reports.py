"""Self-reports: one unit's to read whole, all units' for the working group, and the outline."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.security import note
from organisations.permissions import require
from plans.models import PeriodKind, PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.form_rows import cell_rows, note_rows
from submissions.models import SelfReportSection
from submissions.permissions import can_read_self_reports, can_set_outline
from submissions.queries.self_reports import (
    STATES,
    UnitReport,
    Written,
    handed_in,
    outline_of,
    report_of,
    reports_of,
)
from submissions.self_report_form import lines_in, lines_of, with_spare
from submissions.views.addressed import form_or_404, note_view


@require_safe
@plan_page
def self_report(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """One unit's self-report as it stands, to read and to print."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    note_view(request.user, submission)
    page = {
        "plan": request.plan,
        "form": submission,
        "report": report_of(submission),
        "cells": cell_rows(submission, may_edit=False),
        "notes": [row for row in note_rows(submission, may_edit=False) if row.note.section_id is None],
        "reads_all": can_read_self_reports(request.user, request.plan),
    }
    return render(request, "submissions/self_report.html", page)


@require_safe
@plan_page
def self_reports(request: PlanRequest) -> HttpResponse:
    """How far all units are with their self-reports, and with a filter the texts; filters stand in the address."""
    require(can_read_self_reports, request.user, request.plan)
    rounds = rounds_of(request)
    period = next((each for each in rounds if each.code == request.GET.get("period")), next(iter(rounds), None))
    reports = reports_of(period) if period is not None else []
    reports = [report for report in reports if report.parts]
    sections = _sections(reports)
    chosen = {name: request.GET.get(name, "") for name in ("organisation", "section", "state")}
    texts = list(_texts(reports, chosen)) if chosen["organisation"] or chosen["section"] else []
    _note_reading(request, period, texts)
    page = {
        "plan": request.plan,
        "rounds": rounds,
        "period": period,
        "sections": sections,
        "reports": [
            (report, [report.of(section) for section in sections]) for report in reports if _fits(report, chosen)
        ],
        "all": reports,
        "approved": sum(report.is_approved for report in reports),
        "chosen": chosen,
        "states": STATES.items(),
        "texts": texts,
        "may_set_outline": can_set_outline(request.user, request.plan),
        "outline": list(outline_of(request.plan)),
    }
    return render(request, "submissions/self_reports.html", page)


def rounds_of(request: PlanRequest) -> list[ReportingPeriod]:
    """The plan's special rounds that were opened, newest first."""
    rows = ReportingPeriod.objects.filter(plan=request.plan, kind=PeriodKind.SPECIAL)
    return list(rows.exclude(state=PeriodState.PLANNED).select_related("plan").order_by("-ends_on", "-pk"))


def _sections(reports: Iterable[UnitReport]) -> list[SelfReportSection]:
    """The sections that any of the reports has, in their order."""
    found = {
        each.note.section.pk: each.note.section for report in reports for each in report.parts if each.note.section
    }
    return sorted(found.values(), key=lambda section: section.number)


def _fits(report: UnitReport, chosen: dict[str, str]) -> bool:
    if chosen["organisation"] and report.form.organisation.code != chosen["organisation"]:
        return False
    return not chosen["state"] or any(_matches(each, chosen) for each in report.parts)


def _matches(each: Written, chosen: dict[str, str]) -> bool:
    section = each.note.section
    of_section = not chosen["section"] or (section is not None and str(section.number) == chosen["section"])
    return of_section and chosen["state"] in ("", each.kind)


def _texts(reports: Iterable[UnitReport], chosen: dict[str, str]) -> Iterable[Written]:
    """The texts that were handed in, of the chosen unit or section; drafts are read on the unit's own page."""
    for report in reports:
        if _fits(report, chosen):
            yield from (each for each in report.parts if each.is_handed_in and _matches(each, chosen))


def _note_reading(request: PlanRequest, period: ReportingPeriod | None, texts: Iterable[Written]) -> None:
    if any(not each.note.is_published for each in texts):
        note("data.view", by=request.user, about=f"{period}自评报告", detail={"words": "含未通过的部分"})


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def outline(request: PlanRequest) -> HttpResponse:
    """The outline of the self-report; the working group sets it as long as none was handed in."""
    require(can_read_self_reports, request.user, request.plan)
    may_set = can_set_outline(request.user, request.plan)
    problems: list[str] = []
    lines = lines_of(request.plan)
    if request.method == "POST":
        require(can_set_outline, request.user, request.plan)
        lines = lines_in(request.POST)
        try:
            found = actions.set_outline(
                request.plan, by=request.user, sections=lines, reason=request.POST.get("reason", "")
            )
        except ValidationError as refusal:
            problems = refusal.messages
        else:
            messages.success(request, f"已保存自评报告提纲，共 {len(found)} 个部分。")
            return redirect("submissions:self_report_outline", plan=request.plan.code)
    is_fixed = handed_in(request.plan)
    page: dict[str, Any] = {
        "plan": request.plan,
        "lines": with_spare(lines) if may_set and not is_fixed else lines,
        "is_new": not outline_of(request.plan).exists(),
        "is_fixed": is_fixed,
        "may_set": may_set,
        "problems": problems,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "submissions/self_report_outline.html", page, status=422 if problems else 200)
