"""The auditor's search: entries by words in any order, and by days."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.events import registered
from audit.models import Entry
from indicators.models import Indicator
from plans.models import Plan
from submissions.models import Evidence, Figure

# who signs in and who holds which role is for the security auditor
BUSINESS = ("plans", "tasks", "projects", "indicators", "responsibilities", "submissions", "evaluation", "reports")
_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?")


def days_in(text: str) -> tuple[str, list[date]]:
    """Take the days out of a query; return the rest of it and the days in order."""
    days = []
    for found in _DAY.finditer(text):
        try:
            days.append(date(*map(int, found.groups())))
        except ValueError:
            continue
    return _DAY.sub(" ", text).replace(" 至 ", " "), sorted(days)


def entries_with(plan: Plan, words: Sequence[str], since: date | None, until: date | None) -> QuerySet[Entry]:
    """Return the entries of business in which every word is found, newest first; days are inclusive."""
    rows = Entry.objects.filter(subject_type__app_label__in=BUSINESS).select_related("change")
    for word in words:
        rows = rows.filter(_speaks_of(plan, word))
    if since is not None:
        rows = rows.filter(change__at__gte=_start(since))
    if until is not None:
        rows = rows.filter(change__at__lt=_start(until + timedelta(days=1)))
    return rows.order_by("-id")


def unfound(plan: Plan, words: Sequence[str]) -> list[str]:
    """The words that no entry speaks of, whatever the others say."""
    rows = Entry.objects.filter(subject_type__app_label__in=BUSINESS)
    return [word for word in words if not rows.filter(_speaks_of(plan, word)).exists()]


def _speaks_of(plan: Plan, word: str) -> Q:
    events = [name for name, event in registered().items() if word in event.words]
    condition = (
        Q(subject_label__icontains=word)
        | Q(change__actor_name__icontains=word)
        | Q(change__actor_organisation__icontains=word)
        | Q(change__reason__icontains=word)
        | Q(event__in=events)
    )
    indicators = Indicator.objects.filter(plan=plan, name__icontains=word)
    kinds = ContentType.objects.get_for_models(Figure, Evidence)
    figures = Figure.objects.filter(Q(indicator__in=indicators) | Q(period__plan=plan, period__name__icontains=word))
    condition |= Q(subject_type=kinds[Figure], subject_id__in=figures.values("pk"))
    evidence = Evidence.objects.filter(figure__in=figures)
    return condition | Q(subject_type=kinds[Evidence], subject_id__in=evidence.values("pk"))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
