"""Cells as their writers send them, and what they mean beside what is saved; nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from indicators.models import IndicatorPart
from submissions.actions.typed import Typed, read_cell
from submissions.models import Answer, Figure, Submission
from submissions.models.figure import CAN_STAY
from submissions.queries.previous import Before
from submissions.words import plain, texts_of

SAME_AS_BEFORE = "same"
NOT_THE_SAME = "“与上期相同”只用于有上期数的时点值、比率和规划期累计。这一项请填本期的数。"


@dataclass(frozen=True)
class Sent:
    """One cell as its writer sent it: ``revision`` is the one that they saw.

    ``words`` are by the names of the fields (``answer``, ``value_text``, ``explanation`` …); what isn't among them
    stays as it is saved. Without an ``answer`` the number's field tells: a number, or nothing yet. The answer ``same``
    takes the last period's value over. Parts without names are in the order of the indicator's. ``confirmed`` agrees
    to writings that could mean something else (1.2万, 7+2+1, 0.469 in percent).
    """

    figure: int
    revision: int
    words: Mapping[str, str]
    parts: Sequence[Mapping[str, str]] | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one sent cell: ``figure`` is as it is now; ``refusal`` says why it wasn't saved."""

    figure: Figure
    refusal: ValidationError | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """All words that were read, with those that weren't sent."""


def asks_for_same(sent: Sent) -> bool:
    return sent.words.get("answer") == SAME_AS_BEFORE


def is_saved(sent: Sent, figure: Figure, saved: Mapping[str, str]) -> bool:
    """Whether the cell says all that was sent already: most of what a page sends does. ``saved`` is its words."""
    if sent.parts is not None or (figure.answer == Answer.BLANK and figure.parts):
        return False
    answer = sent.words.get("answer")
    if answer is None and "value_text" in sent.words and figure.answer not in (Answer.VALUE, Answer.BLANK):
        return False
    said = {**saved, "answer": figure.answer}
    return all(said.get(name) == text for name, text in sent.words.items())


def filled_in(sent: Sent, figure: Figure, before: Before | None) -> tuple[dict[str, str], list[Mapping[str, str]]]:
    """All words of the cell: those that were sent, in front of those that are saved; and its parts.

    Raises:
        ValidationError: the last period's value is asked for, and can't be taken over.
    """
    words = texts_of(figure) | dict(sent.words)
    parts = list(figure.parts) if sent.parts is None else _named(sent.parts, figure)
    if "answer" not in sent.words:
        words["answer"] = figure.answer
        if "value_text" in sent.words:
            words["answer"] = Answer.VALUE if sent.words["value_text"].strip() else Answer.BLANK
    if before is not None and asks_for_same(sent):
        last = before.last_period(figure)
        if last is None or figure.indicator.kind not in CAN_STAY:
            raise ValidationError({"value_text": NOT_THE_SAME})
        words |= {"answer": Answer.VALUE, "value_text": last.value_printed or plain(last.value)}
        parts = last.parts
    if words["answer"] == Answer.BLANK:
        words["value_text"], parts = "", []
    if words["answer"] == Answer.NO_DATA and "value_text" not in sent.words and figure.answer != Answer.NO_DATA:
        words["value_text"] = ""
    return words, parts


def _named(parts: Sequence[Mapping[str, str]], figure: Any) -> list[Mapping[str, str]]:
    """The parts with the names that the indicator gives them, where they came without."""
    names = [*figure.part_names, *[{}] * len(parts)]
    return [name | dict(part) for name, part in zip(names, parts, strict=False)]


def cells_to_read(submission: Submission, keys: set[int]) -> QuerySet[Figure]:
    """The cells with what it takes to read them: their indicators and the names of their parts."""
    names = IndicatorPart.objects.filter(indicator=OuterRef("indicator")).order_by("number")
    rows = Figure.objects.filter(submission=submission, pk__in=keys).select_related("indicator")
    return rows.annotate(part_names=ArraySubquery(names.values(told=JSONObject(name="name", unit="unit"))))


def columns_of(
    figure: Figure,
    words: Mapping[str, str],
    parts: Sequence[Mapping[str, str]],
    *,
    confirmed: bool,
    is_same: bool = False,
) -> dict[str, Any]:
    """Return the columns of the cell that its words mean; writings that are saved already are agreed to.

    Raises:
        ValidationError, NeedsConfirmation: as ``read_cell``.
    """
    agreed = frozenset({figure.value_printed, plain(figure.last_year_value), plain(figure.reported_growth)})
    names = [(part["name"], part["unit"]) for part in figure.part_names]  # type: ignore[attr-defined]
    typed = Typed(**words, parts=parts, part_names=names, agreed=agreed, is_confirmed=confirmed)
    columns = read_cell(typed, figure.indicator)
    return columns | {"is_same_as_before": is_same or (figure.is_same_as_before and columns["value"] == figure.value)}
