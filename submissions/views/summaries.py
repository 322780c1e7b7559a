"""The superior's own workbooks: uploaded, mapped once, exported ever after."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_http_methods, require_safe

from arithmetic.units import MULTIPLES, power_of
from organisations.models import Organisation
from organisations.permissions import is_reviewer, require
from plans.models import PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions.actions.consolidated import EXCEL
from submissions.actions.summary import export_summary, look_at, map_template, upload_template
from submissions.models import SummaryTemplate
from submissions.permissions import can_export_summary
from submissions.summary.filling import Fill, Filled, told_missing
from submissions.summary.mapping import Area, Holds, Mapped, read_mapping, rows_in, written
from submissions.summary.mapping import Plan as PlanWords
from submissions.summary.words import OF_ROW, OWN, What
from workbooks.cells import FoundSheet, column_letter

SHOWN, TOLD = 400, 6
MONEY = ("元", "万元", "亿元")


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def summaries(request: PlanRequest) -> HttpResponse:
    """List the templates; take a new one, and lead to the page where it is mapped."""
    require(can_export_summary, request.user, None)
    refused: list[str] = []
    if request.method == "POST":
        require(is_reviewer, request.user)
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise ValidationError("请先选择要上传的文件。")
            made = upload_template(request.plan, upload, by=request.user, name=request.POST.get("name", ""))
            return redirect("submissions:summary", request.plan.code, made.pk)
        except ValidationError as refusal:
            refused = refusal.messages
    rows = SummaryTemplate.objects.filter(plan=request.plan).select_related("file", "uploaded_by")
    page = {"plan": request.plan, "rows": rows, "refused": refused, "may_map": is_reviewer(request.user)}
    return render(request, "submissions/summaries.html", page, status=422 if refused else 200)


def _template_or_404(request: PlanRequest, pk: int) -> SummaryTemplate:
    require(can_export_summary, request.user, None)
    return get_object_or_404(SummaryTemplate.objects.select_related("plan", "file"), plan=request.plan, pk=pk)


def _period(request: PlanRequest) -> ReportingPeriod | None:
    code = request.GET.get("period", "")
    return get_object_or_404(ReportingPeriod, plan=request.plan, code=code) if code else None


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def summary(request: PlanRequest, pk: int) -> HttpResponse:
    """Show what would be written where, today; the working group corrects what the cells mean, with a reason."""
    template, period = _template_or_404(request, pk), _period(request)
    refused: list[str] = []
    if request.method == "POST":
        require(is_reviewer, request.user)
        mapped = _sent(request.POST, read_mapping(template.mapping))
        try:
            map_template(
                template,
                by=request.user,
                reason=request.POST.get("reason", ""),
                mapped=mapped,
                is_active="is_active" in request.POST,
            )
            messages.success(request, "对应关系已保存。")
            return HttpResponseRedirect(request.get_full_path())
        except ValidationError as refusal:
            refused = refusal.messages
            template.mapping = written(mapped)
    try:
        fill, sheets, words = look_at(template, period)
    except ValidationError as refusal:
        messages.error(request, "".join(refusal.messages))
        return redirect("submissions:summaries", request.plan.code)
    page = _page(request, template, period, fill) | {"refused": refused}
    page |= _editing(read_mapping(template.mapping), sheets, words, fill) if page["may_map"] else {}
    return render(request, "submissions/summary.html", page, status=422 if refused else 200)


@require_safe
@plan_page
def export(request: PlanRequest, pk: int) -> HttpResponse | FileResponse:
    """Hand the filled-in workbook out; what stayed blank is told on the next page."""
    template, period = _template_or_404(request, pk), _period(request)
    try:
        exported = export_summary(template, period, by=request.user)
    except ValidationError as refusal:
        for words in refusal.messages:
            messages.error(request, words)
        return redirect("submissions:summary", request.plan.code, template.pk)
    for words in _told(exported.fill):
        messages.warning(request, words)
    when = period.name if period is not None else "最新数据"
    name = get_valid_filename(f"{template.name}_{when}")
    return FileResponse(io.BytesIO(exported.content), as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL)


def _told(fill: Fill) -> list[str]:
    told = [
        f"留空 {len(where)} 处，{why}：{'、'.join(where[:TOLD])}{'等' if len(where) > TOLD else ''}。"
        for why, where in told_missing(fill).items()
    ]
    if fill.unknown:
        more = "等" if len(fill.unknown) > TOLD else ""
        told.append(f"没有对应到本规划指标，没有填：{'、'.join(fill.unknown[:TOLD])}{more}。")
    return told


def _page(
    request: PlanRequest, template: SummaryTemplate, period: ReportingPeriod | None, fill: Fill
) -> dict[str, Any]:
    periods = ReportingPeriod.objects.filter(plan=request.plan).exclude(state=PeriodState.PLANNED).order_by("-ends_on")
    return {
        "plan": request.plan,
        "template": template,
        "period": period,
        "periods": periods,
        "cells": fill.cells[:SHOWN],
        "more": max(0, len(fill.cells) - SHOWN),
        "written": len(fill.written),
        "blank": len(fill.blank),
        "told": _told(fill),
        "may_map": is_reviewer(request.user),
        "may_export": template.is_mapped and template.is_active,
    }


# ------------------------------------------------------------------ correcting what the cells mean
def _editing(mapped: Mapped, sheets: Sequence[FoundSheet], words: PlanWords, fill: Fill) -> dict[str, Any]:
    by_title = {sheet.title: sheet for sheet in sheets}
    by_cell = {(each.sheet, each.cell): each for each in fill.cells}
    return {
        "named": [
            (f"named-{order}", each, by_cell.get((each.sheet, each.cell))) for order, each in enumerate(mapped.named)
        ],
        "areas": [
            _area(order, area, by_title.get(area.sheet), words, fill) for order, area in enumerate(mapped.areas)
        ],
        "unclear": mapped.unclear,
        "indicators": list(words.indicators.values()),
        "whats": [(what.value, what.label) for what in What],
        "units": units_of(words),
        "organisations": Organisation.objects.order_by("position", "name"),
        "own": OWN,
        "of_row": OF_ROW,
    }


def _area(order: int, area: Area, sheet: FoundSheet | None, words: PlanWords, fill: Fill) -> dict[str, Any]:
    samples: dict[int, Filled] = {}
    for each in fill.written:
        letters = each.cell.rstrip("0123456789")
        if each.sheet == area.sheet:
            samples.setdefault(_number_of(letters), each)
    return {
        "name": f"area-{order}",
        "area": area,
        "columns": [
            (f"area-{order}-{place}", column_letter(place), area.heads.get(place, ""), holds, samples.get(place))
            for place, holds in area.columns.items()
        ],
        "rows": [
            (f"area-{order}-row-{each.row}", each)
            for each in (rows_in(area, sheet, words) if sheet is not None and area.is_matched else [])
        ],
    }


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def units_of(words: PlanWords) -> list[str]:
    """The units that a template may want the plan's numbers in."""
    own = {each.unit for each in words.indicators.values() if each.unit}
    things = {power_of(unit)[1] for unit in own}
    money = MONEY if "元" in things else ()
    multiples = {f"{multiple}{thing}" for thing in things - {"%"} for multiple in ("", "万") if multiple in MULTIPLES}
    return sorted(own | set(money) | multiples, key=lambda unit: (power_of(unit)[1], power_of(unit)[0]))


