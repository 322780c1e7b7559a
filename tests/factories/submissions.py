"""Forms and published values, as rows: for rooms that only read them."""

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.clock import now
from audit.recording import record, recorded
from files.actions import store
from indicators.models import Indicator
from organisations.models import Organisation, User
from plans.models import PeriodState, Plan, ReportingPeriod
from submissions.actions import open_period, save_figure, submit
from submissions.actions.publishing import READING
from submissions.models import (
    Answer,
    CellState,
    Correction,
    CorrectionState,
    Decision,
    Evidence,
    Extension,
    Figure,
    ProgressNote,
    PublishedValue,
    Review,
    StampedScan,
    State,
    Submission,
    SummaryTemplate,
    UploadedWorkbook,
)
from submissions.queries.stamped import paper_of
from tasks.models import KeyTask, TaskChapter
from tests.factories.indicators import indicator
from tests.factories.moves import walked
from tests.factories.organisations import organisation, person, reviewer
from tests.factories.plans import period, plan

_numbers = itertools.count(1)


def form(*, of: ReportingPeriod, by: Organisation | None = None, **fields: object) -> Submission:
    """A form in the state that is asked for, gone through by people without a role."""
    by = by or organisation()
    given = {"organisation_name": by.name, "deadline": of.deadline, "submitted_at": now()} | fields
    state = given.pop("state", State.DRAFT)
    with recorded(by=None, reason="测试"):
        row = Submission.objects.create(period=of, organisation=by, **given)
    return row if state == State.DRAFT else taken_to(row, state)


DECISIONS = {
    "approve": Decision.APPROVED,
    "return_for_correction": Decision.RETURNED,
    "withdraw_approval": Decision.WITHDRAWN,
}


def taken_to(
    row: Submission,
    state: str,
    *,
    filler: User | None = None,
    decider: User | None = None,
    then: Callable[[Review], object] = lambda review: None,
) -> Submission:
    """Take a form to a state: its organisation's steps by one person, the reviewer's by another, with their reviews.

    ``then`` is given each review, in the change that it is made in.
    """
    filler = filler or row.submitted_by or person(at=row.organisation)
    decider = decider or row.decided_by or person()
    if state == State.REOPENED:
        row = row if row.state == State.APPROVED else taken_to(row, State.APPROVED, filler=filler, decider=decider)
        cells = list(row.figures.filter(state=CellState.APPROVED).values_list("pk", flat=True))
        with recorded(by=filler, reason="测试"):
            asked = Correction.objects.create(
                submission=row, figures=cells, scope="form", reason="更正", asked_by=filler, asked_at=now()
            )
        walked(asked, "agreed", by={"agree": decider})

    def reviewed(verb: str) -> None:
        if verb in DECISIONS:
            then(_review(row, DECISIONS[verb], decider))

    people = dict.fromkeys(("submit", "send_to_head", "withdraw"), filler)
    people |= dict.fromkeys((*DECISIONS, "reopen"), decider)
    stamps: dict[str, object] = {}
    if row.submitted_at is None and state == State.SUBMITTED:
        stamps["submitted_at"] = now()
    elif row.submitted_at is None:
        row = taken_to(row, State.SUBMITTED, filler=filler, decider=decider)
    if (row.state, state) == (State.APPROVED, State.SUBMITTED):
        stamps["decided_by"] = None
    return walked(row, state, by=people, then=reviewed, **stamps)


def _review(row: Submission, decision: str, by: User) -> Review:
    entry = record("submission.approve", row)
    return Review.objects.create(submission=row, round=row.round, decision=decision, by=by, at=now(), entry=entry)


def published(
    indicator: Indicator,
    value: str | None,
    *,
    as_of: date | None = date(2018, 6, 30),
    by: Organisation | None = None,
    of: ReportingPeriod | None = None,
    withdrawn_at: datetime | str | None = None,
    **fields: object,
) -> PublishedValue:
    """A published value with the form, figure and review that it stands on; of a figure that has one, a correction."""
    lead = indicator.responsibilities.filter(part="lead").first()
    by = by or (lead.organisation if lead else organisation())
    of = of or period(of=indicator.plan, ends_on=as_of or date(2018, 6, 30))
    answer = Answer.NO_DATA if value is None else Answer.VALUE
    reading = {"answer": answer, "value": None if value is None else Decimal(value), "as_of": as_of}
    reading |= {"no_data_reason": "没有数据"} if value is None else {}
    reading |= {name: given for name, given in fields.items() if name in READING}
    found = Submission.objects.filter(period=of, organisation=by).first() or form(of=of, by=by)
    filler, decider = found.submitted_by or person(at=by), found.decided_by or reviewer()
    figure = _up_for_review(found, indicator, reading, filler, decider)
    told: dict[str, Any] = reading | fields | {"published_at": fields.get("published_at", now())}

    def publish(review: Review) -> None:
        PublishedValue.objects.create(
            figure=figure,
            indicator=indicator,
            organisation=by,
            period=of,
            review=review,
            sequence=figure.published_values.count() + 1,
            **told,
        )
        Figure.objects.filter(pk=figure.pk).update(state=CellState.APPROVED)
        found.corrections.filter(state=CorrectionState.AGREED).update(state=CorrectionState.DONE)

    def unpublish(review: Review) -> None:
        figure.published_values.update(withdrawn_at=withdrawn_at)
        Figure.objects.filter(pk=figure.pk).update(state=CellState.SUBMITTED)

    taken_to(found, State.APPROVED, filler=filler, decider=decider, then=publish)
    if withdrawn_at is not None:
        taken_to(found, State.SUBMITTED, filler=filler, decider=decider, then=unpublish)
    return figure.published_values.latest("sequence")


