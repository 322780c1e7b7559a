"""Who is reminded of what, and when: rules as data, and the questions that find what is due on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from arithmetic.shown import working_days_in_words
from audit.models import Entry
from organisations.models import Role, User
from plans.calendar import is_working_day, local_day, working_days_left
from plans.models import Plan
from submissions.models import State, Submission

STEPS_BEFORE = (5, 2, 1, 0)  # working days left on which a form's people are reminded; overdue: each working day
NEWS_DAYS = 7  # an entry older than this is no news any more


@dataclass(frozen=True)
class Debt:
    """A state in which somebody owes something: who, and what they are asked to do."""

    rule: str
    state: State
    role: Role
    request: str


DEBTS = (
    Debt("deadline", State.DRAFT, Role.REPORTER, "请按时填报并提交"),
    Debt("returned", State.RETURNED, Role.REPORTER, "请按退回理由核实、修改后重新提交"),
    Debt("correction", State.REOPENED, Role.REPORTER, "已同意更正，请修改后重新提交"),
    Debt("confirmation", State.AWAITING_HEAD, Role.HEAD, "请确认后提交给专项小组"),
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


def people_by_organisation(role: Role) -> dict[int, list[User]]:
    """Return the active holders of a role, by the key of their organisation."""
    found: dict[int, list[User]] = {}
    holders = User.objects.filter(is_active=True, grants__role=role, grants__withdrawn_at=None).order_by("username")
    for user in holders:
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
    people = {debt.role: people_by_organisation(debt.role) for debt in DEBTS}
    owing = Submission.objects.select_related("period__plan", "organisation").order_by(
        "deadline", "organisation__position"
    )
    by_state = {debt.state: debt for debt in DEBTS}
    for submission in owing.filter(state__in=list(by_state), period__state="open"):
        left = working_days_left(submission.deadline, on)
        if not is_due(left):
            continue
        debt = by_state[State(submission.state)]
        for recipient in people[debt.role].get(submission.organisation_id, []):
            yield _deadline_draft(debt, submission, recipient, left)


def _deadline_draft(debt: Debt, submission: Submission, recipient: User, left: int) -> Draft:
    due_on = local_day(submission.deadline)
    days = working_days_in_words(left)
    return Draft(
        rule=debt.rule,
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
    people = people_by_organisation(Role.REPORTER)
    words = {news.event: news.words for news in NEWS}
    entries = list(_entries_of_forms(words, since=on - timedelta(days=NEWS_DAYS)))
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


def _entries_of_forms(events: Iterable[str], *, since: date) -> models.QuerySet[Entry]:
    kind = ContentType.objects.get_for_model(Submission)
    return Entry.objects.filter(subject_type=kind, event__in=list(events), change__at__date__gte=since).select_related(
        "change"
    )


def due_notices(on: date) -> list[Draft]:
    """Return every notice that is due on a day, sent before or not."""
    return [*deadline_notices(on), *news_notices(on)]
