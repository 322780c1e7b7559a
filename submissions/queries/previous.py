"""What stood before: an organisation's own published values, beside the figures of its forms."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.db.models import F, QuerySet

from submissions.comparable import Span, is_year_before, may_follow, span_of
from submissions.models import Figure, PublishedValue, Remark, Submission


class Before:
    """The published values of the organisations and indicators of some figures, of all periods; read once.

    What it calls the last or last year's value can be compared with the figure: ``submissions.comparable`` says when.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._values: dict[tuple[int, int], list[tuple[Span, PublishedValue]]] = defaultdict(list)
        values = PublishedValue.objects.filter(
            organisation__in={figure.organisation_id for figure in figures},
            indicator__in={figure.indicator_id for figure in figures},
            withdrawn_at=None,
            value__isnull=False,
        ).annotate(change=F("review__entry__change_id"))
        for value in values.select_related("period").order_by("period__ends_on", "published_at", "sequence"):
            span = span_of(value, value.period)
            self._values[value.organisation_id, value.indicator_id].append((span, value))
        for known in self._values.values():
            known.sort(key=lambda pair: pair[0].until)  # stable: of the same day, the last published stands last

    def last_period(self, figure: Figure) -> PublishedValue | None:
        """The nearest earlier value that can be compared (上期)."""
        return self._last(figure, may_follow)

    def last_year(self, figure: Figure) -> PublishedValue | None:
        """The value of the same period of the year before (上年同期)."""
        return self._last(figure, is_year_before)

    def series(self, figure: Figure) -> list[tuple[Span, PublishedValue]]:
        """Every value of earlier days, oldest first, one a day and length; comparable or not."""
        now = span_of(figure, figure.period)
        known = {
            (span.until, span.months): (span, value)
            for span, value in self._of(figure)
            if span.until < now.until and value.period_id != figure.period_id
        }
        return list(known.values())

    def _last(self, figure: Figure, fits: Callable[[str, Span, Span], bool]) -> PublishedValue | None:
        kind, now = figure.indicator.kind, span_of(figure, figure.period)
        others = ((span, value) for span, value in reversed(self._of(figure)) if value.period_id != figure.period_id)
        return next((value for span, value in others if fits(kind, now, span)), None)

    def _of(self, figure: Figure) -> list[tuple[Span, PublishedValue]]:
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