def _sent(sent: QueryDict, before: Mapped) -> Mapped:
    """The mapping as the form says it, of the cells that the template has."""
    named = [
        replace(each, indicator=_whole(sent.get(f"named-{order}-indicator", "")), holds=_holds(sent, f"named-{order}"))
        for order, each in enumerate(before.named)
    ]
    areas = [
        replace(
            area,
            is_matched=sent.get(f"area-{order}-matched", "1") == "1",
            columns={place: _holds(sent, f"area-{order}-{place}") for place in area.columns},
            rows=_rows(sent, f"area-{order}-row-"),
        )
        for order, area in enumerate(before.areas)
    ]
    return Mapped(named, areas)


def _holds(sent: Mapping[str, Any], name: str) -> Holds:
    return Holds(*(str(sent.get(f"{name}-{part}", "")) for part in ("what", "unit", "organisation")))


def _rows(sent: QueryDict, start: str) -> dict[int, int]:
    """The rows for which somebody chose an indicator, or that it is none."""
    found: dict[int, int] = {}
    for name in _starting(sent, start):
        row, number = _whole(name.removeprefix(start)), sent.get(name, "")
        if row is not None and number != "":
            found[row] = _whole(number) or 0
    return found


def _starting(names: Iterable[str], start: str) -> list[str]:
    return [name for name in names if name.startswith(start)]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
