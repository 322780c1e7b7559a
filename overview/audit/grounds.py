"""Why a figure was typed and what came of it: the return or the correction before, the review after."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType

from audit.models import Entry
from submissions.models import Correction, Decision, Figure, Remark, Review

FIRST = "首次填报"
DECIDED = (Decision.APPROVED, Decision.RETURNED)


@dataclass(frozen=True)
class Decided:
    """A review with its place among those of the form: 审核 第 ``ordinal`` 次."""

    change: int
    ordinal: int
    review: Review

    @property
    def is_return(self) -> bool:
        return self.review.decision == Decision.RETURNED


@dataclass
class Grounds:
    """Of some figures; four queries, however many they are."""

    reviews: dict[int, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    remarks: dict[tuple[int, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    agreed: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    def review_after(self, figure: Figure, change: int) -> Decided | None:
        """The decision on what a change typed; None while it waits for one."""
        decided = self.reviews[figure.submission_id]
        at = bisect_right([each.change for each in decided], change)
        return decided[at] if at < len(decided) else None

    def review_in(self, figure: Figure, change: int) -> Decided | None:
        return next((each for each in self.reviews[figure.submission_id] if each.change == change), None)

    def why(self, figure: Figure, change: int) -> str:
        """What a figure was typed for: the last correction that was agreed to, or return, before the change."""
        agreed = [each for each in self.agreed[figure.pk] if each[0] < change]
        decided = self.reviews[figure.submission_id]
        before = decided[: bisect_left([each.change for each in decided], change)]
        if agreed and (not before or before[-1].change < agreed[-1][0]):
            return agreed[-1][1]
        returned = [each for each in before if each.is_return]
        if agreed and (not returned or returned[-1].change < agreed[-1][0]):
            return agreed[-1][1]
        if not returned:
            return FIRST
        reasons = self.remarks[figure.pk, returned[-1].review.pk]
        return f"退回后修改：{'；'.join(reasons)}" if reasons else "退回后修改"


def grounds_of(figures: Iterable[Figure]) -> Grounds:
    found = Grounds()
    by_key = {figure.pk: figure for figure in figures}
    forms = {figure.submission_id for figure in by_key.values()}
    ordinals: dict[int, int] = defaultdict(int)
    reviews = Review.objects.filter(submission__in=forms, decision__in=DECIDED).select_related("entry", "by")
    for review in reviews.order_by("entry_id"):
        ordinals[review.submission_id] += 1
        decided = Decided(review.entry.change_id, ordinals[review.submission_id], review)
        found.reviews[review.submission_id].append(decided)
    for remark in Remark.objects.filter(figure__in=by_key).order_by("pk"):
        found.remarks[remark.figure_id or 0, remark.review_id].append(remark.text)
    corrections = {row.pk: row for row in Correction.objects.filter(submission__in=forms)}
    agreements = Entry.objects.filter(
        event="correction.agree",
        subject_type=ContentType.objects.get_for_model(Correction),
        subject_id__in=list(corrections),
    )
    for entry in agreements.order_by("pk"):
        correction = corrections[entry.subject_id]
        for key in correction.figures:
            found.agreed[key].append((entry.change_id, correction.reason))
    return found
