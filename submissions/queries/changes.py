"""What changed in a form since it was last submitted: its versions, compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from audit.models import Entry
from submissions.models import Figure, ProgressNote, Submission
from submissions.models.figure import Reading

SUBMITTED = ("submission.submit", "submission.confirm")
CONTENT = [field.name for field in Reading._meta.local_fields if field.name != "provenance"]
WORDS = ["state", "progress", "problems", "next_step"]


@dataclass(frozen=True)
class FigureBefore:
    """A cell as it was when the form was submitted the time before."""

    reading: Figure

    def differs_from(self, figure: Figure) -> bool:
        return any(getattr(self.reading, name) != getattr(figure, name) for name in CONTENT)


def earlier_submissions(forms: Iterable[Submission]) -> dict[int, int]:
    """Return by form the change in which it was submitted the time before the last; forms submitted once are left out."""
    keys = [form.pk for form in forms if form.round > 1]
    if not keys:
        return {}
    kind = ContentType.objects.get_for_model(Submission)
    entries = Entry.objects.filter(subject_type=kind, subject_id__in=keys, event__in=SUBMITTED)
    changes: dict[int, list[int]] = {}
    for form, change in entries.order_by("id").values_list("subject_id", "change_id"):
        changes.setdefault(form, []).append(change)
    return {form: known[-2] for form, known in changes.items() if len(known) > 1}


def figures_before(forms: Iterable[Submission]) -> dict[int, FigureBefore]:
    """Return by figure how it stood in the submission before; the queries don't grow with the forms."""
    moments = earlier_submissions(forms)
    if not moments:
        return {}
    versions = Figure.history.model.objects.filter(_until(moments)).order_by("id", "-change_id", "-history_id")
    columns = [field.attname for field in Figure._meta.concrete_fields]
    return {
        version.id: FigureBefore(Figure(**{name: getattr(version, name) for name in columns}))
        for version in versions.distinct("id")
    }


def notes_before(form: Submission) -> dict[int, ProgressNote]:
    """Return by note how it stood in the submission before."""
    moments = earlier_submissions([form])
    if not moments:
        return {}
    versions = ProgressNote.history.model.objects.filter(_until(moments)).order_by("id", "-change_id", "-history_id")
    columns = [field.attname for field in ProgressNote._meta.concrete_fields]
    return {
        version.id: ProgressNote(**{name: getattr(version, name) for name in columns})
        for version in versions.distinct("id")
    }


def note_differs(note: ProgressNote, before: ProgressNote) -> bool:
    return any(getattr(note, name) != getattr(before, name) for name in WORDS)


def _until(moments: dict[int, int]) -> Q:
    found = Q(pk__in=[])
    for form, change in moments.items():
        found |= Q(submission_id=form, change_id__lte=change)
    return found
