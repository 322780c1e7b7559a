"""The records that answer a query: entries, and versions of numbers of which no entry speaks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from audit.models import Entry
from audit.subjects import speaks_of, types_registered
from organisations.models import Organisation
from overview.audit.asked import VALUE_CHANGED, Kind, Term
from plans.models import Plan
from submissions.models import Figure

ENTRY, VERSION = 0, 1
THINGS = {Kind.INDICATOR: "indicator", Kind.PERIOD: "period"}
Found = tuple[int, int, int]  # number of the change, ENTRY or VERSION, key


def found(plan: Plan, terms: Sequence[Term]) -> QuerySet[Any, Found]:
    """Return what answers every part of a query, newest first."""
    entries = entries_for(plan, terms).annotate(of=F("change_id"), what=_constant(ENTRY), key=F("pk"))
    versions = unannounced(plan, terms).annotate(of=F("change_id"), what=_constant(VERSION), key=F("history_id"))
    columns = ("of", "what", "key")
    rows: Any = entries.order_by().values_list(*columns)
    both: QuerySet[Any, Found] = rows.union(versions.order_by().values_list(*columns), all=True)
    return both.order_by("-of", "what", "-key")


def _constant(number: int) -> Value:
    return Value(number, output_field=IntegerField())


def entries_for(plan: Plan, terms: Sequence[Term]) -> QuerySet[Entry]:
    """Return the entries of business for a query. Accounts, roles and sign-ins are for the security auditor."""
    rows = Entry.objects.filter(subject_type__in=types_registered())
    if Plan.objects.exclude(pk=plan.pk).exists():
        rows = rows.filter(speaks_of("plan", [plan.pk]))
    return rows.filter(_all(_of_entries(term) for term in terms))


def unannounced(plan: Plan, terms: Sequence[Term]) -> QuerySet[Any]:
    """Return the versions of figures that were written in changes without any entry."""
    rows: QuerySet[Any] = Figure.history.filter(period__plan=plan)
    rows = rows.filter(~Exists(Entry.objects.filter(change=OuterRef("change_id"))))
    return rows.filter(_all(_of_versions(term) for term in terms))


def missing(plan: Plan, terms: Sequence[Term]) -> list[Term]:
    """The parts that nothing answers, whatever the others ask."""
    return [term for term in terms if not found(plan, [term]).exists()]


def _all(conditions: Any) -> Q:
    return reduce(and_, conditions, Q())


def _of_entries(term: Term) -> Q:
    keys = [key for key in term.keys if isinstance(key, int)]
    match term.kind:
        case Kind.INDICATOR | Kind.PERIOD:
            return speaks_of(THINGS[term.kind], keys)
        case Kind.ORGANISATION:
            return speaks_of("organisation", keys) | _done_at(keys)
        case Kind.ACTION:
            if VALUE_CHANGED in term.keys:
                return Q(event="figure.save", detail__has_key="after")
            return Q(event__in=term.keys)
        case Kind.TEXT:
            return Q(subject_label__icontains=term.typed) | Q(detail__reasons__icontains=term.typed) | _of_change(term)
    return _of_change(term)


def _of_versions(term: Term) -> Q:
    keys = [key for key in term.keys if isinstance(key, int)]
    match term.kind:
        case Kind.INDICATOR:
            return Q(indicator_id__in=keys)
        case Kind.PERIOD:
            return Q(period_id__in=keys)
        case Kind.ORGANISATION:
            return Q(organisation_id__in=keys) | _done_at(keys)
        case Kind.ACTION:
            return Q() if VALUE_CHANGED in term.keys else Q(pk__in=[])
    return _of_change(term)


def _of_change(term: Term) -> Q:
    """What entries and versions have in common: who did it, how, when, why."""
    match term.kind:
        case Kind.PERSON:
            return (
                Q(change__actor__in=term.keys)
                | Q(change__actor_name=term.typed)
                | Q(change__on_behalf_of__icontains=term.typed)
            )
        case Kind.DOOR:
            return Q(change__door__in=term.keys)
        case Kind.TIME:
            since = Q(change__at__gte=_start(term.since)) if term.since else Q()
            return since & Q(change__at__lt=_start(term.until + timedelta(days=1))) if term.until else since
    named = Q(change__actor_name__icontains=term.typed) | Q(change__actor_organisation__icontains=term.typed)
    return named | Q(change__reason__icontains=term.typed)


def _done_at(organisations: Sequence[int]) -> Q:
    """Done by somebody of an organisation, as it was called then."""
    versions: QuerySet[Any] = Organisation.history.filter(id__in=organisations)
    names = set(versions.values_list("name", flat=True).distinct())
    names |= set(Organisation.objects.filter(pk__in=organisations).values_list("name", flat=True))
    return Q(change__actor_organisation__in=names)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def type_of(model: Any) -> int:
    return ContentType.objects.get_for_model(model).pk
