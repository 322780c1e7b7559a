"""Why a figure was typed and what came of it: the return or the correction before, the review after."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from audit.models import Entry
from submissions.models import Correction, Decision, Figure, Review

FIRST = "首次填报"
AGREED, RETURNED = "correction.agree", "figure.return"
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
    """Of some figures; a fixed number of queries, however many they are."""

    by_key: dict[int, Review] = field(default_factory=dict)
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
        reasons = self.remarks[figure.pk, returned[-1].change]
        return f"退回后修改：{'；'.join(reasons)}" if reasons else "退回后修改"


def grounds_of(figures: Iterable[Figure]) -> Grounds:
    by_key = {figure.pk: figure for figure in figures}
    corrections = list(Correction.objects.filter(submission__in={row.submission_id for row in by_key.values()}))
    kinds = ContentType.objects.get_for_models(Correction, Figure)
    agreed = Q(event=AGREED, subject_type=kinds[Correction], subject_id__in=[row.pk for row in corrections])
    returned = Q(event=RETURNED, subject_type=kinds[Figure], subject_id__in=list(by_key))
    return grounds_from(by_key, corrections, Entry.objects.filter(agreed | returned), None)


def grounds_from(
    by_key: Mapping[int, Figure], corrections: Iterable[Correction], entries: Iterable[Entry], until: datetime | None
) -> Grounds:
    """The same from entries that were read before, and the reviews up to a moment where one is given."""
    found = Grounds()
    ordinals: dict[int, int] = defaultdict(int)
    forms = {figure.submission_id for figure in by_key.values()}
    reviews = Review.objects.filter(submission__in=forms).select_related("entry__change", "by")
    reviews = reviews.filter(entry__change__at__lte=until) if until is not None else reviews
    for review in reviews.order_by("entry_id"):
        found.by_key[review.pk] = review
        if review.decision not in DECIDED:
            continue
        ordinals[review.submission_id] += 1
        decided = Decided(review.entry.change_id, ordinals[review.submission_id], review)
        found.reviews[review.submission_id].append(decided)
    asked = {row.pk: row for row in corrections}
    for entry in sorted(entries, key=lambda entry: entry.pk):
        if entry.event == RETURNED:
            found.remarks[entry.subject_id, entry.change_id] += entry.detail.get("reasons", ())
        elif entry.event == AGREED and entry.subject_id in asked:
            correction = asked[entry.subject_id]
            for key in correction.figures:
                found.agreed[key].append((entry.change_id, correction.reason))
    return found
