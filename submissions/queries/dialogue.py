"""What was asked and answered at each cell and note of a form, in order; nothing of it ever goes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from submissions.models import Remark, Reply, Submission


@dataclass(frozen=True)
class Said:
    """One turn: the reasons of a return, or what the organisation answered."""

    at: datetime
    who: str
    round: int
    texts: list[str]
    reported: str
    is_reply: bool = False


@dataclass
class Dialogue:
    """The turns at one cell or note, oldest first."""

    name: str
    turns: list[Said] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return bool(self.turns) and self.turns[-1].is_reply


Key = tuple[int | None, int | None]
"""A figure's key or a note's."""


def dialogues(form: Submission) -> dict[Key, Dialogue]:
    """Return by figure or note what was said at it; two queries."""
    related = ("figure__indicator", "note__task", "note__project", "note__section")
    remarks = Remark.objects.filter(review__submission=form).select_related("review__entry__change", *related)
    replies = Reply.objects.filter(review__submission=form).select_related("review", "by", *related)
    found: dict[Key, Dialogue] = {}
    for remark in remarks.order_by("review__at", "review", "id"):
        held = _at(found, remark)
        last = held.turns[-1] if held.turns else None
        if last is not None and not last.is_reply and last.at == remark.review.at:
            last.texts.append(remark.text)
        else:
            review = remark.review
            held.turns.append(Said(review.at, review.by_name, review.round, [remark.text], remark.reported))
    for reply in replies.order_by("at", "id"):
        texts = [reply.text] if reply.text.strip() else []
        turn = Said(reply.at, reply.by.name, reply.review.round, texts, reply.reported, is_reply=True)
        _at(found, reply).turns.append(turn)
    for held in found.values():
        held.turns.sort(key=lambda turn: (turn.at, turn.is_reply))
    return found


def _at(found: dict[Key, Dialogue], row: Remark | Reply) -> Dialogue:
    name = row.figure.indicator.full_name if row.figure is not None else str(row.subject)
    return found.setdefault((row.figure_id, row.note_id), Dialogue(name))


def turns_by_figure(held: dict[Key, Dialogue]) -> dict[int, list[Said]]:
    return {figure: each.turns for (figure, _), each in held.items() if figure is not None}


def turns_by_note(held: dict[Key, Dialogue]) -> dict[int, list[Said]]:
    return {note: each.turns for (_, note), each in held.items() if note is not None}


def answered(held: Iterable[Dialogue]) -> dict[bool, int]:
    """How many dialogues wait for the organisation (False), and how many were answered (True)."""
    counts: dict[bool, int] = defaultdict(int)
    for each in held:
        counts[each.is_answered] += 1
    return counts
