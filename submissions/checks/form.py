"""What a whole form lacks, and what looks odd in it."""

from collections.abc import Sequence

from submissions.checks.finding import Finding
from submissions.checks.rules import RULES
from submissions.checks.running import Fired, fired_in
from submissions.checks.surroundings import Answers, Surroundings
from submissions.models import Answer, Evidence, Figure, ProgressNote, Submission
from submissions.queries.previous import figures_of, last_note_remarks, last_remarks
from submissions.states import CellState, State

UNANSWERED = "退回后未修改也未答复"
_OF_VALUES = tuple(rule for rule in RULES if not rule.is_about_blank)
_COLUMNS = {"growth": "reported_growth", "last_year_given": "last_year_value"}
"""Columns of a figure by the name that rules know them by."""


def missing_in(submission: Submission) -> list[Finding]:
    """Return what is owed and blank, and what was returned and got neither a change nor an answer."""
    figures = [figure for figure in figures_of(submission) if figure.is_editable]
    found = [blank(figure) for figure in figures if figure.answer == Answer.BLANK]
    found += _unanswered(submission, [figure for figure in figures if figure.answer != Answer.BLANK])
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True, is_published=False).select_related(
        "task", "project", "section"
    )
    open_notes = [note for note in notes if note.is_editable]
    found += [blank_note(note) for note in open_notes if note.is_blank]
    return found + _unanswered_notes(submission, [note for note in open_notes if not note.is_blank])


def blank(figure: Figure) -> Finding:
    unit = f"以{figure.indicator.unit}计的数" if figure.indicator.unit else "数"
    message = f"还没有填写。请填{unit}；为零的选“确认为零”，没有数据的选“无数据”并说明原因。"
    return Finding("missing", "待填", message, figure=figure)


def blank_note(note: ProgressNote) -> Finding:
    lacks = "进展状态" if not note.state and note.section_id is None else "进展文字"
    if note.section is not None:
        lacks = f"自评报告的“{note.section.title}”"
    return Finding("missing", f"未填{lacks}", f"还没有填写{lacks}。请填写后再提交。", note=note)


def _unanswered(submission: Submission, figures: list[Figure]) -> list[Finding]:
    returned = [figure for figure in figures if figure.state == CellState.RETURNED]
    if not returned:
        return []
    remarks = last_remarks(submission)
    evidence = Evidence.objects.filter(figure__in=returned, removed_at=None).order_by("added_at")
    added = dict(evidence.values_list("figure", "added_at"))
    found = []
    for figure in returned:
        since = remarks[figure.pk][0].review.at if figure.pk in remarks else None
        moments = [at for at in (figure.saved_at, added.get(figure.pk)) if at is not None]
        if since is not None and not any(at >= since for at in moments):
            message = "已退回，还没有修改或答复。请按退回理由核实：修改数据，或在“答复”中说明。"
            found.append(Finding("missing", UNANSWERED, message, figure=figure))
    return found


def _unanswered_notes(submission: Submission, notes: list[ProgressNote]) -> list[Finding]:
    remarks = last_note_remarks(submission) if submission.state == State.RETURNED else {}
    returned = [note for note in notes if note.pk in remarks]
    if not returned:
        return []
    evidence = Evidence.objects.filter(note__in=returned, removed_at=None).order_by("added_at")
    added = dict(evidence.values_list("note", "added_at"))
    message = "已退回，还没有修改或答复。请按退回理由核实：修改说明，或在“答复”中说明。"
    return [
        Finding("missing", UNANSWERED, message, note=note)
        for note in returned
        if not any(
            at is not None and at >= remarks[note.pk][0].review.at for at in (note.saved_at, added.get(note.pk))
        )
    ]


def findings_of(
    figures: Sequence[Figure], *, beside: Surroundings | None = None, with_blanks: bool = False
) -> list[Finding]:
    """Return everything that the rules find in figures of any forms, in their order: the one way to check values.

    The figures are as ``figures_of`` reads them (indicator with its plan, period and organisation at hand). They may be
    *proposed*: copies of saved cells, with their keys, in which ``actions.typed.read_cell``'s columns are set and not
    saved; they are held against the same earlier values, settings and answers as saved ones, and nothing is written.
    ``beside`` takes what was read for the same figures already; else it costs at most seven queries, whatever their
    number. ``with_blanks`` asks for blank cells too, as before a submission; while typing nobody is told of those.

    Each finding has its figure, its ``severity`` (error: ``blocks``; warning: ``asks`` until ``is_explained``; hint) and
    its ``message``. Its ``reason`` is the answer given for exactly this value.
    """
    known = beside or Surroundings(figures)
    found = []
    for figure in figures:
        cell, answers = known.cell(figure), known.answers(figure)
        rules = RULES if with_blanks else _OF_VALUES
        for fired in fired_in(cell, known.tuning(figure), indicator=figure.indicator_id, rules=rules):
            reason, outdated = _reason(fired, figure, answers)
            found.append(
                Finding(
                    fired.rule.code,
                    fired.rule.title,
                    fired.message,
                    figure=figure,
                    severity=fired.severity,
                    fingerprint=fired.fingerprint,
                    reason=reason,
                    outdated_reason=outdated,
                )
            )
    return found


def _reason(fired: Fired, figure: Figure, answers: Answers) -> tuple[str, str]:
    """What the finding is answered with, and an explanation that was written for another value."""
    said = answers.reasons.get((fired.rule.code, fired.fingerprint), "")
    explanation = figure.explanation.strip()
    if said or not explanation:
        return said, ""
    then = answers.written_for if figure.explanation == answers.explanation else None
    if then is None or then.answer == Answer.BLANK:
        return explanation, ""
    is_same = all(getattr(then, column) == getattr(figure, column) for column in _columns(fired.rule.about))
    return (explanation, "") if is_same else ("", explanation)


def _columns(about: tuple[str, ...]) -> list[str]:
    return [_COLUMNS.get(name, name) for name in about]


def oddities_in(submission: Submission) -> list[Finding]:
    """Return everything that looks odd in the form's figures, in their order; each with its figure."""
    return findings_of(figures_of(submission))


def oddities_among(figures: Sequence[Figure]) -> list[Finding]:
    """Return what looks odd in figures of any forms (as ``figures_of`` reads them); the queries don't grow with them."""
    return findings_of(figures)


def unexplained_in(submission: Submission) -> list[Finding]:
    """Return the oddities of cells that are still open for editing and keep the form from going out."""
    return [
        finding
        for finding in oddities_in(submission)
        if finding.figure is not None and finding.figure.is_editable and not finding.is_explained
    ]
