"""What stood before: an organisation's own last published values, beside the figures of a form."""

from collections.abc import Iterable

from submissions.models import Figure, PublishedValue, Remark, Submission


def _latest(values: Iterable[PublishedValue]) -> dict[int, PublishedValue]:
    """By indicator the one of the latest period, and of that the last publication."""
    return {value.indicator_id: value for value in values}


def previous_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by indicator the value that the organisation published for the nearest earlier period (上期)."""
    values = PublishedValue.objects.filter(
        organisation=submission.organisation_id,
        period__plan=submission.period.plan_id,
        period__ends_on__lt=submission.period.ends_on,
        withdrawn_at=None,
        value__isnull=False,
    )
    return _latest(values.select_related("period").order_by("period__ends_on", "published_at", "sequence"))


def last_year_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by indicator the value that the organisation published for the same period of the year before (上年同期)."""
    ends_on = submission.period.ends_on
    values = PublishedValue.objects.filter(
        organisation=submission.organisation_id,
        period__plan=submission.period.plan_id,
        period__ends_on__year=ends_on.year - 1,
        period__ends_on__month=ends_on.month,
        withdrawn_at=None,
        value__isnull=False,
    )
    return _latest(values.select_related("period").order_by("period__ends_on", "published_at", "sequence"))


def standing_values(submission: Submission) -> dict[int, PublishedValue]:
    """Return by figure what the form itself has published and what still counts."""
    values = PublishedValue.objects.filter(figure__submission=submission, withdrawn_at=None)
    return {value.figure_id: value for value in values.order_by("sequence")}


def last_remarks(submission: Submission) -> dict[int, list[Remark]]:
    """Return by figure the reasons of its last return."""
    found: dict[int, list[Remark]] = {}
    rows = (
        Remark.objects.filter(figure__submission=submission).select_related("review__by").order_by("review__at", "id")
    )
    for remark in rows:
        earlier = found.get(remark.figure_id, [])
        same = [each for each in earlier if each.review_id == remark.review_id]
        found[remark.figure_id] = [*same, remark]
    return found


def figures_of(submission: Submission) -> list[Figure]:
    """Return the cells that are owed, in the order of the plan: first the plan's own indicators by category."""
    rows = Figure.objects.filter(submission=submission, is_owed=True)
    rows = rows.select_related("indicator__category", "indicator__task", "indicator__project", "saved_by", "period")
    return list(rows.order_by("indicator__category__number", "indicator__number"))
