"""Forms on paper: the code of what a form says, its stamped scans, and which forms still owe one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from arithmetic.shown import working_days_in_words
from audit.clock import today
from plans.calendar import working_days_left
from plans.models import Plan
from submissions.models import LevelSetting, StampedScan, StampRule, Submission
from submissions.queries.forms import SubmissionQuerySet
from submissions.states import EDITABLE, State


@dataclass(frozen=True)
class Paper:
    """How a form stands with its paper: whether the plan wants it stamped, and whether what it says now is."""

    rule: str
    code: str
    """What is printed on the paper of what the form says now."""
    due_on: date | None
    has_scan: bool
    is_stamped: bool
    is_editable: bool

    @property
    def is_asked(self) -> bool:
        return self.rule != StampRule.NOT_NEEDED or self.due_on is not None or self.has_scan

    @property
    def is_void(self) -> bool:
        """Whether a scan is there, but of what the form said before: 需重新盖章."""
        return self.has_scan and not self.is_stamped

    @property
    def is_owed(self) -> bool:
        """Whether it is to be attached now: before handing in, or since the form was handed in."""
        asked = self.rule == StampRule.BEFORE if self.is_editable else self.due_on is not None
        return asked and not self.is_stamped

    @property
    def state_in_words(self) -> str:
        if self.is_stamped:
            return "已盖章确认"
        if self.is_void:
            return "需重新盖章"
        return "待盖章确认" if self.is_owed else "尚未盖章"

    @property
    def kind(self) -> str:
        """The class of the state's shape."""
        return "ok" if self.is_stamped else "warn" if self.is_owed or self.is_void else "draft"

    @property
    def when_in_words(self) -> str:
        """By when it is due: before handing in, or until a day."""
        if self.is_stamped or not self.is_owed:
            return ""
        return "提交前须上传盖章件" if self.due_on is None or self.is_editable else due_in_words(self.due_on)


def paper_of(form: Submission) -> Paper:
    """Return how the form stands with its paper; no query where it was read with it (``with_paper``)."""
    if not hasattr(form, "version_now"):
        return paper_of(Submission.objects.with_paper().get(pk=form.pk))
    return Paper(
        rule=form.stamp_rule or StampRule.NOT_NEEDED,  # type: ignore[attr-defined]
        code=form.version_now,
        due_on=form.stamp_by,
        has_scan=form.has_scan,  # type: ignore[attr-defined]
        is_stamped=form.is_stamped,  # type: ignore[attr-defined]
        is_editable=form.state in EDITABLE,
    )


def scans_of(form: Submission) -> list[StampedScan]:
    """Every scan that was ever attached, newest first."""
    return list(StampedScan.objects.filter(submission=form).select_related("file", "uploaded_by").order_by("-id"))


def stamp_days(form: Submission) -> int | None:
    """Within how many working days after it is handed in the plan asks for the paper; None where it doesn't."""
    rows = LevelSetting.objects.filter(plan=form.period.plan_id, organisation=None, stamped=StampRule.AFTER)
    return rows.values_list("stamp_days", flat=True).first()


def lacking_stamp() -> SubmissionQuerySet:
    """The handed-in forms that owe their stamped paper, most urgent first."""
    rows = Submission.objects.filter(stamp_by__isnull=False)
    rows = rows.exclude(state__in=[*EDITABLE, State.AWAITING_HEAD, State.RETIRED]).without_stamp()
    related = rows.select_related("period__plan", "organisation", "reporter")
    return related.order_by("stamp_by", "organisation__position", "organisation__code")


def lacking_by_period(plan: Plan) -> Counter[int]:
    """Return how many handed-in forms of each period owe their stamped paper; one query."""
    return Counter(lacking_stamp().filter(period__plan=plan).order_by().values_list("period", flat=True))


def due_in_words(day: date) -> str:
    return f"{day.month}月{day.day}日前补交盖章件，{working_days_in_words(working_days_left(day, today()))}"
