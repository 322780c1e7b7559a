"""Asking to correct what is published, with the new values; taking them over once that is agreed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from files.actions import store
from organisations.models import User
from organisations.permissions import require
from submissions.actions.cells import Outcome, Sent, require_open, save_figures
from submissions.actions.sent import cells_to_read
from submissions.actions.typed import NeedsConfirmation, Typed, read_cell, tidy
from submissions.models import (
    Answer,
    Correction,
    CorrectionScope,
    CorrectionState,
    Evidence,
    Figure,
    PublishedValue,
    RequestedValue,
    Submission,
)
from submissions.permissions import can_fill_in
from submissions.queries.previous import standing_values
from submissions.queries.requested import open_request
from submissions.states import CellState, State
from submissions.words import texts_of

OPEN_STATES = (CorrectionState.ASKED, CorrectionState.AGREED)
MOST_FILES = 10
SAID = ("answer", "value", "parts", "as_of", "no_data_reason")
KEPT = (*SAID, "value_printed", "as_of_precision", "as_of_printed")


@dataclass(frozen=True)
class Wanted:
    """What one figure is to be corrected to, as typed; a text that is empty stays as it is published.

    The word 无数据 stands for no data, for the reason of the whole request. ``confirmed`` agrees to a writing that could
    mean something else.
    """

    figure: int
    value_text: str = ""
    as_of_text: str = ""
    confirmed: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.value_text.strip() and not self.as_of_text.strip()


class Unclear(ValidationError):
    """New values that can't be taken as they were typed: ``by_figure`` has the refusal of each."""

    def __init__(self, by_figure: Mapping[int, ValidationError]) -> None:
        super().__init__([message for each in by_figure.values() for message in each.messages])
        self.by_figure = by_figure


