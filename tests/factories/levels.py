"""Forms on their way through two levels, by the ordinary verbs."""

from django.core.files.uploadedfile import SimpleUploadedFile

from organisations.models import Organisation, User
from plans.models import Plan
from submissions.actions import attach_scan, pass_first_review, set_levels, submit
from submissions.models import LevelSetting, StampedScan, Submission
from submissions.queries.stamped import paper_of
from tests.factories.indicators import indicator
from tests.factories.organisations import reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved


def levels_set(of: Plan, *, at: Organisation | None = None, by: User | None = None, **levels: object) -> LevelSetting:
    return set_levels(of, by=by or reviewer(), organisation=at, reason="按工作方案", **levels)


def filled(by: User, *values: str, of: Plan | None = None, **fields: object) -> Submission:
    """An open form with an indicator for each value, filled in and not handed in."""
    of = of or plan()
    form = opened(*[indicator(of=of, lead=by.organisation) for _ in values or ("50",)], **fields)
    for figure, value in zip(form.figures.all(), values or ("50",), strict=True):
        saved(figure, value, by=by)
    return form


def scanned(form: Submission, *, by: User, code: str = "") -> StampedScan:
    """The scan of the form as it is now, attached by the verb."""
    upload = SimpleUploadedFile("盖章件.pdf", b"%PDF-1.4\n%%EOF\n")
    return attach_scan(form, by=by, upload=upload, code=code or paper_of(Submission.objects.get(pk=form.pk)).code)


def submitted_to_two(by: User, *values: str, of: Plan | None = None, in_unit: int = 1) -> Submission:
    """A submitted form of a plan whose working group has two levels, with an indicator for each value."""
    of = of or plan()
    form = opened(*[indicator(of=of, lead=by.organisation) for _ in values or ("50",)])
    levels_set(of, in_group=2, in_unit=in_unit)
    for figure, value in zip(form.figures.all(), values or ("50",), strict=True):
        saved(figure, value, by=by)
    return submit(form, by=by)


def first_reviewed(by: User, *values: str, first: User | None = None, **fields: object) -> Submission:
    """The same, passed by its first reviewer."""
    form = submitted_to_two(by, *values, **fields)
    pass_first_review(form, by=first or reviewer(), round=1)
    form.refresh_from_db()
    return form
