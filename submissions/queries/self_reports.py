"""Self-reports: a plan's outline, how far each unit is with each section, and their texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from plans.models import Plan, ReportingPeriod
from submissions.models import ProgressNote, Remark, SelfReportSection, State, Submission

STATES = {
    "ok": "已通过",
    "sent": "已提交",
    "back": "已退回",
    "saved": "已写，未提交",
    "todo": "未写",
    "none": "选填，未写",
}
"""How a section stands, by the class of its shape and colour."""


def outline_of(plan: Plan) -> QuerySet[SelfReportSection]:
    """The sections that a plan's self-reports have now, in their order."""
    return SelfReportSection.objects.filter(plan=plan, is_used=True).order_by("number")


def handed_in(plan: Plan) -> bool:
    """Whether any unit has handed a self-report in: from then on the outline stays."""
    sent = Q(is_sent=True) | Q(is_published=True)
    return ProgressNote.objects.filter(sent, section__plan=plan).exists()


def written_in(section: SelfReportSection) -> int:
    """How many units have begun to write a section."""
    return ProgressNote.objects.filter(section=section, revision__gt=0).count()


def sections_in(forms: Iterable[Submission] | QuerySet[Submission]) -> QuerySet[ProgressNote]:
    """The owed sections of forms' self-reports, unit by unit; ``is_back`` says which came back with reasons."""
    rows = ProgressNote.objects.filter(submission__in=forms, section__isnull=False, is_owed=True)
    rows = rows.annotate(was_returned=Exists(Remark.objects.filter(note=OuterRef("pk"))))
    related = ("section", "submission__organisation", "submission__period__plan", "saved_by")
    return rows.select_related(*related).order_by(
        "submission__organisation__position", "submission__organisation__code", "section__number"
    )


def approved_sections(period: ReportingPeriod) -> QuerySet[ProgressNote]:
    """The approved, written sections of a round: what a report may quote."""
    forms = Submission.objects.filter(period=period)
    return sections_in(forms).filter(is_published=True).exclude(progress="")


def standing_of(note: ProgressNote) -> str:
    """How a section stands, as a key of ``STATES``; read by ``sections_in``."""
    if not note.progress and not note.is_blank:
        return "none"
    if note.is_published:
        return "ok"
    if note.is_sent:
        return "sent"
    if note.submission.state == State.RETURNED and getattr(note, "was_returned", False):
        return "back"
    if note.progress:
        return "saved"
    return "todo"


@dataclass(frozen=True)
class Written:
    """A section of a unit's report as a page shows it."""

    note: ProgressNote

    @property
    def kind(self) -> str:
        return standing_of(self.note)

    @property
    def words(self) -> str:
        return STATES[self.kind]

    @property
    def characters(self) -> int:
        return len("".join(self.note.progress.split()))

    @property
    def is_handed_in(self) -> bool:
        return self.note.is_published or self.note.is_sent


@dataclass
class UnitReport:
    """One unit's self-report for a round."""

    form: Submission
    parts: list[Written] = field(default_factory=list)

    @property
    def is_approved(self) -> bool:
        return all(each.note.is_published for each in self.parts)

    @property
    def lacking_count(self) -> int:
        """How many sections are owed and not written."""
        return sum(each.kind == "todo" for each in self.parts)

    @property
    def characters(self) -> int:
        return sum(each.characters for each in self.parts)

    def of(self, section: SelfReportSection) -> Written | None:
        return next((each for each in self.parts if each.note.section_id == section.pk), None)


def reports_of(period: ReportingPeriod) -> list[UnitReport]:
    """Every unit's self-report for a round, in the units' order; two queries, however many there are."""
    forms = Submission.objects.filter(period=period).exclude(state=State.RETIRED)
    forms = forms.select_related("organisation", "period__plan").order_by(
        "organisation__position", "organisation__code"
    )
    found = {form.pk: UnitReport(form) for form in forms}
    for note in sections_in(list(found)):  # type: ignore[arg-type]
        report = found[note.submission_id]
        note.submission = report.form
        report.parts.append(Written(note))
    return list(found.values())


def report_of(form: Submission) -> UnitReport:
    """One unit's self-report."""
    return UnitReport(form, [Written(note) for note in sections_in([form])])
