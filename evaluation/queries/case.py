"""Where a case stands: its stages, its conditions, who is waited for, what has changed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from arithmetic.shown import working_days_in_words
from audit.events import words_for
from audit.models import Entry
from evaluation.conditions import Condition, Finding, condition_named
from evaluation.models import DecidedAssessment, Evaluation, PassedOver, Stage, StageState
from plans.calendar import working_days_left
from submissions.models import Correction, State, Submission
from submissions.states import WITH_GROUP

CHANGES_SHOWN = 20


@dataclass(frozen=True)
class Checked:
    """A condition of a stage with what it found now, and a leader's word where it was passed over."""

    condition: Condition
    finding: Finding
    passed_over: PassedOver | None = None

    @property
    def blocks(self) -> bool:
        """Whether the stage can't go on because of it."""
        return not self.finding.is_met and self.passed_over is None


@dataclass(frozen=True)
class Waiting:
    """An organisation whose form isn't approved yet: who fills it in and how many working days are left."""

    form: Submission
    person: str
    left: int

    @property
    def is_overdue(self) -> bool:
        return self.form.has_deadline and self.left < 0

    @property
    def words(self) -> str:
        return working_days_in_words(self.left) if self.form.has_deadline else self.form.get_state_display()


@dataclass(frozen=True)
class News:
    """An event of the case or of its forms, in words."""

    at: datetime
    words: str
    by: str


def where_it_stands(evaluation: Evaluation) -> Stage | None:
    """Return the stage that is current; where all are finished the last; None where a case has no stages."""
    stages = list(evaluation.stages.all())
    current = [stage for stage in stages if stage.state == StageState.CURRENT]
    return current[0] if current else (stages[-1] if stages else None)


def conditions_of(stage: Stage) -> list[Checked]:
    """Compute the stage's conditions, unmet ones first; one that is met needs no leader's word any more."""
    passed = {row.condition: row for row in stage.passed_over.filter(voided_at=None).select_related("by")}
    checked = []
    for name in stage.conditions:
        condition = condition_named(name)
        finding = condition.check(stage.evaluation)
        checked.append(Checked(condition, finding, None if finding.is_met else passed.get(name)))
    return sorted(checked, key=lambda each: (each.finding.is_met, each.passed_over is not None))


def waited_for(evaluation: Evaluation, today: date) -> list[Waiting]:
    """Return the organisations whose forms of the special round still have to come in, most urgent first."""
    if evaluation.round is None:
        return []
    owed = (
        Submission.objects.filter(period=evaluation.round)
        .exclude(state__in=[State.APPROVED, State.RETIRED, *WITH_GROUP])
        .select_related("organisation", "reporter")
        .order_by("deadline", "organisation__position")
    )
    return [
        Waiting(
            form,
            form.reporter.name if form.reporter is not None else form.organisation.contact,
            working_days_left(form.due_at, today),
        )
        for form in owed
    ]


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday of the day's week, and the day itself."""
    return day - timedelta(days=day.weekday()), day


def changes_since(evaluation: Evaluation, monday: date) -> list[News]:
    """Return what happened in the case and in the forms of its plan since a day, newest first."""
    since = timezone.make_aware(datetime.combine(monday, time.min))
    entries = Entry.objects.filter(_of_the_case(evaluation), change__at__gte=since).select_related("change")
    return [
        News(entry.change.at, f"{entry.subject_label}：{words_for(entry.event)}", entry.change.actor_name)
        for entry in entries.order_by("-id")[:CHANGES_SHOWN]
    ]


def _of_the_case(evaluation: Evaluation) -> Q:
    plan = evaluation.plan_id
    subjects: list[QuerySet[Evaluation] | QuerySet[Stage] | QuerySet[DecidedAssessment] | QuerySet[Submission]] = [
        Evaluation.objects.filter(pk=evaluation.pk),
        Stage.objects.filter(evaluation=evaluation),
        DecidedAssessment.objects.filter(evaluation=evaluation),
        Submission.objects.filter(period__plan=plan),
    ]
    found = Q(
        subject_type=ContentType.objects.get_for_model(Correction),
        subject_id__in=Correction.objects.filter(submission__period__plan=plan).values("pk"),
    )
    for rows in subjects:
        found |= Q(subject_type=ContentType.objects.get_for_model(rows.model), subject_id__in=rows.values("pk"))
    return found
