"""The reviewers' queue: which forms wait, in which order, and the numbers beside each; counted, never read form by form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from audit.clock import today
from organisations.models import OrganisationKind, User
from plans.calendar import local_day, working_day_after, working_days_left
from plans.models import Plan
from submissions.models import (
    ON_ITS_WAY,
    Assignment,
    CheckFinding,
    Figure,
    Look,
    ProgressNote,
    Review,
    Severity,
    Submission,
)
from submissions.queries.forms import SubmissionQuerySet
from submissions.states import CellState, ReviewStep

ASKING = (Severity.ERROR, Severity.WARNING)
REVIEW_DAYS = 3  # working days after a form came in
PAGE = 50  # forms on a page of the queue
BESIDE = 25  # forms of the queue that stand beside the one that is open, before it and after it


def review_due(form: Submission) -> date | None:
    """The day by which the working group decides on a form that came in."""
    return None if form.submitted_at is None else working_day_after(local_day(form.submitted_at), REVIEW_DAYS)


# what an address may ask for, by its name
KNOWN = {
    "whose": ("mine", "all"),
    "kind": tuple(OrganisationKind.values),
    "news": ("unseen", "changed", "same"),
    "odd": ("yes", "no"),
    "late": ("yes",),
    "sort": ("organisation", "filled", "odd", "changed"),
}


@dataclass(frozen=True)
class Chosen:
    """What a reviewer chose to see, as the address has it; a word that is none is ignored."""

    whose: str = ""
    period: str = ""
    kind: str = ""
    news: str = ""
    odd: str = ""
    late: str = ""
    sort: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str], periods: Iterable[str]) -> "Chosen":
        known = KNOWN | {"period": tuple(periods)}
        return cls(**{name: value for name, values in known.items() if (value := sent.get(name, "")) in values})

    @property
    def narrows(self) -> bool:
        return any((self.period, self.kind, self.news, self.odd, self.late))

    @property
    def unfiltered(self) -> str:
        """The address of the same queue without its filters."""
        return self.address(period="", kind="", news="", odd="", late="") or "?"

    @property
    def mine(self) -> str:
        return self.address(whose="mine")

    @property
    def everybodys(self) -> str:
        return self.address(whose="all")

    def address(self, **other: str) -> str:
        """The query of an address that says the same, or ``other`` in its place; empty where nothing is chosen."""
        words = {
            name: getattr(self, name) for name in ("whose", "period", "kind", "news", "odd", "late", "sort")
        } | other
        query = urlencode({name: value for name, value in words.items() if value})
        return f"?{query}" if query else ""


@dataclass(frozen=True)
class Queued:
    """A form in the queue: how long is left to decide, how much is odd, how much changed and since when."""

    form: Submission
    left: int
    oddities: int
    owed: int = 0
    filled: int = 0
    since_return: int = 0
    since_look: int | None = field(default=None)
    """Cells and notes that changed since the reviewer's own last look; None before the first."""

    @property
    def key(self) -> str:
        """What a tick names: the form, the round and the level that were seen."""
        return f"{self.form.pk}-{self.form.round}-{self.form.review_step}"

    @property
    def state_in_words(self) -> str:
        """Where it stands, in a word: handed in, how often, or at its final review."""
        if self.form.review_step == ReviewStep.FINAL:
            return "初审通过，待终审"
        words = f"第 {self.form.round} 次提交" if self.form.round > 1 else "已提交"
        return f"{words}，待初审" if self.form.review_step == ReviewStep.FIRST else words

    @property
    def left_in_words(self) -> str:
        if self.left > 0:
            return f"还剩 {self.left} 个工作日"
        return "今天审完" if self.left == 0 else f"已超过 {-self.left} 个工作日"

    @property
    def news(self) -> str:
        """What is new to this reviewer, in a word."""
        if self.since_look is None:
            return "未看过"
        return f"看后有变动 {self.since_look}" if self.since_look else "看后无变动"

    @property
    def may_be_approved_unread(self) -> bool:
        """Whether it may be approved from the queue: no warning stands in it, answered or not."""
        return not self.oddities


def assigned_to(user: User, plan: Plan) -> Q:
    """The forms that a reviewer is assigned: their organisation's, or those that ask one of their indicators."""
    rows = Assignment.objects.filter(plan=plan, reviewer=user, ended_at=None)
    figures = Figure.objects.filter(
        submission=OuterRef("pk"), is_owed=True, indicator__in=rows.filter(organisation=None).values("indicator")
    )
    return Q(organisation__in=rows.filter(indicator=None).values("organisation")) | Q(Exists(figures))


def has_assignments(user: User, plan: Plan) -> bool:
    return Assignment.objects.filter(plan=plan, reviewer=user, ended_at=None).exists()


def waiting(user: User, plan: Plan, chosen: Chosen) -> SubmissionQuerySet:
    """The forms that wait for a reviewer and that they chose to see, in the order that they chose."""
    rows = Submission.objects.waiting_for_review(user, plan)
    if chosen.whose == "mine":
        rows = rows.filter(assigned_to(user, plan))
    if chosen.period:
        rows = rows.filter(period__code=chosen.period)
    if chosen.kind:
        rows = rows.filter(organisation__kind=chosen.kind)
    if chosen.late:
        rows = rows.filter(Q(first_submitted_at__gt=F("deadline")))
    if chosen.odd:
        is_odd = Q(Exists(_standing().filter(figure__submission=OuterRef("pk"))))
        rows = rows.filter(is_odd if chosen.odd == "yes" else ~is_odd)
    if chosen.news:
        rows = _with_look(rows, user).filter(_news(chosen.news))
    return _sorted(rows, user, chosen.sort)


