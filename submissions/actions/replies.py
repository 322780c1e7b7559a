"""What goes out with a form as the answer to the reasons of its last return."""

from collections.abc import Iterable

from audit.clock import now
from organisations.models import User
from submissions.actions.cells import shown_in_history
from submissions.models import Figure, ProgressNote, Remark, Reply, Submission
from submissions.queries.previous import last_note_remarks, last_remarks


def keep_replies(form: Submission, by: User, figures: Iterable[Figure], notes: Iterable[ProgressNote]) -> list[Reply]:
    """Keep what is answered to the last reasons on the figures and notes that go out; one that stands already is none."""
    asked, asked_notes = last_remarks(form), last_note_remarks(form)
    fresh = [
        _reply(asked[each.pk], each.reply, shown_in_history(each), by, figure=each)
        for each in figures
        if each.pk in asked
    ]
    fresh += [
        _reply(asked_notes[each.pk], each.reply, each.shown, by, note=each) for each in notes if each.pk in asked_notes
    ]
    known = Reply.objects.filter(review__submission=form)
    standing = {_says(each) for each in known}
    return Reply.objects.bulk_create(each for each in fresh if _says(each) not in standing)


def _reply(
    remarks: list[Remark],
    text: str,
    reported: str,
    by: User,
    *,
    figure: Figure | None = None,
    note: ProgressNote | None = None,
) -> Reply:
    return Reply(
        review_id=remarks[0].review_id, figure=figure, note=note, text=text, reported=reported[:200], by=by, at=now()
    )


def _says(reply: Reply) -> tuple[int, int | None, int | None, str, str]:
    return reply.review_id, reply.figure_id, reply.note_id, reply.text, reply.reported
