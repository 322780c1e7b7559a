"""The approved self-report sections that bear on a section of the report."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from reports.completing import keyed
from reports.models import Quotation, Section
from responsibilities.models import Responsibility
from submissions.models import ProgressNote
from submissions.queries.self_reports import approved_sections

Notes = list[ProgressNote]


@dataclass(frozen=True)
class Quotable:
    """A unit's approved section; ``bears`` says whether the unit answers for what the report's section is about."""

    note: ProgressNote
    bears: bool
    is_quoted: bool


def quotable_for(section: Section) -> list[Quotable]:
    """Return what the section may quote: what bears on it first, then the rest, each in the units' order."""
    period = section.evaluation.round
    if period is None:
        return []
    answering = organisations_of(section)
    quoted = set(Quotation.objects.filter(section=section).values_list("note", "revision"))
    rows = [
        Quotable(note, note.submission.organisation_id in answering, (note.pk, note.revision) in quoted)
        for note in approved_sections(period)
    ]
    return sorted(rows, key=lambda row: not row.bears)


def organisations_of(section: Section) -> set[int]:
    """The units that answer for the category, chapter or project that a section is about; none of a general section."""
    (_, title), *_ = [key if len(key) == 2 else ("", "") for key, _ in keyed([section])]
    plan = section.evaluation.plan
    category = next((name.partition(":")[2] for name in section.tables if name.startswith("category:")), "")
    if category.isdecimal():
        about = Q(indicator__plan=plan, indicator__category__number=int(category))
    elif title:
        about = Q(task__chapter__plan=plan, task__chapter__title=title) | Q(project__plan=plan, project__name=title)
    else:
        return set()
    return set(Responsibility.objects.filter(about).values_list("organisation", flat=True))


def quotations_of(section: Section) -> list[Quotation]:
    """What the section quoted, newest first."""
    return list(section.quotations.select_related("note", "section", "by").order_by("-at", "-pk"))


def quotations_by_section(sections: Iterable[Section]) -> dict[int, list[Quotation]]:
    """The same of many sections, by the section's key; one query."""
    found: dict[int, list[Quotation]] = {}
    for each in Quotation.objects.filter(section__in=sections).select_related("note", "section").order_by("at", "pk"):
        found.setdefault(each.section_id, []).append(each)
    return found
