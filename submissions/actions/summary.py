"""A superior's own workbook: kept as a template, mapped once by the working group, filled in ever after."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from audit.clock import now
from audit.recording import record, recorded
from files.actions import store
from organisations.models import Organisation, User
from organisations.permissions import is_reviewer, require
from plans.models import Plan, ReportingPeriod
from submissions.actions.consolidated import EXCEL
from submissions.actions.typed import tidy
from submissions.models import SummaryTemplate
from submissions.permissions import can_export_summary
from submissions.queries.summary import Known
from submissions.summary.filling import Fill, fill_of, published_in
from submissions.summary.mapping import Mapped, propose, read_mapping, written
from submissions.summary.mapping import Plan as PlanWords
from submissions.summary.words import OF_ROW, OWN, What
from workbooks.cells import FoundSheet, Problem, Unusable
from workbooks.reading import LARGEST, fill_workbook, read_template

NAME_LIMIT = 100
UNIT_LIMIT = 20


def words_of(known: Known) -> PlanWords:
    return PlanWords(known.indicators, Organisation.objects.order_by("position"))


def place_of(template: SummaryTemplate) -> Path:
    return Path(settings.MEDIA_ROOT) / template.file.path


def upload_template(plan: Plan, upload: "UploadedFile[bytes]", *, by: User, name: str) -> SummaryTemplate:
    """Keep a workbook as a template, with a guess of what its cells mean; nothing is exported before that is confirmed.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: no name, one that is taken, or a file that can't be read; the words say why.
    """
    with recorded(by=by, reason="上传汇总表模板"):
        require(is_reviewer, by)
        if (upload.size or 0) > LARGEST:
            raise ValidationError(f"文件超过 {LARGEST // 1024 // 1024} MB。请删去图片和多余的工作表。")
        kept = store(upload, by=by)
        if kept.content_type != EXCEL:
            raise ValidationError(f"“{kept.name}”不是 .xlsx 工作簿。请另存为 .xlsx 后上传。")
        called = tidy(name, "name", NAME_LIMIT) or Path(kept.name).stem[:NAME_LIMIT]
        if SummaryTemplate.objects.filter(plan=plan, name=called).exists():
            raise ValidationError(f"已有名为“{called}”的汇总表模板，请换一个名称。")
        sheets, names = read(Path(settings.MEDIA_ROOT) / kept.path, kept.name)
        mapped = propose(sheets, names, words_of(Known(plan)))
        if not mapped.named and not mapped.areas:
            raise ValidationError(
                "没有找到可以填写的位置。请给要填的单元格定义名称（如“指标1_完成值”），"
                "或保留含“指标名称”和“目标值”“完成值”等列的表头。"
            )
        template = SummaryTemplate.objects.create(
            plan=plan, name=called, file=kept, mapping=written(mapped), uploaded_by=by, uploaded_at=now()
        )
        record("summarytemplate.upload", template, file=kept.name, bytes=kept.size)
    return template


def read(path: Path, name: str) -> tuple[list[FoundSheet], list[tuple[str, str, str]]]:
    """Read a template.

    Raises:
        ValidationError: it can't be; the words say why.
    """
    try:
        return read_template(path)
    except Unusable as unusable:
        raise ValidationError([f"“{name}”：{_words(each, path)}" for each in unusable.problems]) from None
    except OSError:
        raise ValidationError("模板文件已不在服务器上。请重新上传一份。") from None


def _words(problem: Problem, path: Path) -> str:
    return problem.words if problem.cell in ("", path.name) else str(problem)


def map_template(
    template: SummaryTemplate, *, by: User, reason: str, mapped: Mapped, is_active: bool = True
) -> SummaryTemplate:
    """Confirm what the cells of a template mean, or take the template out of use.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: no reason, a choice that isn't there, or a unit that nobody has chosen.
    """
    with recorded(by=by, reason=reason):
        require(is_reviewer, by)
        locked = SummaryTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        known = {each.number: each.unit for each in Known(locked.plan).indicators}
        _can_be_kept(mapped, known.keys())
        if is_active and mapped.unclear:
            where = "、".join(mapped.unclear[:10])
            raise ValidationError(f"还没有选定单位：{where}。单位不明的不猜测，请逐一选定后保存。")
        locked.mapping, locked.is_active, locked.is_mapped = written(mapped), is_active, True
        locked.save()
        record("summarytemplate.map", locked, active="是" if is_active else "否")
    return locked


def _can_be_kept(mapped: Mapped, numbers: Collection[int]) -> None:
    organisations = set(Organisation.objects.values_list("code", flat=True)) | {""}
    holds = [each.holds for each in mapped.named]
    holds += [each for area in mapped.areas for each in area.columns.values()]
    chosen = {each.indicator for each in mapped.named} | {n for area in mapped.areas for n in area.rows.values()}
    is_known = all(each.what in ("", *What) and each.organisation in organisations for each in holds)
    if not is_known or not {n for n in chosen if n} <= set(numbers):
        raise ValidationError("其中有不存在的选项，没有保存。请刷新后重新选择。")
    if any(len(each.unit) > UNIT_LIMIT for each in holds):
        raise ValidationError("单位过长，没有保存。请重新选择。")


@dataclass(frozen=True)
class Exported:
    content: bytes
    fill: Fill


def look_at(template: SummaryTemplate, period: ReportingPeriod | None) -> tuple[Fill, Sequence[FoundSheet], PlanWords]:
    """What an export would write now; nothing is written.

    Raises:
        ValidationError: the template can't be read any more.
    """
    sheets, _ = read(place_of(template), template.file.name)
    known = Known(template.plan, period)
    words = words_of(known)
    return fill_of(read_mapping(template.mapping), sheets, words, known), sheets, words


def export_summary(template: SummaryTemplate, period: ReportingPeriod | None, *, by: User) -> Exported:
    """Return the template filled in with published values, and record who took it out, and which values.

    Formats, merged cells and formulas stay; what is missing stays as it is in the template.

    Raises:
        PermissionDenied: ``by`` reads no business of the whole plan.
        ValidationError: the template is not confirmed, out of use, or can't be filled in any more.
    """
    with recorded(by=by, reason="导出汇总表"):
        require(can_export_summary, by, template)
        if not template.is_mapped or not template.is_active:
            raise ValidationError("这份模板的对应关系还没有确认，或已停用，不能导出。")
        fill, _, _ = look_at(template, period)
        cells = [[each.sheet, each.cell, each.kind, each.text, each.over] for each in fill.written]
        try:
            content, left = fill_workbook(place_of(template), cells)
        except Unusable as unusable:
            raise ValidationError([_words(each, place_of(template)) for each in unusable.problems]) from None
        fill = _without(fill, {(sheet, cell): words for sheet, cell, words in left})
        record(
            "summarytemplate.export",
            template,
            period=period.name if period is not None else "最新",
            written=len(fill.written),
            blank=len(fill.blank),
            published=published_in(fill),
        )
    return Exported(content, fill)


def _without(fill: Fill, left: dict[tuple[str, str], str]) -> Fill:
    cells = [
        replace(each, kind="", text="", why=left[each.sheet, each.cell]) if (each.sheet, each.cell) in left else each
        for each in fill.cells
    ]
    return Fill(cells, fill.unknown)


__all__ = ["OF_ROW", "OWN", "Exported", "export_summary", "look_at", "map_template", "upload_template"]
