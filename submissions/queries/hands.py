"""Who had a hand in forms: whoever filled one in, confirmed it or took the other level doesn't decide on it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from submissions.models import (
    Correction,
    Evidence,
    Figure,
    ProgressNote,
    ProposalState,
    ProposedValue,
    Review,
    StampedScan,
    Submission,
)
from submissions.states import ReviewStep, State


def hands_in(forms: Iterable[Submission]) -> dict[int, set[int]]:
    """Return by form the keys of the people who may not decide on it; the queries don't grow.

    They filled it in or confirmed it at any time, or took the other of the working group's two levels.
    """
    keys = {form.pk for form in forms}
    found: dict[int, set[int]] = defaultdict(set)
    for rows in _steps(keys) if keys else ():
        for form, person in rows.order_by().distinct():
            found[form].add(person)
    return found


def _steps(keys: set[int]) -> Iterable[QuerySet[Any, tuple[int, int]]]:
    """Pairs of form and person, of each step; a step that was taken stays taken, so that all versions are asked."""
    written = {"submission_id__in": keys, "saved_by_id__isnull": False}
    for model in (Figure, ProgressNote):
        yield model.history.model.objects.filter(**written).values_list("submission_id", "saved_by_id")
    versions = Submission.history.model.objects.filter(id__in=keys)
    for step in ("submitted_by_id", "confirmed_by_id"):
        yield versions.filter(**{f"{step}__isnull": False}).values_list("id", step)
    reviews = Review.objects.filter(submission__in=keys)
    first = Q(step=ReviewStep.FIRST, submission__state=State.FIRST_REVIEWED)
    final = Q(step=ReviewStep.FINAL, submission__state=State.SUBMITTED, submission__steps_in_group=2)
    yield reviews.filter(first | final).values_list("submission_id", "by_id")
    asked = Correction.objects.filter(submission__in=keys, asked_by__isnull=False)
    yield asked.values_list("submission_id", "asked_by_id")
    added = Evidence.objects.annotate(form=Coalesce("figure__submission_id", "note__submission_id"))
    yield added.filter(form__in=keys).values_list("form", "added_by_id")
    stamped = StampedScan.objects.filter(submission__in=keys)
    yield stamped.values_list("submission_id", "uploaded_by_id")
    taken = ProposedValue.objects.filter(figure__submission__in=keys, state=ProposalState.TAKEN)
    yield taken.values_list("figure__submission_id", "proposed_by_id")
