"""What the working group's consolidated workbook says, put beside the figures: proposed, taken over, declined."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import Q

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record_each, recorded
from background.models import BackgroundJob
from indicators.models import Indicator
from organisations.models import Organisation, User
from organisations.permissions import is_reviewer, require
from plans.models import PeriodState, ReportingPeriod
from submissions.actions.cells import Outcome, Sent, require_open, save_figures
from submissions.actions.typed import NeedsConfirmation, Typed, read_cell
from submissions.models import Answer, Figure, ProposalState, ProposedValue, Submission
from submissions.permissions import can_fill_in
from submissions.states import EDITABLE, EDITABLE_CELLS

LONGEST = 100  # characters of a value as it was typed


@dataclass(frozen=True)
class Asked:
    """What a row of the workbook says of one figure, in the words of the verb that would save it."""

    figure: int
    answer: str
    value_text: str = ""
    no_data_reason: str = ""
    explanation: str = ""
    data_source: str = ""


@dataclass(frozen=True)
class Came:
    """What came of a row: the words for whoever sent it, and whether something was written."""

    words: str
    is_new: bool = False


def propose_values(
    period: ReportingPeriod, rows: Sequence[Asked], *, by: User, job: BackgroundJob | None = None
) -> list[Came]:
    """Propose values for figures of many forms; what is typed, handed in or approved already is left as it is.

    Each row is told what came of it. What was proposed before, or declined, is not proposed again; another value takes
    the place of one that nobody has decided on. A row for each figure at most; the number of statements doesn't grow.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        StaleState: the period isn't open.
    """
    with recorded(by=by, reason="载入汇总工作簿"):
        require(is_reviewer, by)
        if not ReportingPeriod.objects.filter(pk=period.pk, state=PeriodState.OPEN).exists():
            raise StaleState(f"{period.name}没有在填报，不能载入汇总数。")
        looked = read_proposals(period, rows)
        keep_proposals(looked, by=by, job=job)
    return looked.came


@dataclass(frozen=True)
class Looked:
    """What some rows come to: an answer for each, the proposals to write, and those whose place they take."""

    came: list[Came]
    made: list[ProposedValue]
    replaced: list[ProposedValue]


def read_proposals(period: ReportingPeriod, rows: Sequence[Asked]) -> Looked:
    """Read and check rows, and hold them against what was proposed before; within the caller's change, nothing is written."""
    figures = _locked(period, [row.figure for row in rows])
    known: dict[int, list[ProposedValue]] = {}
    states = (ProposalState.PROPOSED, ProposalState.DECLINED)
    for each in ProposedValue.objects.filter(figure__in=figures, state__in=states):
        each.figure = figures[each.figure_id]
        known.setdefault(each.figure_id, []).append(each)
    looked = Looked([], [], [])
    for row in rows:
        try:
            proposal, words = _read(row, figures[row.figure])
        except ValidationError as refusal:
            looked.came.append(Came("".join(refusal.messages)))
            continue
        earlier = known.get(row.figure, [])
        told = next((_WORDS[ProposalState(each.state)] for each in earlier if each.says_as(proposal)), "")
        if told:
            looked.came.append(Came(told))
            continue
        looked.made.append(proposal)
        looked.replaced.extend(each for each in earlier if each.state == ProposalState.PROPOSED)
        looked.came.append(Came(f"已载入，待单位采用。{words}", is_new=True))
    return looked


def keep_proposals(looked: Looked, *, by: User, job: BackgroundJob | None = None) -> None:
    """Write what ``read_proposals`` made of the rows, within the caller's change."""
    for proposal in looked.made:
        proposal.job, proposal.proposed_by, proposal.proposed_at = job, by, now()
    _write(looked.made, looked.replaced)


_READING = ("answer", "text", "no_data_reason", "explanation", "data_source")


def told_before(period: ReportingPeriod, rows: Iterable[Asked]) -> dict[int, str]:
    """What was proposed in the same writing before, and stands or was declined, of figures still to be filled in: what
    ``propose_values`` would say of it, by figure. One query; a row that isn't here may still say the same."""
    editable = Q(figure__is_owed=True, figure__answer=Answer.BLANK, figure__state__in=EDITABLE_CELLS)
    known = ProposedValue.objects.filter(
        editable,
        figure__period=period,
        figure__submission__state__in=EDITABLE,
        figure__period__state=PeriodState.OPEN,
        state__in=_WORDS,
    )
    found: dict[tuple[object, ...], str] = {}
    for figure, state, *said in known.order_by("pk").values_list("figure", "state", *_READING):
        found.setdefault((figure, *said), _WORDS[ProposalState(state)])
    told = {}
    for row in rows:
        text = row.value_text.strip()
        words = found.get((row.figure, row.answer, text, row.no_data_reason, row.explanation, row.data_source))
        if words is not None:
            told[row.figure] = words
    return told


_WORDS = {
    ProposalState.PROPOSED: "此前已载入同样的内容，没有改动。",
    ProposalState.DECLINED: "单位已选择不采用同样的内容，没有再次载入。",
}


_KEYS = ("submission_id", "indicator_id", "organisation_id", "period_id")


def _locked(period: ReportingPeriod, keys: Sequence[int]) -> dict[int, Figure]:
    """The figures with their forms, which stay as they are until the transaction ends."""
    wanted = Figure.objects.filter(period=period, pk__in=keys)
    forms = Submission.objects.select_for_update(of=("self",), no_key=True).select_related("period")
    locked = {form.pk: form for form in forms.filter(pk__in=wanted.values("submission")).order_by("pk")}
    figures = wanted.only("answer", "state", "is_owed", *_KEYS).in_bulk()
    indicators = Indicator.objects.in_bulk({figure.indicator_id for figure in figures.values()})
    organisations = Organisation.objects.in_bulk({figure.organisation_id for figure in figures.values()})
    for figure in figures.values():
        figure.submission, figure.period = locked[figure.submission_id], period
        figure.indicator, figure.organisation = indicators[figure.indicator_id], organisations[figure.organisation_id]
    if set(keys) - figures.keys():
        raise Figure.DoesNotExist("a figure of another period")
    return figures