def _up_for_review(
    found: Submission, indicator: Indicator, reading: dict[str, Any], filler: User, decider: User
) -> Figure:
    """The figure with this reading, submitted in a submitted form."""
    figure = found.figures.filter(indicator=indicator).first()
    if figure is not None and figure.state == CellState.APPROVED:
        taken_to(found, State.REOPENED, filler=filler, decider=decider)
        with recorded(by=None, reason="测试"):
            Figure.objects.filter(pk=figure.pk).update(state=CellState.CORRECTING)
    with recorded(by=None, reason="测试"):
        figure, _ = Figure.objects.update_or_create(
            submission=found,
            indicator=indicator,
            organisation=found.organisation,
            period=found.period,
            defaults=reading,
        )
    if found.state != State.SUBMITTED:
        taken_to(found, State.SUBMITTED, filler=filler, decider=decider)
    with recorded(by=None, reason="测试"):
        Figure.objects.filter(pk=figure.pk, state=CellState.TO_FILL).update(state=CellState.FILLED)
        Figure.objects.filter(pk=figure.pk).update(state=CellState.SUBMITTED)
    return figure


def opened(
    *indicators: Indicator, by: User | None = None, of: ReportingPeriod | None = None, **fields: object
) -> Submission:
    """A form that a reviewer opened for the lead of the indicators, by the ordinary verb."""
    of = of or period(of=indicators[0].plan, state=PeriodState.PLANNED, **fields)
    forms = open_period(of, by=by or reviewer(), reason="测试用")
    return forms[0]


def saved(figure: Figure, value: str, *, by: User, **fields: object) -> Figure:
    """Save one cell as its reporter would, over what is there."""
    current = Figure.objects.get(pk=figure.pk)
    return save_figure(current, by=by, revision=current.revision, answer="value", value_text=value, **fields)


def submitted(by: User, *values: str, **fields: object) -> Submission:
    """A submitted form of the person's organisation, with an indicator for each value (one if none is named)."""
    of = plan()
    rows = [indicator(of=of, lead=by.organisation) for _ in values or ("50",)]
    found = opened(*rows, **fields)
    for figure, value in zip(found.figures.all(), values or ("50",), strict=True):
        saved(figure, value, by=by)
    return submit(found, by=by)


def note_in(form: Submission) -> ProgressNote:
    """A progress note about a key task of the form's plan."""
    number = next(_numbers)
    with recorded(by=None, reason="测试"):
        chapter = TaskChapter.objects.create(plan=form.period.plan, number=number, title=f"任务章{number}")
        task = KeyTask.objects.create(chapter=chapter, number=1, title=f"任务{number}")
        return ProgressNote.objects.create(submission=form, task=task)


def evidence_of(figure: Figure, *, by: User) -> Evidence:
    """A piece of evidence with its file, wherever the form stands."""
    with recorded(by=by, reason="测试"):
        kept = store(SimpleUploadedFile("名单.pdf", b"%PDF-1.4\n%%EOF\n"), by=by)
        return Evidence.objects.create(figure=figure, file=kept, added_by=by, added_at=now())


def workbook_in(form: Submission, evidence: Evidence) -> UploadedWorkbook:
    """An uploaded file of the form that no form can be read from."""
    found = UploadedWorkbook.objects.filter(submission=form).first()
    if found is not None:
        return found
    with recorded(by=evidence.added_by, reason="测试"):
        return UploadedWorkbook.objects.create(
            submission=form, file=evidence.file, uploaded_by=evidence.added_by, uploaded_at=now()
        )


def scan_in(form: Submission, evidence: Evidence) -> StampedScan:
    """A stamped scan of what the form says now, by whoever added the evidence."""
    found = StampedScan.objects.filter(submission=form).first()
    if found is not None:
        return found
    given = {"version_code": paper_of(form).code, "file": evidence.file, "uploaded_at": now()}
    with recorded(by=evidence.added_by, reason="测试"):
        return StampedScan.objects.create(submission=form, uploaded_by=evidence.added_by, **given)


def asked_to_extend(form: Submission, *, by: User) -> Extension:
    """A request for a later deadline that waits for an answer, wherever the form stands."""
    with recorded(by=by, reason="测试"):
        return Extension.objects.create(
            submission=form, until=now() + timedelta(days=30), reason="数据未出", asked_by=by, asked_at=now()
        )


def template_in(of: Plan, evidence: Evidence) -> SummaryTemplate:
    """A template whose cells say nothing yet; its file is one that can be read as no workbook."""
    found = SummaryTemplate.objects.filter(plan=of).first()
    if found is not None:
        return found
    with recorded(by=evidence.added_by, reason="测试"):
        return SummaryTemplate.objects.create(
            plan=of, name="季报", file=evidence.file, uploaded_by=evidence.added_by, uploaded_at=now()
        )
