"""Who is reminded of which deadline, and when: rules as data, and the questions that find what is due on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from arithmetic.shown import working_days_in_words
from organisations.models import Role, User
from plans.calendar import is_working_day, local_day, working_days_left
from plans.models import PeriodState
from reminders.drafts import Draft, day_in_words, link_to, people_by_organisation
from reminders.job_news import job_notices
from reminders.news import news_notices
from submissions.models import State, Submission
from submissions.queries.stamped import lacking_stamp

STEPS_BEFORE = (5, 2, 1, 0)  # working days left on which a form's people are reminded; overdue: each working day


@dataclass(frozen=True)
class Debt:
    """A state in which somebody owes something until the deadline: who, and what they are asked to do."""

    state: State
    role: Role
    request: str


DEBTS = (
    Debt(State.DRAFT, Role.REPORTER, "请按时填报并提交"),
    Debt(State.RETURNED, Role.REPORTER, "请按退回理由核实、修改后重新提交"),
    Debt(State.REOPENED, Role.REPORTER, "请更正后重新提交"),
    Debt(State.AWAITING_HEAD, Role.HEAD, "请确认后提交给专项小组"),
)


def is_due(left: int) -> bool:
    return left < 0 or left in STEPS_BEFORE


def deadline_notices(on: date) -> Iterator[Draft]:
    """Yield the reminders of deadlines that fall on a day; none on a day when nobody works."""
    if not is_working_day(on):
        return
    people = {debt.role: people_by_organisation(debt.role, on) for debt in DEBTS}
    for debt, submission, left in _due_forms(on):
        for recipient in people[debt.role].get(submission.organisation_id, []):
            yield _deadline_draft(debt, submission, recipient, left)


def forms_without_people(on: date) -> list[Submission]:
    """Return the forms due for a reminder on a day of which nobody can be reminded."""
    if not is_working_day(on):
        return []
    people = {debt.role: people_by_organisation(debt.role, on) for debt in DEBTS}
    return [form for debt, form, _ in _due_forms(on) if form.organisation_id not in people[debt.role]]


def _due_forms(on: date) -> Iterator[tuple[Debt, Submission, int]]:
    by_state = {debt.state: debt for debt in DEBTS}
    is_held = Q(period__state=PeriodState.OPEN) | Q(correct_by__isnull=False)  # corrections outlive their period
    owing = Submission.objects.filter(is_held, state__in=list(by_state))
    for form in owing.select_related("period__plan", "organisation").order_by("deadline", "organisation__position"):
        left = working_days_left(form.due_at, on)
        if form.has_deadline and is_due(left):
            yield by_state[State(form.state)], form, left


def _deadline_draft(debt: Debt, submission: Submission, recipient: User, left: int) -> Draft:
    due_on = local_day(submission.due_at)
    days = working_days_in_words(left)
    what = "更正" if submission.correct_by is not None else "报送"
    return Draft(
        rule="deadline",
        recipient=recipient,
        plan=submission.period.plan,
        subject=f"{submission.period.name}填报表{days}",
        text=f"{submission.organisation_name}的{submission.period.name}填报表（{submission.get_state_display()}）"
        f"{what}时限为{day_in_words(due_on)}，{days}。{debt.request}。",
        link=link_to(submission),
        submission=submission,
        due_on=due_on,
        step=left,
    )


def stamp_notices(on: date) -> Iterator[Draft]:
    """Yield the reminders of stamped paper that is due; as with deadlines, none on a day when nobody works."""
    if not is_working_day(on):
        return
    reporters = people_by_organisation(Role.REPORTER, on)
    for form in lacking_stamp():
        assert form.stamp_by is not None
        left = working_days_left(form.stamp_by, on)
        if is_due(left):
            for recipient in reporters.get(form.organisation_id, []):
                yield _stamp_draft(form, recipient, form.stamp_by, left)


def _stamp_draft(form: Submission, recipient: User, due_on: date, left: int) -> Draft:
    days = working_days_in_words(left)
    return Draft(
        rule="stamp",
        recipient=recipient,
        plan=form.period.plan,
        subject=f"{form.period.name}填报表待盖章确认，{days}",
        text=f"{form.organisation_name}的{form.period.name}填报表须在{day_in_words(due_on)}前补交盖章件，{days}。"
        "请打印、盖章后上传扫描件；盖章之后内容又有改动的，须重新盖章。",
        link=link_to(form, "stamp"),
        submission=form,
        due_on=due_on,
        step=left,
    )


def due_notices(on: date) -> list[Draft]:
    """Return every notice that is due on a day, sent before or not."""
    return [*deadline_notices(on), *stamp_notices(on), *news_notices(on), *job_notices(on)]
