"""How a figure came to its value, a line for each value that was handed in: old and new, by whom, when, why, by which
review, with what evidence, and which reports printed it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit.models import Change, Entry
from overview.audit.grounds import Decided, Grounds, grounds_of
from overview.showing import reading_on_screen
from submissions.models import Answer, Evidence, Figure, PublishedValue

NUMBER = ("answer", "value", "value_printed")


@dataclass(frozen=True)
class Printed:
    """A report that was taken out with the value in it."""

    at: datetime
    report: str
    by: str


@dataclass(frozen=True)
class Turn:
    """A value that was handed in; ``before`` is what was handed in the time before, empty at the first."""

    period: str
    before: str
    after: str
    at: datetime
    who: str
    why: str
    change: int
    decided: Decided | None
    evidence: tuple[Evidence, ...]
    published: PublishedValue | None
    printed: tuple[Printed, ...]


def course_of(figures: Sequence[Figure], *, until: datetime | None = None) -> list[Turn]:
    """Return the values of figures as they were handed in, newest first; several saves before one review are one.

    For whoever may see drafts. ``until`` leaves out what was typed later.
    """
    by_key = {figure.pk: figure for figure in figures}
    grounds = grounds_of(figures)
    evidence = _evidence(by_key)
    published = {
        (row.figure_id, row.review_id): row
        for row in PublishedValue.objects.filter(figure__in=by_key).select_related("review")
    }
    printed = reports_with(row.pk for row in published.values())
    turns = []
    for key, versions in _versions(by_key, until).items():
        figure, handed_in = by_key[key], ""
        for decided, last in _by_review(figure, versions, grounds):
            after = reading_on_screen(last)
            if after == handed_in or (not handed_in and last.answer == Answer.BLANK):
                continue
            value = published.get((key, decided.review.pk)) if decided else None
            on_file = [each for each in evidence[key] if decided is None or each.added_at <= decided.review.at]
            turns.append(
                Turn(
                    figure.period.name,
                    handed_in,
                    after,
                    last.change.at,
                    who_of(last.change),
                    grounds.why(figure, last.change_id),
                    last.change_id,
                    decided,
                    tuple(on_file),
                    value,
                    tuple(printed[value.pk]) if value else (),
                )
            )
            handed_in = after
    return sorted(turns, key=lambda turn: turn.change, reverse=True)


def who_of(change: Change) -> str:
    behalf = f"（代{change.on_behalf_of}）" if change.on_behalf_of else ""
    return "·".join(part for part in (change.actor_name, change.actor_organisation) if part) + behalf


def changes_of(figures: Iterable[Figure]) -> set[int]:
    """The numbers of the changes that wrote these figures or what was published of them."""
    keys = [figure.pk for figure in figures]
    written: QuerySet[Any] = Figure.history.filter(id__in=keys)
    published: QuerySet[Any] = PublishedValue.history.filter(figure_id__in=keys)
    return {change for rows in (written, published) for change in rows.values_list("change_id", flat=True)}


def reports_with(values: Iterable[int]) -> dict[int, list[Printed]]:
    """The reports that were taken out with each of the published values in them, newest first."""
    found: dict[int, list[Printed]] = defaultdict(list)
    wanted = set(values)
    if not wanted:
        return found
    exports = Entry.objects.filter(event="report.export", detail__has_key="values").select_related("change")
    for entry in exports.order_by("-pk"):
        told = Printed(entry.change.at, entry.subject_label, who_of(entry.change))
        for key in wanted.intersection(entry.detail["values"]):
            found[key].append(told)
    return found


def _versions(by_key: dict[int, Figure], until: datetime | None) -> dict[int, list[Any]]:
    """The versions of each figure in which its number changed, in order."""
    history: QuerySet[Any] = Figure.history.filter(id__in=by_key).select_related("change").order_by("history_id")
    if until is not None:
        history = history.filter(history_date__lte=until)
    found: dict[int, list[Any]] = defaultdict(list)
    before: dict[int, tuple[Any, ...]] = {}
    for row in history:
        number = tuple(getattr(row, name) for name in NUMBER)
        if number != before.get(row.id, ("", None, "")):
            found[row.id].append(row)
        before[row.id] = number
    return found


def _by_review(figure: Figure, versions: Sequence[Any], grounds: Grounds) -> list[tuple[Decided | None, Any]]:
    """The last version before each review, with that review; at the end what waits for one."""
    found: list[tuple[Decided | None, Any]] = []
    for version in versions:
        decided = grounds.review_after(figure, version.change_id)
        if found and found[-1][0] == decided:
            found[-1] = (decided, version)
        else:
            found.append((decided, version))
    return found


def _evidence(by_key: dict[int, Figure]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    for each in Evidence.objects.filter(figure__in=by_key, removed_at=None).select_related("file").order_by("pk"):
        found[each.figure_id or 0].append(each)
    return found
