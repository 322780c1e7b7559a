"""How forms, cells and deadlines are shown: state as word, shape and colour."""

from django import template

from arithmetic.shown import working_days_in_words
from audit.clock import now, today
from organisations.models import Role, User
from plans.calendar import is_past, working_days_left
from submissions.addresses import address
from submissions.models import Answer, Figure, Submission
from submissions.permissions import belongs_to_form
from submissions.states import CellState, State

register = template.Library()

FORM_KINDS = {
    State.DRAFT: "draft",
    State.AWAITING_HEAD: "now",
    State.SUBMITTED: "sent",
    State.FIRST_REVIEWED: "sent",
    State.APPROVED: "ok",
    State.RETURNED: "back",
    State.REOPENED: "fix",
    State.RETIRED: "gone",
}
CELL_KINDS = {
    CellState.TO_FILL: "todo",
    CellState.FILLED: "saved",
    CellState.SUBMITTED: "sent",
    CellState.APPROVED: "ok",
    CellState.RETURNED: "back",
    CellState.CORRECTING: "fix",
}
NEXT_STEPS = {
    State.AWAITING_HEAD: (Role.HEAD, "核对并确认", "check"),
    State.SUBMITTED: (Role.REPORTER, "查看所报内容或撤回", "check"),
    State.FIRST_REVIEWED: (Role.REPORTER, "查看所报内容", "check"),
    State.APPROVED: (Role.REPORTER, "申请更正", "ask_for_correction"),
}
ANSWER_KINDS = {Answer.ZERO: "zero", Answer.NO_DATA: "nodata"}


@register.filter
def form_kind(submission: Submission) -> str:
    """The class of the form's state."""
    return FORM_KINDS[State(submission.state)]


@register.filter
def cell_kind(figure: Figure) -> str:
    """The class of the cell's state."""
    return CELL_KINDS[CellState(figure.state)]


@register.filter
def answer_kind(figure: Figure) -> str:
    """The class of an answer that is a word: zero or no data; empty for a number."""
    return ANSWER_KINDS.get(Answer(figure.answer), "")


@register.simple_tag
def form_address(submission: Submission, name: str = "form") -> str:
    """One of the form's addresses by its URL name."""
    return address(submission, name)


@register.simple_tag
def next_step(submission: Submission, user: User) -> dict[str, str]:
    """What a person of the form's own organisation may do with one that isn't being filled in: words and address."""
    if not belongs_to_form(user, submission):
        return {}
    role, words, name = NEXT_STEPS.get(State(submission.state), ("", "", ""))
    return {"words": words, "url": address(submission, name)} if role and user.has_role(role) else {}


@register.filter
def deadline_in_words(submission: Submission) -> str:
    """Working days left; for what is handed in or corrected, nothing."""
    if not (submission.is_editable and submission.has_deadline):
        return ""
    return working_days_in_words(working_days_left(submission.due_at, today()))


@register.filter
def is_overdue(submission: Submission) -> bool:
    return submission.is_editable and submission.has_deadline and is_past(submission.due_at, now())
