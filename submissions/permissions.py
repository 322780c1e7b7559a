"""Who may do what with a form. Nobody takes two steps on one form: filling in, confirming, reviewing."""

from organisations.models import Role, User
from plans.models import Plan
from submissions.models import Correction, Decision, Figure, Review, Submission, SummaryTemplate
from submissions.queries.forms import READERS, SubmissionQuerySet
from submissions.queries.source_checks import sourced_by


def can_see_form(user: User, submission: Submission) -> bool:
    return Submission.objects.for_user(user).filter(pk=submission.pk).exists()


def belongs_to_form(user: User, submission: Submission) -> bool:
    return user.organisation_id == submission.organisation_id


def has_not_filled(user: User, submission: Submission) -> bool:
    return Submission.objects.filter(pk=submission.pk).not_filled_by(user).exists()


def has_not_confirmed(user: User, submission: Submission) -> bool:
    return Submission.objects.filter(pk=submission.pk).not_confirmed_by(user).exists()


def has_not_reviewed(user: User, submission: Submission) -> bool:
    return Submission.objects.filter(pk=submission.pk).not_reviewed_by(user).exists()


def reports_for(user: User, submission: Submission) -> bool:
    return user.has_role(Role.REPORTER) and belongs_to_form(user, submission)


def forms_without_other_steps(user: User) -> SubmissionQuerySet:
    """The forms that the person neither confirmed nor reviewed, and of which they answered no correction."""
    return Submission.objects.all().not_confirmed_by(user).not_reviewed_by(user)


def can_fill_in(user: User, submission: Submission) -> bool:
    """A reporter of the form's own organisation, who neither confirmed nor reviewed it, nor answered a correction."""
    return reports_for(user, submission) and forms_without_other_steps(user).filter(pk=submission.pk).exists()


def can_confirm(user: User, submission: Submission) -> bool:
    """A head of the form's own organisation, who neither filled it in nor reviewed it."""
    return (
        user.has_role(Role.HEAD)
        and belongs_to_form(user, submission)
        and has_not_filled(user, submission)
        and has_not_reviewed(user, submission)
    )


def can_review(user: User, submission: Submission) -> bool:
    """A reviewer who neither filled the form in nor confirmed it, whichever organisation they belong to.

    Where it has two levels, whoever took one of them leaves the other to somebody else.
    """
    return (
        user.has_role(Role.REVIEWER)
        and has_not_filled(user, submission)
        and has_not_confirmed(user, submission)
        and has_not_taken_other_level(user, submission)
    )


def has_not_taken_other_level(user: User, submission: Submission) -> bool:
    return Submission.objects.filter(pk=submission.pk).not_at_other_level_of(user).exists()


def can_withdraw_approval(user: User, submission: Submission) -> bool:
    """Only the reviewer who approved it."""
    latest = Review.objects.filter(submission=submission, decision=Decision.APPROVED).order_by("-at", "-id").first()
    return user.has_role(Role.REVIEWER) and latest is not None and latest.by_id == user.pk


def can_answer_extension(user: User, submission: Submission) -> bool:
    """A reviewer who had no hand in the form, and who doesn't report for its organisation."""
    is_own = belongs_to_form(user, submission) and user.has_role(Role.REPORTER, Role.HEAD)
    return can_review(user, submission) and not is_own


def can_export_summary(user: User, template: SummaryTemplate | None) -> bool:
    """Whoever reads what is published of the whole plan: the working group, leaders, auditors."""
    return user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR)


def can_answer_correction(user: User, correction: Correction) -> bool:
    return can_review(user, correction.submission)


def can_read_self_reports(user: User, plan: Plan) -> bool:
    """All units' self-reports: the working group, leaders and auditors; a unit reads its own on its form."""
    return user.has_role(*READERS)


def can_set_outline(user: User, plan: Plan) -> bool:
    """The working group says what self-reports consist of."""
    return user.has_role(Role.REVIEWER)


def can_tune_checks(user: User, plan: Plan) -> bool:
    """The working group sets how strict the rules are, in each plan."""
    return user.has_role(Role.REVIEWER)


def can_set_levels(user: User, plan: Plan) -> bool:
    """The working group sets how many steps a form takes."""
    return user.has_role(Role.REVIEWER)


def can_check_as_source(user: User, figure: Figure) -> bool:
    """A reporter or head of an organisation that has the data of the indicator, and didn't report this figure."""
    if user.organisation is None or user.organisation_id == figure.organisation_id:
        return False
    sourced = sourced_by(user.organisation, figure.period.plan)
    return user.has_role(Role.REPORTER, Role.HEAD) and sourced.filter(indicator=figure.indicator_id).exists()
