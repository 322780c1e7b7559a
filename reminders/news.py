"""What has happened to a form, told to those whom it concerns: rules as data, and the entries that nobody was told of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.models import Entry
from evaluation.models import GroupMember
from organisations.models import Role, User
from plans.calendar import local_day
from plans.models import Plan
from reminders.drafts import Draft, day_in_words, link_to, people_by_organisation
from submissions.models import Correction, CorrectionState, State, Submission
from submissions.queries.hands import hands_in

DAYS = 7  # an entry older than this is no news any more


@dataclass(frozen=True)
class News:
    """An event of a form that somebody wants to know of: heads and reporters of its organisation, or the reviewers.

    It is told only while the form is in one of ``states`` (empty: whatever has become of it), and once for what
    happened several times meanwhile.
    """

    event: str
    words: str
    to: Role = Role.REPORTER
    states: frozenset[str] = frozenset()


DRAFT = frozenset({State.DRAFT})
WITH_REPORTERS = frozenset({State.DRAFT, State.RETURNED, State.REOPENED})
SUBMITTED = frozenset({State.SUBMITTED})
NEWS = (
    News("submission.open", "填报表已开放填报，请按时填报并提交", states=DRAFT),
    News("submission.change_deadline", "填报表的报送时限已变更", states=WITH_REPORTERS),
    News("submission.follow_responsibilities", "填报表的填报内容随责任分解有增减，请查看"),
    News("submission.propose_values", "填报表中有专项小组汇总表的数，请逐项采用或自行填写", states=WITH_REPORTERS),
    News("submission.return_for_correction", "填报表已退回，请查看理由"),
    News("submission.approve", "填报表已通过审核"),
    News("submission.withdraw_approval", "填报表的通过已撤销，专项小组将重新审核"),
    News("submission.reopen", "更正申请已同意，请修改后重新提交"),
    News("correction.refuse", "更正申请未同意，请查看答复"),
    News("submission.send_back", "填报表由单位负责人退回修改"),
    News("submission.send_to_head", "填报表等你确认", to=Role.HEAD, states=frozenset({State.AWAITING_HEAD})),
    News("submission.submit", "填报表已提交，请审核", to=Role.REVIEWER, states=SUBMITTED),
    News("submission.confirm", "填报表已提交，请审核", to=Role.REVIEWER, states=SUBMITTED),
    News(
        "submission.pass_first_review",
        "填报表已通过初审，请终审",
        to=Role.REVIEWER,
        states=frozenset({State.FIRST_REVIEWED}),
    ),
    News("submission.send_to_first_review", "填报表由终审退回初审，请重新初审", to=Role.REVIEWER, states=SUBMITTED),
    News("submission.refuse_extension", "延期申请未同意，请查看答复"),
    News("submission.ask_for_extension", "申请延期，请答复", to=Role.REVIEWER, states=DRAFT),
    News("correction.ask", "申请更正，请答复", to=Role.REVIEWER),
)


def news_notices(on: date) -> Iterator[Draft]:
    """Yield what has happened to forms within the last days; whoever did it is not told of it."""
    by_event = {news.event: news for news in NEWS}
    found = list(_entries(by_event, since=on - timedelta(days=DAYS), until=on))
    latest = list(_latest(by_event, found))
    people = People(on, {form for _, _, form in latest})
    for news, entry, form in latest:
        for recipient in people.concerned(news, form):
            if recipient.pk != entry.change.actor_id:
                yield _draft(news, entry, form, recipient)


class People:
    """Who is told, read once: heads and reporters by organisation, the reviewers of each plan's working group.

    Nobody is told to decide on a form of their own: ``forms`` are those that there is news of.
    """

    def __init__(self, on: date, forms: Iterable[Submission]) -> None:
        self.hands = hands_in(forms)
        self.by_role = {role: people_by_organisation(role, on) for role in {news.to for news in NEWS}}
        self.reviewers: dict[Plan, list[User]] = {}

    def concerned(self, news: News, form: Submission) -> list[User]:
        if news.to != Role.REVIEWER:
            return self.by_role[news.to].get(form.organisation_id, [])
        if form.period.plan not in self.reviewers:
            self.reviewers[form.period.plan] = self._group_of(form.period.plan)
        return [user for user in self.reviewers[form.period.plan] if user.pk not in self.hands[form.pk]]

    def _group_of(self, plan: Plan) -> list[User]:
        """The reviewers in the working group of one of the plan's cases; all of them where none is named."""
        reviewers = [user for users in self.by_role[Role.REVIEWER].values() for user in users]
        named = set(GroupMember.objects.filter(evaluation__plan=plan, left_on=None).values_list("user", flat=True))
        return [user for user in reviewers if user.pk in named] or reviewers


def _latest(by_event: dict[str, News], entries: Iterable[Entry]) -> Iterator[tuple[News, Entry, Submission]]:
    """Yield each piece of news with its form, the last of its kind only; what has been overtaken is left out."""
    corrections = _corrections(entry.subject_id for entry in entries if entry.event.startswith("correction."))
    of_forms = [entry.subject_id for entry in entries if not entry.event.startswith("correction.")]
    forms = Submission.objects.select_related("period__plan", "organisation").in_bulk(of_forms)
    last: dict[tuple[str, int], tuple[News, Entry, Submission]] = {}
    for entry in entries:
        news = by_event[entry.event]
        correction = corrections.get(entry.subject_id) if entry.event.startswith("correction.") else None
        if entry.event == "correction.ask" and (correction is None or correction.state != CorrectionState.ASKED):
            continue
        form = correction.submission if correction is not None else forms[entry.subject_id]
        if form.is_shut or (news.states and form.state not in news.states):
            continue
        key = (news.words, form.pk) if news.states else (str(entry.pk), form.pk)
        last[key] = (news, entry, form)
    yield from last.values()


def _corrections(keys: Iterable[int]) -> dict[int, Correction]:
    related = ("submission__period__plan", "submission__organisation")
    return Correction.objects.select_related(*related).in_bulk(list(keys))


def _entries(events: Iterable[str], *, since: date, until: date) -> models.QuerySet[Entry]:
    kinds = ContentType.objects.get_for_models(Submission, Correction).values()
    found = Entry.objects.filter(subject_type__in=list(kinds), event__in=list(events))
    within = found.filter(change__at__date__gte=since, change__at__date__lte=until)
    return within.select_related("change").order_by("id")


def _draft(news: News, entry: Entry, form: Submission, recipient: User) -> Draft:
    held = {State.DRAFT: "报送", State.REOPENED: "更正"}.get(State(form.state), "") if form.has_deadline else ""
    due = f"{held}时限为{day_in_words(local_day(form.due_at))}。" if held else ""
    unit = f"{form.organisation_name} " if news.to == Role.REVIEWER else ""
    return Draft(
        rule="news",
        recipient=recipient,
        plan=form.period.plan,
        subject=f"{unit}{form.period.name}{news.words}"[:200],
        text=f"{form.organisation_name}的{form.period.name}{news.words}。{due}经办：{entry.change.actor_name}。",
        link=link_to(form, "review" if news.to == Role.REVIEWER else "form"),
        entry=entry,
    )
