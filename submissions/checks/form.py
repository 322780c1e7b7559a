"""What a whole form lacks, and what looks odd in it."""

from decimal import Decimal

from django.db.models import prefetch_related_objects

from organisations.models import OrganisationKind
from submissions.checks.compared import CHECKS, NOT_FORBIDDEN, Compared
from submissions.checks.finding import Finding
from submissions.models import Answer, Evidence, Figure, ProgressNote, PublishedValue, Submission
from submissions.queries.previous import Before, figures_of, last_note_remarks, last_remarks
from submissions.queries.streets import Streets
from submissions.states import CellState, State

UNANSWERED = "退回后未修改也未答复"


def missing_in(submission: Submission) -> list[Finding]:
    """Return what is owed and blank, and what was returned and got neither a change nor an answer."""
    figures = [figure for figure in figures_of(submission) if figure.is_editable]
    found = [blank(figure) for figure in figures if figure.answer == Answer.BLANK]
    found += _unanswered(submission, [figure for figure in figures if figure.answer != Answer.BLANK])
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True, is_published=False).select_related(
        "task", "project"
    )
    open_notes = [note for note in notes if note.is_editable]
    found += [blank_note(note) for note in open_notes if note.is_blank]
    return found + _unanswered_notes(submission, [note for note in open_notes if not note.is_blank])


def blank(figure: Figure) -> Finding:
    unit = f"以{figure.indicator.unit}计的数" if figure.indicator.unit else "数"
    message = f"还没有填写。请填{unit}；为零的选“确认为零”，没有数据的选“无数据”并说明原因。"
    return Finding("missing", "待填", message, figure=figure)


def blank_note(note: ProgressNote) -> Finding:
    lacks = "进展状态" if not note.state else "进展文字"
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


def oddities_in(submission: Submission) -> list[Finding]:
    """Return everything that looks odd in the form's figures, in their order; each with its figure."""
    return oddities_among(figures_of(submission))


def oddities_among(figures: list[Figure]) -> list[Finding]:
    """Return what looks odd in figures of any forms (as ``figures_of`` reads them); the queries don't grow with them."""
    prefetch_related_objects(figures, "indicator__parts")
    before, streets = Before(figures), Streets(figures)
    found = []
    for figure in figures:
        if figure.value is None:
            continue
        cell = Compared(
            figure,
            figure.value,
            before.last_period(figure),
            _last_year(figure, before.last_year(figure)),
            frozenset(part.name for part in figure.indicator.parts.all() if not part.may_be_added),
            streets.of(figure),
            is_part=figure.organisation.kind == OrganisationKind.STREET,
        )
        for check in CHECKS:
            told = check(cell)
            if told is not None:
                asks = check.__name__ not in NOT_FORBIDDEN
                found.append(Finding(check.__name__, told[0], told[1], figure=figure, asks=asks))
    return found


def _last_year(figure: Figure, published: PublishedValue | None) -> Decimal | None:
    """At comparable scope where the reporter gave it, else what was published then."""
    if figure.last_year_value is not None or published is None:
        return figure.last_year_value
    return published.value


def unexplained_in(submission: Submission) -> list[Finding]:
    """Return the oddities of cells that are still open for editing and carry no explanation."""
    return [
        finding
        for finding in oddities_in(submission)
        if finding.figure is not None and finding.figure.is_editable and not finding.is_explained
    ]
