"""Self-reports: an outline, and forms of a special round that have one."""

from organisations.models import User
from plans.models import Plan
from submissions.actions import OutlineLine, approve, save_note, set_outline, submit
from submissions.models import ProgressNote, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved

LINES = (
    OutlineLine(1, "进展"),
    OutlineLine(2, "问题及原因", "写明原因。"),
    OutlineLine(3, "调整建议", is_required=False),
)


def with_outline(**fields: object) -> Plan:
    """A plan whose special rounds ask for a self-report of three sections, the last of them optional."""
    found = plan(**fields)
    set_outline(found, by=reviewer(), sections=LINES, reason="测试")
    return found


def asked_form(by: User, *, of: Plan | None = None) -> Submission:
    """A draft of the person's organisation with one figure and a self-report."""
    return opened(indicator(of=of or with_outline(), lead=by.organisation))


def section_of(form: Submission, number: int = 1) -> ProgressNote:
    """A section of the form's self-report, as it is now."""
    return form.notes.select_related("section", "submission").get(section__number=number)


def write(note: ProgressNote, text: str, *, by: User, revision: int | None = None, **more: str) -> ProgressNote:
    """Save a section as its reporter would."""
    current = ProgressNote.objects.get(pk=note.pk)
    known = current.revision if revision is None else revision
    return save_note(current, by=by, revision=known, **({"state": "", "progress": text} | more))


def handed_in(by: User, *, of: Plan | None = None) -> Submission:
    """A submitted form of the person's organisation with its required sections written."""
    form = asked_form(by, of=of)
    saved(form.figures.get(), "50", by=by)
    for number in (1, 2):
        write(section_of(form, number), f"第{number}部分的文字。", by=by)
    return submit(form, by=by)


def approved(by: User, *, of: Plan | None = None) -> Submission:
    """The same, approved."""
    form = handed_in(by, of=of)
    approve(form, by=reviewer(), round=form.round)
    form.refresh_from_db()
    return form
