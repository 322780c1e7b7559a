"""Saving cells of a form: one or many of them, with one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, prefetch_related_objects

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record_each, recorded
from organisations.models import Provenance, User
from organisations.permissions import require
from submissions.actions.sent import Outcome, Sent, asks_for_same, cells_to_read, columns_of, filled_in, is_saved
from submissions.actions.typed import NeedsConfirmation
from submissions.actions.writing import write_columns
from submissions.models import Answer, Figure, Submission
from submissions.permissions import can_fill_in, forms_without_other_steps, reports_for
from submissions.queries.previous import Before
from submissions.states import CellState
from submissions.words import plain, texts_of

__all__ = ["CellConflict", "NeedsConfirmation", "Outcome", "Sent", "save_figure", "save_figures"]


class CellConflict(ValidationError):
    """Somebody else saved the cell meanwhile, and it differs; ``current`` is the figure as they saved it."""

    def __init__(self, current: Figure) -> None:
        who = current.saved_by.name if current.saved_by is not None else "他人"
        super().__init__(
            f"{who}刚刚修改过这一项，你的内容还没有保存。请核对两人所填，再决定保留哪一个。", code="conflict"
        )
        self.current = current


@dataclass(frozen=True)
class _Change:
    figure: Figure
    columns: dict[str, Any]
    typed: str


def save_figures(
    submission: Submission, *, by: User, cells: Sequence[Sent], provenance: str = Provenance.REPORT
) -> list[Outcome]:
    """Save what can be saved of the sent cells, each at once with its history; tell of each what came of it.

    A cell that can't be read, must be agreed to, or was changed meanwhile (``CellConflict``) is refused by itself; the
    others are saved. What is saved already is no change: it makes no version and no conflict, whatever the revision.
    The number of statements doesn't grow with the number of cells.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form isn't open for editing.
        Figure.DoesNotExist: a cell isn't one of this form's.
    """
    with recorded(by=by, reason="填写数据"):
        locked = Submission.objects.locked(submission.pk)
        figures = _cells_of(locked, {each.figure for each in cells}, by)
        changed_since = [figures[each.figure] for each in cells if figures[each.figure].revision != each.revision]
        prefetch_related_objects(changed_since, "saved_by")  # a conflict names who it was
        before = Before(list(figures.values())) if any(asks_for_same(each) for each in cells) else None
        outcomes, changes = [], []
        for each in cells:
            figure = figures[each.figure]
            words: Mapping[str, str] = each.words
            saved = texts_of(figure)
            try:
                require_cell_open(figure)
                if is_saved(each, figure, saved):
                    outcomes.append(Outcome(figure, words=saved | {"answer": figure.answer}))
                    continue
                words, parts = filled_in(each, figure, before)
                change = _change_of(each, figure, words, parts)
            except ValidationError as refusal:
                outcomes.append(Outcome(figure, refusal, words))
                continue
            outcomes.append(Outcome(figure, words=words))
            changes += [change] if change is not None else []
        _write(locked, changes, by, provenance)
        return outcomes


def save_figure(
    figure: Figure,
    *,
    by: User,
    revision: int,
    answer: str,
    value_text: str = "",
    parts: Sequence[Mapping[str, str]] = (),
    no_data_reason: str = "",
    as_of_text: str = "",
    last_year_text: str = "",
    growth_text: str = "",
    growth_source: str = "",
    data_source: str = "",
    explanation: str = "",
    expectation: str = "",
    reply: str = "",
    confirmed: bool = False,
    provenance: str = Provenance.REPORT,
) -> Figure:
    """Save one cell as a whole: what isn't given is emptied. ``provenance`` marks what a demonstration assumes.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form or the cell isn't open for editing.
        CellConflict: another revision is saved, and it says something else.
        NeedsConfirmation: the number must be agreed to first.
        ValidationError: something can't be read; by field, in Chinese.
    """
    words = {
        "answer": answer,
        "value_text": value_text,
        "no_data_reason": no_data_reason,
        "as_of_text": as_of_text,
        "last_year_text": last_year_text,
        "growth_text": growth_text,
        "growth_source": growth_source,
        "data_source": data_source,
        "explanation": explanation,
        "expectation": expectation,
        "reply": reply,
    }
    sent = Sent(figure.pk, revision, words, parts, confirmed)
    (outcome,) = save_figures(figure.submission, by=by, cells=[sent], provenance=provenance)
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome.figure


def _cells_of(submission: Submission, keys: set[int], by: User) -> dict[int, Figure]:
    """Return the cells as they are now, with the names of their parts; refuse whom the form isn't open to."""
    free = forms_without_other_steps(by).filter(pk=submission.pk)
    rows = cells_to_read(submission, keys).annotate(without_other_steps=Exists(free))
    found: dict[int, Figure] = {row.pk: row for row in rows}
    require(_may_write, by, submission, found.values())
    require_open(submission)
    if keys - found.keys():
        raise Figure.DoesNotExist("a cell of another form")
    for row in found.values():
        row.submission, row.period = submission, submission.period
    return found


