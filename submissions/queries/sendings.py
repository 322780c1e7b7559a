"""What left an organisation with one sending: the versions of that change tell."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from audit.models import Entry
from submissions.models import CellState, Figure, ProgressNote, Submission

SENDINGS = ("submission.submit", "submission.send_to_head")


def last_sending(submission: Submission) -> int | None:
    """Return the change in which the form last left its reporters; None before the first."""
    kind = ContentType.objects.get_for_model(Submission)
    entries = Entry.objects.filter(subject_type=kind, subject_id=submission.pk, event__in=SENDINGS)
    return entries.order_by("-id").values_list("change_id", flat=True).first()


def sent_by(change: int, submission: Submission) -> QuerySet[Figure]:
    """The figures that the sending sent and nobody has decided on since: a version stands only where a row changed."""
    versions = Figure.history.model.objects.filter(
        change_id=change, submission_id=submission.pk, state=CellState.SUBMITTED
    )
    return Figure.objects.filter(pk__in=versions.values("id"), is_owed=True, state=CellState.SUBMITTED)


def notes_sent_by(change: int, submission: Submission) -> QuerySet[ProgressNote]:
    """The progress notes that the sending sent and nobody has published since."""
    versions = ProgressNote.history.model.objects.filter(change_id=change, submission_id=submission.pk, is_sent=True)
    return ProgressNote.objects.filter(pk__in=versions.values("id"), is_sent=True, is_published=False)
