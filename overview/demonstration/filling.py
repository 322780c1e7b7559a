"""Filling a form in, as its reporter would."""

import io
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from audit.spreadsheets import inert_rows
from organisations.models import Provenance, User
from overview.demonstration.script import Line, Script
from submissions.actions import add_evidence, save_figure, save_note
from submissions.checks import unexplained_in
from submissions.models import Answer, Evidence, Figure, ProgressNote, ProgressState, Submission

PROVENANCES = {str(each.label): each for each in Provenance}
STATES = {str(each.label): each for each in ProgressState}
CHECKED = "已核对，数据无误（演示假定）。"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fill_in(form: Submission, script: Script, *, by: User, first: bool = False, share: int = 100) -> None:
    """Answer the first ``share`` percent of the form's cells and notes; ``first`` takes what was reported first."""
    figures = list(_cells(form))
    for figure in figures[: _part(len(figures), share)]:
        _save(figure, value_line(script, figure), by=by, first=first)
    notes = list(
        ProgressNote.objects.filter(submission=form, is_owed=True).select_related(
            "task__chapter", "project", "section"
        )
    )
    for note in notes[: _part(len(notes), share)]:
        _save_note(note, script, form, by)
    _attach(form, script, by)


def answer_returns(form: Submission, script: Script, replies: Mapping[int, str], *, by: User, final: bool) -> None:
    """Save every returned cell again with the reply to its reasons; ``final`` puts the right value in."""
    for figure in _cells(form):
        if figure.state in ("returned", "correcting"):
            reply = replies.get(figure.indicator.number, CHECKED)
            _save(figure, value_line(script, figure), by=by, first=not final, reply=reply)


def explain_oddities(form: Submission, script: Script, *, by: User) -> None:
    """Explain what the check page asks about and the script says nothing of."""
    asked = {finding.figure.pk for finding in unexplained_in(form) if finding.figure is not None}
    for figure in _cells(form):
        if figure.pk in asked:
            line = value_line(script, figure)
            told = line | {"说明": line["说明"] or CHECKED, "数值": figure.value_printed}
            _save(figure, told, by=by, first=False, reply=figure.reply)


def value_line(script: Script, figure: Figure) -> Line:
    return script.values[(figure.period.code, figure.organisation.code, figure.indicator.number)]


def _cells(form: Submission) -> list[Figure]:
    rows = Figure.objects.filter(submission=form, is_owed=True).select_related("indicator", "organisation", "period")
    return list(rows.order_by("indicator__number"))


def _part(count: int, share: int) -> int:
    return count * share // 100


def _save(figure: Figure, line: Line, *, by: User, first: bool, reply: str = "") -> None:
    text = (line["初报值"] if first else "") or line["数值"]
    is_missing = text in ("", "/")
    answer = Answer.NO_DATA if is_missing else Answer.ZERO if text == "0" else Answer.VALUE
    save_figure(
        figure,
        by=by,
        revision=figure.revision,
        answer=answer,
        value_text=text,
        no_data_reason=(line["无数据的原因"] or line["说明"]) if is_missing else "",
        as_of_text="" if is_missing else line["截至日期"],
        growth_text=line["可比价增速"],
        growth_source=line["数据来源"] if line["可比价增速"] else "",
        data_source=line["数据来源"],
        explanation="" if is_missing else line["说明"],
        expectation=line["预计"],
        reply=reply,
        confirmed=True,
        provenance=PROVENANCES[line["来源"]],
    )


def _save_note(note: ProgressNote, script: Script, form: Submission, by: User) -> None:
    if note.section is not None:
        _save_section(note, script, form, by)
        return
    task = f"{note.task.chapter.number}.{note.task.number}" if note.task is not None else ""
    line = script.notes[(task, str(note.project.number) if note.project is not None else "")]
    save_note(
        note,
        by=by,
        revision=note.revision,
        state=STATES[line["状态"]],
        progress=f"{form.period.name}：{line['进展']}",
        problems=line["问题"],
        next_step=line["下一步"],
        provenance=PROVENANCES[line["来源"]],
    )


def _save_section(note: ProgressNote, script: Script, form: Submission, by: User) -> None:
    assert note.section is not None
    text = script.self_report(form.organisation.code, note.section.number)
    if text:
        save_note(note, by=by, revision=note.revision, state="", progress=text, provenance=Provenance.ASSUMED)


def _attach(form: Submission, script: Script, by: User) -> None:
    lines = script.evidence.get((form.period.code, form.organisation.code), [])
    for figure in _cells(form) if lines else []:
        for line in lines:
            is_there = Evidence.objects.filter(figure=figure).exists()
            if int(line["指标"]) == figure.indicator.number and not is_there:
                add_evidence(figure, by=by, upload=evidence_file(line["文件名"], figure))


def evidence_file(name: str, figure: Figure) -> SimpleUploadedFile:
    """A small workbook, made on the spot, that says it is a demonstration."""
    book, content = Workbook(), io.BytesIO()
    page = book.worksheets[0]
    told = [
        (name, "演示假定，不是真实材料"),
        ("指标", figure.indicator.full_name),
        ("报告期", figure.period.name),
        ("单位", figure.organisation.name),
    ]
    for row in inert_rows(told):
        page.append(row)
    book.save(content)
    return SimpleUploadedFile(f"{name}.xlsx", content.getvalue(), SHEET)