def ask_for_correction(
    submission: Submission,
    *,
    by: User,
    reason: str,
    values: Sequence[Wanted] = (),
    whole: bool = False,
    evidence: Sequence["UploadedFile[bytes]"] = (),
) -> Correction:
    """Ask to correct approved figures, each to a new value, or the form as a whole; what is published stays meanwhile.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation, or confirmed or reviewed it.
        ValidationError: no reason, no new value, a figure that isn't approved, an open request already, or a file that
            isn't taken.
        Unclear: a new value can't be read, must be agreed to, or is the published one.
        StaleState: the form isn't approved.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        if locked.state != State.APPROVED:
            raise StaleState(f"填报表当前为“{locked.get_state_display()}”，只有已通过的填报表才能申请更正。")
        if Correction.objects.filter(submission=locked, state__in=OPEN_STATES).exists():
            raise ValidationError("已有一份更正申请在办理，请等待答复。")
        wanted = {} if whole else {each.figure: each for each in values if not each.is_empty}
        figures = _approved(locked, None if whole else wanted.keys())
        if len(evidence) > MOST_FILES:
            raise ValidationError(f"一份申请最多附 {MOST_FILES} 个文件。")
        reason = tidy(reason, "reason")
        asked = _read(locked, wanted, figures, reason)
        correction = Correction.objects.create(
            submission=locked,
            figures=sorted(figures),
            scope=CorrectionScope.FORM if whole else CorrectionScope.CELLS,
            reason=reason,
            asked_by=by,
            asked_at=now(),
        )
        for each in asked:
            each.correction = correction
        RequestedValue.objects.bulk_create(asked)
        changes = [{"figure": each.figure_id, "before": each.published.shown, "after": each.shown} for each in asked]
        record("correction.ask", correction, figures=correction.figures, **({"values": changes} if changes else {}))
        _attach(correction, evidence, by)
    return correction


def _approved(submission: Submission, keys: Any) -> dict[int, Figure]:
    """The approved figures that are asked for, with what it takes to read them; all of them for None.

    Raises:
        ValidationError: none, or one that isn't approved.
    """
    rows = Figure.objects.filter(submission=submission, is_owed=True, state=CellState.APPROVED)
    found = cells_to_read(submission, set(rows.values_list("pk", flat=True)))
    figures = {row.pk: row for row in found if keys is None or row.pk in keys}
    if keys is not None and not keys:
        raise ValidationError("请填写要更正的各项的新值。只改说明或分项名称的，可以申请更正整张表。")
    if keys is not None and keys - figures.keys():
        raise ValidationError("要更正的数据中有不是“已通过”的，请刷新后重新填写。")
    if not figures:
        raise ValidationError("这张表没有可以更正的数据。")
    return figures


def _read(
    submission: Submission, wanted: Mapping[int, Wanted], figures: Mapping[int, Figure], reason: str
) -> list[RequestedValue]:
    """Read the new values with the reader of the cells themselves.

    Raises:
        Unclear: as ``ask_for_correction``.
    """
    published = standing_values(submission)
    found, refused = [], dict[int, ValidationError]()
    for key, each in wanted.items():
        try:
            found.append(_new_value(each, figures[key], published[key], reason))
        except ValidationError as refusal:
            refused[key] = refusal
    if refused:
        raise Unclear(refused)
    return found


def _new_value(wanted: Wanted, figure: Figure, published: PublishedValue, reason: str) -> RequestedValue:
    name, stands, typed = figure.indicator.name, texts_of(figure), wanted.value_text.strip()
    answer: str = Answer.VALUE if typed else figure.answer
    if typed == Answer.NO_DATA.label:
        answer, typed = Answer.NO_DATA, ""
    is_new_text = bool(wanted.value_text.strip())
    words = Typed(
        answer,
        typed if is_new_text else stands["value_text"],
        parts=() if is_new_text else figure.parts,
        part_names=[(part["name"], part["unit"]) for part in figure.part_names],  # type: ignore[attr-defined]
        no_data_reason=reason if is_new_text else figure.no_data_reason,
        as_of_text=wanted.as_of_text if wanted.as_of_text.strip() else stands["as_of_text"],
        agreed=frozenset({stands["value_text"]}),
        is_confirmed=wanted.confirmed,
    )
    try:
        columns = read_cell(words, figure.indicator)
    except NeedsConfirmation:
        raise
    except ValidationError as refusal:
        raise ValidationError(f"{name}：{refusal.messages[0]}") from None
    if is_new_text and not columns["parts"] and columns["value"] is not None:
        columns["parts"] = figure.parts  # a total alone says nothing new of its parts
    new = RequestedValue(figure=figure, published=published, **{column: columns[column] for column in KEPT})
    if all(getattr(new, column) == getattr(published, column) for column in SAID):
        raise ValidationError(f"{name}的新值与已发布的相同（{published.shown}），请核实。")
    return new


def _attach(correction: Correction, evidence: Sequence["UploadedFile[bytes]"], by: User) -> None:
    for upload in evidence:
        kept = store(upload, by=by)
        row = Evidence.objects.create(correction=correction, file=kept, added_by=by, added_at=now())
        record("evidence.add", row, of=str(correction))


def take_requested(submission: Submission, *, by: User, seen: Mapping[int, int]) -> list[Outcome]:
    """Take the new values of the agreed request over into the form, as if typed: by key the figure's revision as seen.

    Whoever reports a number changes it: agreeing opens the cells, and a reporter of the organisation fills them.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form isn't open for a correction, or one of the values isn't of its request.
    """
    with recorded(by=by, reason="填入更正申请中的新值"):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        require_open(locked)
        values = {each.pk: each for each in open_request(locked)}
        if seen.keys() - values.keys():
            raise StaleState("这些新值已不在办理中的更正申请里，没有改动。请刷新后查看。")
        sent = [
            Sent(values[key].figure_id, revision, _words(values[key]), values[key].parts, confirmed=True)
            for key, revision in seen.items()
        ]
        return save_figures(locked, by=by, cells=sent) if sent else []


def _words(value: RequestedValue) -> dict[str, str]:
    return {
        "answer": value.answer,
        "value_text": value.value_printed if value.answer == Answer.VALUE else "",
        "no_data_reason": value.no_data_reason,
        "as_of_text": value.as_of_printed,
    }