def _read(row: Asked, figure: Figure) -> tuple[ProposedValue, str]:
    """Return the proposal that a row makes, and what has to be said of how it was understood.

    Raises:
        ValidationError: the figure isn't there to be proposed for, or the row can't be read.
    """
    if not figure.is_owed:
        raise ValidationError("这一项本期不再填报，没有载入。")
    if figure.submission.is_shut or not figure.submission.is_editable:
        raise ValidationError(f"填报表当前为“{figure.submission.get_state_display()}”，没有载入。")
    if figure.answer != Answer.BLANK or not figure.is_editable:
        raise ValidationError("单位已填报这一项，没有改动。")
    if len(row.value_text.strip()) > LONGEST:
        raise ValidationError(f"“本期”的内容超过 {LONGEST} 字，没有载入。请只填数字。")
    typed = Typed(
        row.answer,
        row.value_text,
        no_data_reason=row.no_data_reason,
        explanation=row.explanation,
        data_source=row.data_source,
    )
    words = ""
    try:
        columns = read_cell(typed, figure.indicator)
    except NeedsConfirmation as asked:
        columns, words = read_cell(replace(typed, is_confirmed=True), figure.indicator), asked.understood
    if columns["answer"] == Answer.BLANK:
        raise ValidationError("“本期”是空的，没有载入。")
    names = ("answer", "value", "no_data_reason", "explanation", "data_source")
    return ProposedValue(figure=figure, text=row.value_text.strip(), **{name: columns[name] for name in names}), words


def _write(made: Sequence[ProposedValue], replaced: Sequence[ProposedValue]) -> None:
    """Write proposals with one statement, and entries with one: of each value, and of each form."""
    if replaced:
        stale = ProposedValue.objects.filter(pk__in=[each.pk for each in replaced])
        stale.update(state=ProposalState.OVERTAKEN, decided_at=now())
        record_each("proposedvalue.overtake", [(each, {}) for each in replaced])
    if not made:
        return
    ProposedValue.objects.bulk_create(made)
    record_each("proposedvalue.propose", [(each, {"value": each.shown}) for each in made])
    forms: dict[Submission, int] = {}
    for each in made:
        forms[each.figure.submission] = forms.get(each.figure.submission, 0) + 1
    record_each("submission.propose_values", [(form, {"count": count}) for form, count in forms.items()])


_NAMED = ("figure__indicator", "figure__period")


@dataclass(frozen=True)
class Decided:
    """A proposal, and why it couldn't be taken over, if it couldn't."""

    proposal: ProposedValue
    refusal: ValidationError | None = None


def take_proposals(submission: Submission, *, by: User, seen: Mapping[int, int]) -> list[Decided]:
    """Take proposed values over into the form, as if typed: by proposal the revision of the figure that was seen.

    An explanation and a source that stand in the form already stay. One that can't be saved leaves the others be.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form isn't open for editing, or one of the proposals was decided on meanwhile.
    """
    with recorded(by=by, reason="采用专项小组的汇总数"):
        locked, proposals = _open_ones(submission, by, seen.keys())
        sent = [Sent(each.figure_id, seen[each.pk], _words(each), confirmed=True) for each in proposals]
        outcomes: list[Outcome] = save_figures(locked, by=by, cells=sent) if sent else []
        decided = [Decided(each, came.refusal) for each, came in zip(proposals, outcomes, strict=True)]
        _decide([each.proposal for each in decided if each.refusal is None], "take", by)
    return decided


def decline_proposals(submission: Submission, *, by: User, keys: Sequence[int]) -> int:
    """Leave proposed values be: the organisation fills in its own. Return how many.

    Raises:
        PermissionDenied, StaleState: as ``take_proposals``.
    """
    with recorded(by=by, reason="不采用专项小组的汇总数"):
        _, proposals = _open_ones(submission, by, keys)
        _decide(proposals, "decline", by)
    return len(proposals)


def _open_ones(submission: Submission, by: User, keys: Iterable[int]) -> tuple[Submission, list[ProposedValue]]:
    wanted = set(keys)
    locked = Submission.objects.locked(submission.pk)
    require(can_fill_in, by, locked)
    require_open(locked)
    rows = ProposedValue.objects.filter(figure__submission=locked, pk__in=wanted, state=ProposalState.PROPOSED)
    found = list(rows.select_related(*_NAMED).order_by("figure__indicator__number"))
    if len(found) != len(wanted):
        raise StaleState("其中有汇总数刚刚有人处理过，没有改动。请刷新后查看。")
    return locked, found


def _words(proposal: ProposedValue) -> dict[str, str]:
    figure = proposal.figure
    words = {"answer": proposal.answer, "value_text": proposal.text, "no_data_reason": proposal.no_data_reason}
    kept = {name: getattr(proposal, name) for name in ("explanation", "data_source") if not getattr(figure, name)}
    return words | {name: text for name, text in kept.items() if text}


def _decide(proposals: Sequence[ProposedValue], verb: str, by: User) -> None:
    if not proposals:
        return
    rows = ProposedValue.objects.filter(pk__in=[each.pk for each in proposals])
    rows.update(state=ProposedValue.MOVES[verb].target, decided_by=by, decided_at=now())
    record_each(f"proposedvalue.{verb}", [(each, {"value": each.shown}) for each in proposals])
