"""Taking over what the organisation reported already (一数一源)."""

from typing import Any

from audit.moves import StaleState
from audit.recording import record, recorded
from organisations.models import User
from submissions.actions.cells import Sent, locked_cell, save_figures
from submissions.actions.sent import cells_to_read
from submissions.models import Answer, Figure
from submissions.queries.same_number import SameNumber, same_numbers
from submissions.words import texts_of

ALONG = ("as_of_text", "last_year_text", "growth_text", "growth_source", "data_source", "explanation")
"""What was said beside the number there, and is said here too where the cell says nothing of it yet."""


def take_same_number(figure: Figure, *, by: User, origin: int, revision: int) -> Figure:
    """Answer a cell with what the organisation said of the same quantity and day in another form, ``origin``.

    Where from is kept in the entry, and named as the source where the cell has none.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form or the cell isn't open for editing, or the number there has changed.
        CellConflict: somebody else saved the cell meanwhile.
    """
    with recorded(by=by, reason="采用已报的同一数据"):
        locked = locked_cell(figure, by)
        offer = same_numbers(locked.submission, [locked]).get(locked.pk)
        if offer is None or offer.origin.pk != origin:
            raise StaleState("已报的数刚刚有变动，没有采用。请刷新后查看。")
        words, parts = _words(locked, offer)
        (outcome,) = save_figures(
            locked.submission, by=by, cells=[Sent(locked.pk, revision, words, parts, confirmed=True)]
        )
        if outcome.refusal is not None:
            raise outcome.refusal
        record("figure.take_same", outcome.figure, **_where(offer))
        return outcome.figure


def _words(figure: Figure, offer: SameNumber) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The words of the other cell; its parts only where they are this one's too."""
    here, there = texts_of(figure), texts_of(offer.origin)
    names = [part["name"] for part in cells_to_read(figure.submission, {figure.pk}).get().part_names]  # type: ignore[attr-defined]
    parts = [dict(part) for part in offer.origin.parts]
    fits = [part["name"] for part in parts] == names
    words = {
        "answer": str(offer.origin.answer),
        "value_text": there["value_text"] if offer.origin.answer == Answer.VALUE else "",
        "no_data_reason": there["no_data_reason"],
    }
    words |= {name: here[name] or there[name] for name in ALONG}
    words["data_source"] = words["data_source"] or f"{offer.where}填报表"
    return words, parts if fits else []


def _where(offer: SameNumber) -> dict[str, Any]:
    origin = offer.origin
    return {
        "origin": origin.pk,
        "from": f"{offer.where}填报表",
        "value": offer.shown,
        "plan": origin.period.plan.code,
        "number": origin.indicator.number,
        "organisation": origin.organisation_id,
    }