def _may_write(user: User, submission: Submission, cells: Sequence[Any]) -> bool:
    """As ``can_fill_in``, which was asked together with the cells."""
    return reports_for(user, submission) and all(cell.without_other_steps for cell in cells)


def _change_of(
    sent: Sent, figure: Figure, words: Mapping[str, str], parts: Sequence[Mapping[str, str]]
) -> _Change | None:
    """Return what is to be written of a cell; None where it is saved already."""
    if words == texts_of(figure) | {"answer": figure.answer} and list(parts) == figure.parts:
        return None
    columns = columns_of(
        figure, words, parts, confirmed=sent.confirmed or asks_for_same(sent), is_same=asks_for_same(sent)
    )
    if all(getattr(figure, name) == value for name, value in columns.items()):
        return None
    if sent.revision != figure.revision:
        raise CellConflict(figure)
    return _Change(figure, columns, words["value_text"].strip())


def locked_cell(figure: Figure, by: User) -> Figure:
    """Return the cell as it is now, its form locked; refuse whoever or whatever may not change it.

    Raises:
        PermissionDenied, StaleState: as ``save_figure``.
    """
    submission = Submission.objects.locked(figure.submission_id)
    require(can_fill_in, by, submission)
    locked = Figure.objects.select_related("indicator", "saved_by").get(pk=figure.pk)
    locked.submission, locked.period = submission, submission.period
    require_open(submission)
    require_cell_open(locked)
    return locked


def require_cell_open(figure: Figure) -> None:
    """Refuse a change of a cell that isn't with its reporters.

    Raises:
        StaleState: it was submitted or approved, or isn't owed any more.
    """
    if not figure.is_editable:
        state = figure.get_state_display() if figure.is_owed else "不再应填"
        raise StaleState(f"这一项当前为“{state}”，不能修改。")


def require_open(submission: Submission) -> None:
    """Refuse a change of a form that isn't with its reporters.

    Raises:
        StaleState: it was submitted, confirmed or approved, or its period was closed.
    """
    require_period_open(submission)
    if not submission.is_editable:
        raise StaleState(f"填报表当前为“{submission.get_state_display()}”，不能修改。可能有人刚刚提交，请刷新后查看。")


def require_period_open(submission: Submission) -> None:
    """Refuse what would bring a form in after its period was closed.

    Raises:
        StaleState: the period is closed, and the form never came in.
    """
    if submission.is_shut:
        raise StaleState(f"{submission.period.name}已关闭填报，不能再填写和提交。确需补报的，请联系专项小组重新开放。")


def take_up(submission: Submission, by: User) -> None:
    """Who first writes in a form handles it (经办) until it is handed over."""
    if submission.reporter_id is None:
        submission.reporter = by
        submission.save(update_fields=["reporter"])


def _write(submission: Submission, changes: Sequence[_Change], by: User, provenance: str) -> None:
    """Write the changed cells with one statement, and an entry for each with another."""
    if not changes:
        return
    take_up(submission, by)
    told = []
    for change in changes:
        figure, before = change.figure, shown_in_history(change.figure)
        for name, value in change.columns.items():
            setattr(figure, name, value)
        if figure.state in (CellState.TO_FILL, CellState.FILLED):
            figure.state = CellState.TO_FILL if figure.answer == Answer.BLANK else CellState.FILLED
        figure.revision += 1
        figure.saved_by, figure.saved_at, figure.provenance = by, now(), provenance
        after = shown_in_history(figure)
        detail = {"before": before, "after": after} if before != after else {}
        told.append(
            (figure, detail | ({"typed": change.typed} if change.typed not in ("", figure.value_printed) else {}))
        )
    names = [*changes[0].columns, "provenance", "state", "saved_by", "saved_at"]
    if write_columns([change.figure for change in changes], names, where_still="revision") != len(changes):
        raise StaleState("这张表刚刚有人修改，请稍后重试。")
    record_each("figure.save", told)


def shown_in_history(figure: Figure) -> str:
    """The cell's answer in a few words, as an entry keeps it."""
    match figure.answer:
        case Answer.BLANK:
            return ""
        case Answer.NO_DATA:
            return Answer.NO_DATA.label
        case Answer.ZERO:
            return Answer.ZERO.label
        case _:
            return figure.value_printed or plain(figure.value)
