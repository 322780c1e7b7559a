"""Writing what a review publishes; called by the verbs of reviewing only."""

from collections.abc import Iterable

from audit.clock import now
from audit.recording import record
from plans.models import PeriodKind
from submissions.models import Answer, Figure, PublishedValue, Review, ValueStage
from submissions.models.figure import Reading
from submissions.states import CellState

READING = [field.name for field in Reading._meta.local_fields]


def publish(figures: Iterable[Figure], review: Review) -> list[PublishedValue]:
    """Publish each figure as it stands, beside what was published before; its cell is approved then.

    A figure that says exactly what stands published already gets no second publication.
    """
    figures = [figure for figure in figures if figure.answer != Answer.BLANK]
    known = PublishedValue.objects.filter(figure__in=figures).order_by("figure", "sequence")
    before: dict[int, list[PublishedValue]] = {figure.pk: [] for figure in figures}
    for value in known:
        before[value.figure_id].append(value)
    fresh = [_publication(figure, review, before[figure.pk]) for figure in figures]
    written = PublishedValue.objects.bulk_create(value for value in fresh if value is not None)
    Figure.objects.filter(pk__in=[figure.pk for figure in figures]).update(state=CellState.APPROVED)
    for value in written:
        record("figure.publish", value.figure, sequence=value.sequence, stage=value.stage)
    return written


def _publication(figure: Figure, review: Review, before: list[PublishedValue]) -> PublishedValue | None:
    standing = [value for value in before if value.withdrawn_at is None]
    reading = {name: getattr(figure, name) for name in READING}
    if standing and all(getattr(standing[-1], name) == value for name, value in reading.items()):
        return None
    return PublishedValue(
        **reading,
        figure=figure,
        indicator_id=figure.indicator_id,
        organisation_id=figure.organisation_id,
        period_id=figure.period_id,
        review=review,
        sequence=before[-1].sequence + 1 if before else 1,
        stage=ValueStage.REVISED if standing else first_stage(figure),
        published_at=now(),
    )


def first_stage(figure: Figure) -> ValueStage:
    """A full year's report is the annual one; what comes within a year is preliminary."""
    return ValueStage.ANNUAL if figure.period.kind == PeriodKind.YEAR else ValueStage.PRELIMINARY
