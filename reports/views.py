from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.security import note
from evaluation.models import Evaluation
from organisations.permissions import require
from plans.models import ReportingPeriod
from plans.pages import PlanRequest, plan_page
from reports import actions
from reports.completing import Completion, completion_of
from reports.models import Section
from reports.permissions import can_read_report, can_write_report
from reports.queries import tables_for
from reports.quotable import quotable_for, quotations_by_section, quotations_of
from submissions.models import ProgressNote

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def evaluation_of(request: PlanRequest, code: str) -> Evaluation:
    require(can_read_report, request.user)
    return get_object_or_404(Evaluation.objects.select_related("plan__host"), plan=request.plan, code=code)


@require_safe
@plan_page
def current(request: PlanRequest) -> HttpResponse:
    """Lead to the report of the plan's newest case."""
    require(can_read_report, request.user)
    evaluation = Evaluation.objects.filter(plan=request.plan).first()
    if evaluation is None:
        return render(request, "reports/none.html", {"plan": request.plan})
    return redirect("reports:report", plan=request.plan.code, code=evaluation.code)


@require_safe
@plan_page
def report(request: PlanRequest, code: str) -> HttpResponse:
    """Show the whole report: outline, text, tables as they will print."""
    evaluation = evaluation_of(request, code)
    sections = list(Section.objects.filter(evaluation=evaluation).select_related("saved_by").order_by("position"))
    tables = tables_for(evaluation) if sections else {}
    can_write = can_write_report(request.user)
    if sections and not can_write:  # who writes it does his work
        note("data.view", by=request.user, about=f"{evaluation}报告", detail={"words": how_far_in_words(sections)})
    quoted = quotations_by_section(sections)
    shown = [
        (section, [tables[name] for name in section.tables if name in tables], quoted.get(section.pk, []))
        for section in sections
    ]
    return render(
        request,
        "reports/report.html",
        {
            "plan": request.plan,
            "evaluation": evaluation,
            "sections": shown,
            "how_far": how_far_in_words(sections),
            "can_write": can_write,
            "completion": _completion(evaluation) if sections and can_write else None,
        },
    )


def _completion(evaluation: Evaluation) -> Completion:
    """What the report lacks; compared on rows of their own, since those that are shown stay as they stand."""
    return completion_of(evaluation, list(Section.objects.filter(evaluation=evaluation).order_by("position")))


def how_far_in_words(sections: list[Section]) -> str:
    """How much of the report is written."""
    if not sections:
        return "还没有框架"
    unwritten = sum(section.is_written_by_people and section.is_placeholder for section in sections)
    return f"还有 {unwritten} 节是占位文字" if unwritten else "各节均已撰写"


@require_POST
@plan_page
def prepare(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = evaluation_of(request, code)
    try:
        made = actions.prepare_report(evaluation, by=request.user)
        messages.success(request, f"已建立报告框架，共 {made} 节。")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("reports:report", plan=request.plan.code, code=code)


@require_POST
@plan_page
def complete(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = evaluation_of(request, code)
    try:
        added = actions.complete_report(evaluation, by=request.user)
        words = "、".join(f"“{each.title}”" for each in added)
        messages.success(request, f"已补齐 {len(added)} 节：{words}。" if added else "已按规划更新章节。")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("reports:report", plan=request.plan.code, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def section(request: PlanRequest, code: str, position: int) -> HttpResponse:
    """Edit one section as plain text."""
    row = _section_or_404(request, code, position)
    body, problem = row.body, ""
    if request.method == "POST":
        body = request.POST.get("body", "")
        try:
            actions.save_section(row, by=request.user, body=body, revision=_revision(request))
            messages.success(request, f"已保存“{row.title}”。")
            return redirect(f"{request.path.rsplit('sections/', 1)[0]}#section-{row.position}")
        except ValidationError as error:
            problem = error.messages[0]
            row.refresh_from_db()
    return _section_page(request, row, body, problem)


@require_POST
@plan_page
def quote(request: PlanRequest, code: str, position: int) -> HttpResponse:
    """Save what is typed with a unit's self-report section after it; what is refused leaves the page as it was typed."""
    row = _section_or_404(request, code, position)
    body = request.POST.get("body", "")
    found = get_object_or_404(
        ProgressNote, pk=_number(request.POST.get("note", "")), submission__period__plan=request.plan
    )
    try:
        quotation = actions.quote_self_report(row, found, by=request.user, body=body, revision=_revision(request))
    except ValidationError as error:
        row.refresh_from_db()
        return _section_page(request, row, body, error.messages[0])
    messages.success(request, f"已引用{quotation.source}，文字接在正文之后，请改写成报告的语言。")
    return redirect("reports:section", plan=request.plan.code, code=code, position=row.position)


def _section_or_404(request: PlanRequest, code: str, position: int) -> Section:
    """The section that a writer opened: its place may have changed since."""
    evaluation = evaluation_of(request, code)
    require(can_write_report, request.user)
    opened = request.POST.get("section", "")
    which = {"pk": opened} if opened.isdecimal() and len(opened) < 10 else {"position": position}
    rows = Section.objects.select_related("saved_by", "evaluation__plan", "evaluation__round")
    return get_object_or_404(rows, evaluation=evaluation, is_written_by_people=True, **which)


def _section_page(request: PlanRequest, row: Section, body: str, problem: str) -> HttpResponse:
    context = {
        "plan": request.plan,
        "evaluation": row.evaluation,
        "section": row,
        "body": body,
        "problem": problem,
        "quotable": quotable_for(row),
        "quotations": quotations_of(row),
    }
    return render(request, "reports/section.html", context, status=409 if problem else 200)


def _revision(request: PlanRequest) -> int:
    return _number(request.POST.get("revision", ""))


def _number(text: str) -> int:
    """The number that was sent; -1, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


@require_POST
@plan_page
def export_self_reports(request: PlanRequest, period: str) -> HttpResponse:
    """Send all units' self-reports of a round as one Word file; exporting is recorded, so it is a POST."""
    require(can_read_report, request.user)
    found = get_object_or_404(ReportingPeriod.objects.select_related("plan"), plan=request.plan, code=period)
    try:
        document = actions.export_self_reports(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("submissions:self_reports", plan=request.plan.code)
    return _word_file(document, f"{found.name}单位自评报告汇编.docx", "self-reports.docx")


def _word_file(document: bytes, name: str, plain: str) -> HttpResponse:
    response = HttpResponse(document, content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{escape_uri_path(name)}"
    return response


@require_POST
@plan_page
def export(request: PlanRequest, code: str) -> HttpResponse:
    """Send the report as a Word file; exporting is recorded, so it is a POST."""
    evaluation = evaluation_of(request, code)
    try:
        document = actions.export_report(evaluation, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("reports:report", plan=request.plan.code, code=code)
    return _word_file(document, f"{evaluation.name}报告.docx", "report.docx")
