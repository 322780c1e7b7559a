"""What stood before: an organisation's own published values, beside the figures of its forms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from submissions.models import Figure, PublishedValue, Remark, Submission


class Before:
    """The published values of the organisations and indicators of some figures, of all periods; read once."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._values: dict[tuple[int, int], list[PublishedValue]] = defaultdict(list)
        values = PublishedValue.objects.filter(
            organisation__in={figure.organisation_id for figure in figures},
            indicator__in={figure.indicator_id for figure in figures},
            withdrawn_at=None,
            value__isnull=False,
        )
        for value in values.select_related("period").order_by("period__ends_on", "published_at", "sequence"):
            self._values[value.organisation_id, value.indicator_id].append(value)

    def last_period(self, figure: Figure) -> PublishedValue | None:
        """The value of the nearest earlier period (上期)."""
        known = self._of(figure)
        return next((value for value in reversed(known) if value.period.ends_on < figure.period.ends_on), None)

    def last_year(self, figure: Figure) -> PublishedValue | None:
        """The value of the period that ended in the same month of the year before (上年同期)."""
        ends_on = figure.period.ends_on
        wanted = (ends_on.year - 1, ends_on.month)
        known = reversed(self._of(figure))
        return next((v for v in known if (v.period.ends_on.year, v.period.ends_on.month) == wanted), None)

    def _of(self, figure: Figure) -> list[PublishedValue]:
        return self._values[figure.organisation_id, figure.indicator_id]


def previous_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by indicator the value that the organisation published for the nearest earlier period (上期)."""
    figures = figures_of(submission)
    before = Before(figures)
    return {f.indicator_id: value for f in figures if (value := before.last_period(f)) is not None}


def last_year_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by indicator what the organisation published for the same period of the year before (上年同期)."""
    figures = figures_of(submission)
    before = Before(figures)
    return {f.indicator_id: value for f in figures if (value := before.last_year(f)) is not None}


def standing_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by figure what the form itself has published and what still counts."""
    values = PublishedValue.objects.filter(figure__submission=submission, withdrawn_at=None)
    return {value.figure_id: value for value in values.order_by("sequence")}


def last_remarks(submission: Submission) -> dict[int, list[Remark]]:
    """Return by figure the reasons of its last return."""
    return _last_by(Remark.objects.filter(figure__submission=submission), "figure_id")


def last_note_remarks(submission: Submission) -> dict[int, list[Remark]]:
    """Return by progress note the reasons of its last return."""
    return _last_by(Remark.objects.filter(note__submission=submission), "note_id")


def _last_by(rows: QuerySet[Remark], owner: str) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    for remark in rows.select_related("review__by").order_by("review__at", "review", "id"):
        key = getattr(remark, owner)
        same = [each for each in found.get(key, []) if each.review_id == remark.review_id]
        found[key] = [*same, remark]
    return found


def figures_of(*submissions: Submission) -> list[Figure]:
    """Return the cells that are owed, in the order of the plan: first the plan's own indicators by category."""
    rows = Figure.objects.filter(submission__in=submissions, is_owed=True)
    rows = rows.select_related(
        "indicator__category",
        "indicator__task",
        "indicator__project",
        "indicator__plan",
        "organisation",
        "saved_by",
        "period",
    )
    return list(rows.order_by("submission", "indicator__category__number", "indicator__number"))


def by_form(figures: Iterable[Figure]) -> dict[int, list[Figure]]:
    """Return figures by the key of their form."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.submission_id].append(figure)
    return found
