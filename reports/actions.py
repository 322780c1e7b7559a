"""The verbs of the report."""

from django.core.exceptions import ValidationError
from django.db import transaction

from arithmetic.shown import day_in_words
from audit.clock import now, today
from audit.recording import record, recorded
from evaluation.models import Evaluation
from organisations.models import User
from organisations.permissions import require
from plans.models import ReportingPeriod
from reports.completing import RENEWED, completion_of
from reports.models import Quotation, Section
from reports.outline import ASKS, sections_for
from reports.permissions import can_read_report, can_write_report
from reports.queries import tables_for, values_in
from reports.rendering.document import TitlePage, render
from reports.rendering.self_reports import render_self_reports
from submissions.models import ProgressNote
from submissions.queries.self_reports import reports_of

BODY_LIMIT = 100_000  # characters of one section


class SectionChanged(ValidationError):
    """Somebody saved the section since the writer opened it; nothing was overwritten."""


def prepare_report(evaluation: Evaluation, *, by: User) -> int:
    """Make the sections of a new report from the outline; return how many.

    Raises:
        PermissionDenied: `by` is not a reviewer.
        ValidationError: the report stands already.
    """
    require(can_write_report, by)
    with recorded(by=by, reason="建立报告框架"):
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        if Section.objects.filter(evaluation=evaluation).exists():
            raise ValidationError("报告框架已经建立，请直接修改章节。")
        made = Section.objects.bulk_create(sections_for(evaluation))
        record("report.prepare", evaluation, sections=len(made))
    return len(made)


def complete_report(evaluation: Evaluation, *, by: User) -> list[Section]:
    """Add the sections that the plan has come to need since the report was laid out; return them.

    What somebody has written stays; placeholders, numerals and tables follow the plan.

    Raises:
        PermissionDenied: `by` is not a reviewer.
        ValidationError: there is no report yet, or nothing is missing.
    """
    require(can_write_report, by)
    with recorded(by=by, reason="补齐报告章节"):
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        standing = list(Section.objects.select_for_update().filter(evaluation=evaluation).order_by("position"))
        if not standing:
            raise ValidationError("报告框架还没有建立，请先建立。")
        completion = completion_of(evaluation, standing)
        if not completion.is_needed:
            raise ValidationError("报告的章节已经齐全。")
        renewed = {section.pk for section in completion.renewed}
        # from the last one on: a section only ever moves down, to a place that is free by then
        for position, section in reversed(list(enumerate(completion.order, start=1))):
            if section.pk is not None and (section.position != position or section.pk in renewed):
                section.position = position
                section.save(update_fields=["position", *RENEWED])
            section.position = position
        added = Section.objects.bulk_create(completion.missing)
        record(
            "report.complete", evaluation, added=[section.title for section in added], renewed=len(completion.renewed)
        )
    return added


def save_section(section: Section, *, by: User, body: str, revision: int) -> Section:
    """Save the text of a section, plain text with a paragraph a line; one that still asks for text stays unwritten.

    Raises:
        PermissionDenied: `by` is not a reviewer.
        ValidationError: the section is a table only, or the text is too long or cannot be stored.
        SectionChanged: `revision` is not the one that is saved now.
    """
    require(can_write_report, by)
    body = clean_text(body)
    with recorded(by=by, reason="修改报告章节"):
        locked = _locked(section, revision)
        if body == locked.body:
            return locked
        _write(locked, body, by)
        record("section.save", locked, characters=len(body))
    return locked


