"""What hangs on the cells and notes of a form: files, and the reasons of their last return."""

from collections import defaultdict

from django.db.models import Q

from submissions.models import Evidence, Remark, Submission


class Attached:
    """The evidence and the last remarks of a form, by figure and by note; two queries, however many."""

    def __init__(self, submission: Submission) -> None:
        of_form = Q(figure__submission=submission) | Q(note__submission=submission)
        self._evidence: dict[tuple[int | None, int | None], list[Evidence]] = defaultdict(list)
        for row in Evidence.objects.filter(of_form, removed_at=None).select_related("file").order_by("id"):
            self._evidence[row.figure_id, row.note_id].append(row)
        self._remarks: dict[tuple[int | None, int | None], list[Remark]] = {}
        remarks = Remark.objects.filter(of_form).select_related("review__by") if submission.round else ()
        for remark in sorted(remarks, key=lambda each: (each.review.at, each.review_id, each.pk)):
            key = (remark.figure_id, remark.note_id)
            same = [each for each in self._remarks.get(key, []) if each.review_id == remark.review_id]
            self._remarks[key] = [*same, remark]

    def evidence(self, *, figure: int | None = None, note: int | None = None) -> list[Evidence]:
        return self._evidence[figure, note]

    def remarks(self, *, figure: int | None = None, note: int | None = None) -> list[Remark]:
        return self._remarks.get((figure, note), [])
