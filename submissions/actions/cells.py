"""Saving one cell of a form."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from organisations.models import Provenance, User
from organisations.permissions import require
from submissions.actions.typed import NeedsConfirmation, Typed, read_cell
from submissions.models import Answer, Figure, Submission
from submissions.permissions import can_fill_in
from submissions.states import CellState

__all__ = ["CellConflict", "NeedsConfirmation", "save_figure"]


class CellConflict(ValidationError):
    """Somebody else saved the cell meanwhile, and it differs; ``current`` is the figure as they saved it."""

    def __init__(self, current: Figure) -> None:
        who = current.saved_by.name if current.saved_by is not None else "他人"
        super().__init__(
            f"{who}刚刚修改过这一项，你的内容还没有保存。请核对两人所填，再决定保留哪一个。", code="conflict"
        )
        self.current = current


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
    """Save a cell as a whole: what isn't given is emptied. The number is read in the indicator's unit.

    ``revision`` is the one that the writer saw. What is saved already is no change: it makes no version and no
    conflict, whatever the revision. ``confirmed`` agrees to writings that could mean something else (1.2万, 7+2+1,
    0.469 in percent); a writing that is saved already needs no second agreement. ``provenance`` marks what a
    demonstration assumes.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form or the cell isn't open for editing.
        CellConflict: another revision is saved, and it says something else.
        NeedsConfirmation: the number must be agreed to first.
        ValidationError: something can't be read; by field, in Chinese.
    """
    with recorded(by=by, reason="填写数据"):
        locked = locked_cell(figure, by)
        agreed = frozenset({locked.value_printed, _plain(locked.last_year_value), _plain(locked.reported_growth)})
        typed = Typed(
            answer=answer,
            value_text=value_text,
            parts=parts,
            no_data_reason=no_data_reason,
            as_of_text=as_of_text,
            last_year_text=last_year_text,
            growth_text=growth_text,
            growth_source=growth_source,
            data_source=data_source,
            explanation=explanation,
            expectation=expectation,
            reply=reply,
            agreed=agreed,
            is_confirmed=confirmed,
        )
        columns = read_cell(typed, locked.indicator)
        if all(getattr(locked, name) == value for name, value in columns.items()):
            return locked
        if revision != locked.revision:
            raise CellConflict(locked)
        return _write(locked, columns | {"provenance": provenance}, by, value_text.strip())


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
    if not locked.is_editable:
        state = locked.get_state_display() if locked.is_owed else "不再应填"
        raise StaleState(f"这一项当前为“{state}”，不能修改。")
    return locked


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


def _write(figure: Figure, columns: dict[str, Any], by: User, typed: str) -> Figure:
    take_up(figure.submission, by)
    before = shown_in_history(figure)
    for name, value in columns.items():
        setattr(figure, name, value)
    if figure.state in (CellState.TO_FILL, CellState.FILLED):
        figure.state = CellState.TO_FILL if figure.answer == Answer.BLANK else CellState.FILLED
    figure.revision += 1
    figure.saved_by, figure.saved_at = by, now()
    figure.save(update_fields=[*columns, "state", "revision", "saved_by", "saved_at"])
    after = shown_in_history(figure)
    told = {"before": before, "after": after} if before != after else {}
    record("figure.save", figure, **told, **({"typed": typed} if typed not in ("", figure.value_printed) else {}))
    return figure


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
            return figure.value_printed or _plain(figure.value)


def _plain(value: Decimal | None) -> str:
    """A number as it would be typed again: without the zeros that a column adds."""
    return "" if value is None else f"{value.normalize():f}"
