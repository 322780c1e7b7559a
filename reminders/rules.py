"""Who is reminded of what, and when: rules as data, and the questions that find what is due on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse

from arithmetic.shown import working_days_in_words
from audit.models import Entry
from organisations.models import Role, User
from plans.calendar import is_working_day, local_day, working_days_left
from plans.models import PeriodState, Plan
from submissions.models import State, Submission

STEPS_BEFORE = (5, 2, 1, 0)  # working days left on which a form's people are reminded; overdue: each working day
NEWS_DAYS = 7  # an entry older than this is no news any more


@dataclass(frozen=True)
class Debt:
    """A state in which somebody owes something until the deadline: who, and what they are asked to do."""

    state: State
    role: Role
    request: str


# A correction that was agreed to has no deadline: its people are told once, see NEWS.
DEBTS = (
    Debt(State.DRAFT, Role.REPORTER, "请按时填报并提交"),
    Debt(State.RETURNED, Role.REPORTER, "请按退回理由核实、修改后重新提交"),
    Debt(State.AWAITING_HEAD, Role.HEAD, "请确认后提交给专项小组"),
)


@dataclass(frozen=True)
class News:
    """An event of a form that its people want to know of."""

    event: str
    words: str


NEWS = (
    News("submission.return_for_correction", "填报表已退回，请查看理由"),
    News("submission.approve", "填报表已通过审核"),
    News("submission.withdraw_approval", "填报表的通过已撤销，专项小组将重新审核"),
    News("submission.reopen", "更正申请已同意，请修改后重新提交"),
    News("submission.send_back", "填报表由单位负责人退回修改"),
)


@dataclass(frozen=True)
class Draft:
    """A notice that is due: to whom, by which rule, on which occasion, and its words."""

    rule: str
    recipient: User
    plan: Plan
    subject: str
    text: str
    link: str
    submission: Submission | None = None
    due_on: date | None = None
    step: int | None = None
    entry: Entry | None = None


def people_by_organisation(role: Role, on: date) -> dict[int, list[User]]:
    """Return those who hold a role and haven't left by a day, by the key of their organisation."""
    found: dict[int, list[User]] = {}
    holders = User.objects.filter(is_active=True, grants__role=role, grants__withdrawn_at=None)
    staying = holders.filter(Q(left_on=None) | Q(left_on__gt=on))
    for user in staying.select_related("organisation").order_by("username"):
        found.setdefault(user.organisation_id, []).append(user)
    return found


def link_to(submission: Submission) -> str:
    parts = {
        "plan": submission.period.plan.code,
        "period": submission.period.code,
        "organisation": submission.organisation.code,
    }
    return reverse("submissions:form", kwargs=parts)


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
    owing = Submission.objects.filter(state__in=list(by_state), period__state=PeriodState.OPEN)
    for form in owing.select_related("period__plan", "organisation").order_by("deadline", "organisation__position"):
        left = working_days_left(form.deadline, on)
        if is_due(left):
            yield by_state[State(form.state)], form, left


def _deadline_draft(debt: Debt, submission: Submission, recipient: User, left: int) -> Draft:
    due_on = local_day(submission.deadline)
    days = working_days_in_words(left)
    return Draft(
        rule="deadline",
        recipient=recipient,
        plan=submission.period.plan,
        subject=f"{submission.period.name}填报表{days}",
        text=f"{submission.organisation_name}的{submission.period.name}填报表（{submission.get_state_display()}）"
        f"报送时限为{due_on.year}年{due_on.month}月{due_on.day}日，{days}。{debt.request}。",
        link=link_to(submission),
        submission=submission,
        due_on=due_on,
        step=left,
    )


def news_notices(on: date) -> Iterator[Draft]:
    """Yield what has happened to a form within the last days, for the reporters of its organisation."""
    people = people_by_organisation(Role.REPORTER, on)
    words = {news.event: news.words for news in NEWS}
    entries = list(_entries_of_forms(words, since=on - timedelta(days=NEWS_DAYS), until=on))
    forms = Submission.objects.select_related("period__plan", "organisation").in_bulk(
        {entry.subject_id for entry in entries}
    )
    for entry in entries:
        form = forms[entry.subject_id]
        for recipient in people.get(form.organisation_id, []):
            yield Draft(
                rule="news",
                recipient=recipient,
                plan=form.period.plan,
                subject=f"{form.period.name}{words[entry.event]}",
                text=f"{form.organisation_name}的{form.period.name}{words[entry.event]}。经办：{entry.change.actor_name}。",
                link=link_to(form),
                entry=entry,
            )


def _entries_of_forms(events: Iterable[str], *, since: date, until: date) -> models.QuerySet[Entry]:
    kind = ContentType.objects.get_for_model(Submission)
    found = Entry.objects.filter(subject_type=kind, event__in=list(events))
    within = found.filter(change__at__date__gte=since, change__at__date__lte=until)
    return within.select_related("change").order_by("id")


def due_notices(on: date) -> list[Draft]:
    """Return every notice that is due on a day, sent before or not."""
    return [*deadline_notices(on), *news_notices(on)]