def _news(word: str) -> Q:
    if word == "unseen":
        return Q(looked_at=None)
    changed = Q(Exists(_saved(Figure, "looked_at"))) | Q(Exists(_saved(ProgressNote, "looked_at")))
    return Q(looked_at__isnull=False) & (changed if word == "changed" else ~changed)


def _sorted(rows: SubmissionQuerySet, user: User, sort: str) -> SubmissionQuerySet:
    if sort == "organisation":
        return rows.order_by("organisation__position", "organisation__code", "submitted_at", "id")
    if sort == "filled":
        return rows.with_progress().order_by(F("filled") - F("owed"), "submitted_at", "id")
    if sort == "odd":
        counted = _standing().filter(figure__submission=OuterRef("pk")).order_by().values("figure__submission")
        odd = Subquery(counted.annotate(number=Count("figure", distinct=True)).values("number"))
        return rows.order_by(Coalesce(odd, 0).desc(), "submitted_at", "id")
    if sort == "changed":
        return with_changes(rows, user).order_by(F("since_look").desc(nulls_first=True), "submitted_at", "id")
    return rows


def with_changes(rows: SubmissionQuerySet, user: User) -> SubmissionQuerySet:
    """Add what changed since the reviewer's own last look, and since the form's last review."""
    decided = Review.objects.filter(submission=OuterRef("pk")).exclude(decision__in=ON_ITS_WAY)
    rows = _with_look(rows, user).annotate(reviewed_at=Subquery(decided.order_by("-at").values("at")[:1]))
    return rows.annotate(
        since_look=Case(
            When(looked_at=None, then=Value(None)), default=_changed("looked_at"), output_field=IntegerField()
        ),
        since_return=_changed("reviewed_at"),
    )


def _with_look(rows: SubmissionQuerySet, user: User) -> SubmissionQuerySet:
    looks = Look.objects.filter(submission=OuterRef("pk"), person=user)
    return rows.annotate(looked_at=Subquery(looks.values("at")[:1]))


def _saved(model: type[Figure | ProgressNote], moment: str) -> QuerySet[Figure | ProgressNote]:
    """The cells or notes of the form that were saved since a moment of its row."""
    rows: QuerySet[Figure | ProgressNote] = model._default_manager.filter(
        submission=OuterRef("pk"), is_owed=True, saved_at__gt=OuterRef(moment)
    )
    return rows


def _changed(moment: str) -> Coalesce:
    def count(model: type[Figure | ProgressNote]) -> Coalesce:
        counted = _saved(model, moment).order_by().values("submission_id").annotate(number=Count("pk"))
        return Coalesce(Subquery(counted.values("number")), 0)

    return count(Figure) + count(ProgressNote)  # type: ignore[return-value]


def queued(keys: Sequence[int], user: User) -> list[Queued]:
    """Return forms of the queue, by their keys, with their numbers; a few queries, however many forms and cells."""
    rows = with_changes(Submission.objects.filter(pk__in=keys), user).with_progress()
    found = rows.select_related("organisation", "period__plan").in_bulk()
    odd = kept_oddities(list(found))
    return [_queued(found[key], odd.get(key, 0)) for key in keys if key in found]


def _queued(form: Submission, oddities: int) -> Queued:
    due = review_due(form) or local_day(form.deadline)
    numbers = {name: getattr(form, name) for name in ("owed", "filled", "since_return", "since_look")}
    return Queued(form, working_days_left(due, today()), oddities, **numbers)


def kept_oddities(keys: Sequence[int]) -> dict[int, int]:
    """Return by form how many figures that are up for decision are odd, as it was kept when it came in; one query."""
    rows = _standing().filter(figure__submission__in=keys).order_by().values("figure__submission")
    return {row["figure__submission"]: row["odd"] for row in rows.annotate(odd=Count("figure", distinct=True))}


def _standing() -> QuerySet[CheckFinding]:
    """What was found as forms went out, in figures that nobody has decided on since; hints ask for nothing."""
    return CheckFinding.objects.filter(
        stands=True, severity__in=ASKING, figure__is_owed=True, figure__state=CellState.SUBMITTED
    )


@dataclass(frozen=True)
class Place:
    """Where a form stands in a queue: those around it, and how many there are."""

    around: list[Queued]
    total: int
    preceding: Submission | None
    following: Submission | None


def place_in_queue(form: Submission, user: User, plan: Plan, chosen: Chosen) -> Place:
    """Return the queue around a form, for the list beside it and for the keys J and K."""
    keys = list(waiting(user, plan, chosen).values_list("pk", flat=True))
    at = keys.index(form.pk) if form.pk in keys else -1
    start = max(at - BESIDE, 0)
    shown = keys[start : max(at, 0) + BESIDE]
    around = queued(shown, user) if shown else []
    forms = {each.form.pk: each.form for each in around}
    following = keys[at + 1] if at + 1 < len(keys) else 0
    preceding = keys[at - 1] if at > 0 else 0
    return Place(around, len(keys), forms.get(preceding), forms.get(following))
