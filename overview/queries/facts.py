"""What is on record of an indicator's figures, read once for all that a page tells of it; or up to a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from audit.models import Entry, Seal
from audit.past import as_it_was
from files.models import StoredFile
from overview.audit.grounds import Grounds, grounds_from
from submissions.models import Correction, Evidence, Figure, PublishedValue, Submission

PUBLISHED_EVENTS = ("figure.publish", "figure.withdraw")
FORM_EVENTS = (
    "submission.submit",
    "submission.send_to_head",
    "submission.confirm",
    "submission.send_back",
    "submission.withdraw",
)
_SEAL = Seal.objects.filter(change=OuterRef("change_id"))
SEALED = {"sealed_at": Subquery(_SEAL.values("at")[:1]), "went_back": Exists(_SEAL.filter(clock_went_back=True))}


@dataclass(frozen=True)
class Facts:
    """``versions`` of the figures, the oldest first; ``entries``, the newest first; ``exports`` of reports that printed
    one of the ``values``; ``evidence`` that is on file, the newest first, for those who see drafts."""

    figures: dict[int, Figure]
    values: Sequence[PublishedValue]
    versions: Sequence[Any]
    entries: Sequence[Entry]
    exports: Sequence[Entry]
    evidence: Sequence[Evidence]
    grounds: Grounds
    sees_drafts: bool

    def changes(self) -> dict[int, datetime]:
        """The changes that wrote the figures or what was published of them, with their times."""
        found = {row.change_id: row.change.at for row in self.versions}
        found |= {entry.change_id: entry.change.at for entry in self.entries if entry.event in PUBLISHED_EVENTS}
        reviews = [self.grounds.by_key.get(value.review_id) for value in self.values]
        return found | {review.entry.change_id: review.entry.change.at for review in reviews if review}

    def ends(self) -> dict[int, datetime]:
        """When each change was over and all that it wrote was there: its seal's time."""
        found: dict[int, datetime] = {}
        for row in [*self.versions, *self.entries]:
            own = getattr(row, "history_date", row.change.at)
            found[row.change_id] = max(row.sealed_at or own, found.get(row.change_id, own))
        return found

    def clock_went_back(self) -> set[int]:
        """The changes that were sealed at an earlier time than those before them: the clock had been set back."""
        return {row.change_id for row in [*self.versions, *self.entries] if row.went_back}


def facts_of(
    figures: Iterable[Figure],
    values: Sequence[PublishedValue],
    *,
    sees_drafts: bool,
    sees_reports: bool = False,
    until: datetime | None = None,
) -> Facts:
    """Read what is on record of figures of one indicator, up to a moment where one is given; who may not see drafts is
    told of publications alone."""
    by_key = {figure.pk: figure for figure in figures}
    own = [value for value in values if value.figure_id in by_key]
    forms = {figure.submission_id for figure in by_key.values()}
    asked = Correction.objects.filter(submission__in=forms) if sees_drafts else Correction.objects.none()
    corrections = [row for row in asked if by_key.keys() & set(row.figures)]
    wanted = _of_figures(by_key, corrections, forms) if sees_drafts else _published(by_key)
    if sees_reports and values:
        wanted |= _of_reports(values)
    found = _up_to(Entry.objects.filter(wanted), "change__at", until).annotate(**SEALED)
    entries = list(found.select_related("change").order_by("-id"))
    history: QuerySet[Any] = Figure.history.filter(id__in=list(by_key)).select_related("change")
    versions = _up_to(history, "history_date", until).annotate(**SEALED).order_by("history_id")
    return Facts(
        by_key,
        own,
        list(versions),
        [entry for entry in entries if entry.event != "report.export"],
        [entry for entry in entries if entry.event == "report.export"],
        _evidence(by_key, until) if sees_drafts else [],
        grounds_from(by_key, corrections, entries, until),
        sees_drafts,
    )


def _up_to(rows: QuerySet[Any], moment: str, until: datetime | None) -> QuerySet[Any]:
    return rows.filter(**{f"{moment}__lte": until}) if until is not None else rows


def _published(by_key: dict[int, Figure]) -> Q:
    kind = ContentType.objects.get_for_model(Figure)
    return Q(subject_type=kind, subject_id__in=list(by_key), event__in=PUBLISHED_EVENTS)


def _of_figures(by_key: dict[int, Figure], corrections: Sequence[Correction], forms: set[int]) -> Q:
    kinds = ContentType.objects.get_for_models(Figure, Submission, Correction, Evidence)
    evidence = Evidence.objects.filter(figure__in=list(by_key)).values("pk")
    return (
        Q(subject_type=kinds[Figure], subject_id__in=list(by_key))
        | Q(subject_type=kinds[Submission], subject_id__in=forms, event__in=FORM_EVENTS)
        | Q(subject_type=kinds[Correction], subject_id__in=[row.pk for row in corrections])
        | Q(subject_type=kinds[Evidence], subject_id__in=evidence)
    )


def _of_reports(values: Iterable[PublishedValue]) -> Q:
    """The exports of reports that printed one of the values."""
    printed = Q()
    for value in values:
        printed |= Q(detail__values__contains=value.pk)
    return Q(event="report.export") & printed


def _evidence(by_key: dict[int, Figure], until: datetime | None) -> list[Evidence]:
    rows = Evidence.objects.filter(figure__in=list(by_key))
    if until is None:
        found = list(rows.filter(removed_at=None).select_related("file", "added_by"))
    else:
        then = as_it_was(Evidence, rows.values_list("pk", flat=True), until)
        found = [each for each in then if each.removed_at is None]
        files = StoredFile.objects.in_bulk({each.file_id for each in found})
        for each in found:
            each.file = files[each.file_id]
    for each in found:
        each.figure = by_key[each.figure_id or 0]
    return sorted(found, key=lambda each: each.pk, reverse=True)