def quote_self_report(section: Section, note: ProgressNote, *, by: User, body: str, revision: int) -> Quotation:
    """Put a unit's approved self-report section at the end of what is typed, save that, and keep where it is from.

    Raises:
        PermissionDenied: `by` is not a reviewer.
        ValidationError: it isn't an approved section of a self-report of this plan, has no text, or stands in the
            section already; or as `save_section`.
        SectionChanged: `revision` is not the one that is saved now.
    """
    require(can_write_report, by)
    with recorded(by=by, reason="引用自评报告"):
        locked = _locked(section, revision)
        row = ProgressNote.objects.select_for_update(of=("self",), no_key=True)
        source = row.select_related("submission__period", "section").get(pk=note.pk)
        if source.section is None or source.submission.period.plan_id != locked.evaluation.plan_id:
            raise ValidationError("这不是本规划的自评报告，不能引用。")
        if not source.is_published:
            raise ValidationError("只能引用已通过的自评报告。")
        quotation = Quotation(
            section=locked,
            note=source,
            organisation_name=source.submission.organisation_name,
            period_name=source.submission.period.name,
            title=source.section.title,
            round=source.submission.round,
            revision=source.revision,
            text=source.progress,
            by=by,
            at=now(),
        )
        whole = clean_text(body)
        if not source.progress:
            raise ValidationError("这一部分没有文字，不能引用。")
        if source.progress in whole:
            raise ValidationError("本节正文中已有这段文字，不必再引用。")
        _write(locked, clean_text(f"{whole}\n{source.progress}"), by)
        quotation.save()
        record("section.quote", locked, source=quotation.source, revision=source.revision)
    return quotation


def _locked(section: Section, revision: int) -> Section:
    """The section as it is now, locked; refuse one that isn't written by people or was saved meanwhile."""
    locked = Section.objects.select_for_update(of=("self",)).select_related("evaluation").get(pk=section.pk)
    if not locked.is_written_by_people:
        raise ValidationError("本节只有表格，由已发布值生成，不能改写。")
    if locked.revision != revision:
        who = locked.saved_by.name if locked.saved_by else "他人"
        raise SectionChanged(f"{who}已先保存了本节。你的文字仍在下面，请对照后再保存。")
    return locked


def _write(locked: Section, body: str, by: User) -> None:
    locked.body = body
    locked.is_placeholder = not body or ASKS in body
    locked.revision += 1
    locked.saved_by, locked.saved_at = by, now()
    locked.save(update_fields=["body", "is_placeholder", "revision", "saved_by", "saved_at"])


def export_self_reports(period: ReportingPeriod, *, by: User) -> bytes:
    """Return all units' self-reports of a round as one Word file, section by section, and record it.

    What isn't approved yet is marked so; drafts stay out.

    Raises:
        PermissionDenied: `by` may not read the report.
        ValidationError: nothing was handed in yet.
    """
    require(can_read_report, by)
    with recorded(by=by, reason="导出自评报告"):
        handed_in = [each for report in reports_of(period) for each in report.parts if each.is_handed_in]
        if not handed_in:
            raise ValidationError("还没有单位报送自评报告，没有可以导出的内容。")
        document = render_self_reports(
            f"{period.plan.name}{period.name}单位自评报告汇编", day_in_words(today()), handed_in
        )
        record("period.export_self_reports", period, bytes=len(document), sections=len(handed_in))
    return document


def clean_text(text: str) -> str:
    """Return text that a Word file can hold, with its line ends made one kind.

    Raises:
        ValidationError: too long, or with a character that no document can hold.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > BODY_LIMIT:
        raise ValidationError(f"文字过长：最多 {BODY_LIMIT} 字，现有 {len(text)} 字。")
    if any(
        (ord(character) < 32 and character not in "\n\t") or "\ud800" <= character <= "\udfff" for character in text
    ):
        raise ValidationError("文字中有无法写入文档的控制字符，请删去后重试。")
    return text


def export_report(evaluation: Evaluation, *, by: User | None) -> bytes:
    """Return the report as a Word file, filled from the values published up to the case's dates, and record it.

    `by` is None for the command, which runs as the system itself.

    Raises:
        PermissionDenied: `by` may not read the report.
        ValidationError: there is no report yet.
    """
    if by is not None:
        require(can_read_report, by)
    with transaction.atomic(), recorded(by=by, reason="导出报告"):
        sections = list(Section.objects.filter(evaluation=evaluation).order_by("position"))
        if not sections:
            raise ValidationError("报告框架还没有建立，请先建立。")
        document = render(title_page(evaluation), sections, tables_for(evaluation))
        record("report.export", evaluation, bytes=len(document), values=sorted(values_in(evaluation)))
    return document


def title_page(evaluation: Evaluation) -> TitlePage:
    plan = evaluation.plan
    return TitlePage(
        title=f"{plan.name}实施{evaluation.get_kind_display()}报告",
        subtitle=f"（数据截至{day_in_words(evaluation.cut_off)}）",
        issuer=plan.host.name if plan.host else plan.drawn_up_by,
        date=day_in_words(today()),
    )
