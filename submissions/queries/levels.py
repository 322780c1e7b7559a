"""How many steps a form takes in its unit and in the working group, and which of them were taken by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from audit.models import Entry
from organisations.models import Organisation
from plans.models import Plan
from submissions.models import LevelSetting, Submission
from submissions.states import EDITABLE, ReviewStep, State


@dataclass(frozen=True)
class Levels:
    in_unit: int = 1
    in_group: int = 1


class PlanLevels:
    """The settings of a plan, read once."""

    def __init__(self, plan: Plan) -> None:
        rows = LevelSetting.objects.filter(plan=plan).select_related("organisation", "set_by")
        found = list(rows.order_by("organisation__position", "organisation__code"))
        self.general = next((row for row in found if row.organisation_id is None), None)
        self.own = {row.organisation_id: row for row in found if row.organisation_id is not None}

    @property
    def default(self) -> Levels:
        general = self.general
        return Levels((general and general.in_unit) or 1, (general and general.in_group) or 1)

    def of(self, organisation: Organisation) -> Levels:
        """The organisation's own setting; else its own wish for its head's confirmation; else the plan's."""
        own = self.own.get(organisation.pk)
        wished = 2 if organisation.needs_confirmation else self.default.in_unit
        return Levels((own and own.in_unit) or wished, (own and own.in_group) or self.default.in_group)


def levels_of(form: Submission) -> Levels:
    """The levels that the form takes if it is handed in now; no query where they were read with it (``with_levels``)."""
    if not hasattr(form, "unit_steps_now"):
        return levels_of(Submission.objects.with_levels().get(pk=form.pk))
    return Levels(form.unit_steps_now, form.group_steps_now)  # type: ignore[attr-defined]


# ------------------------------------------------------------------ who took which step
FILLED, CONFIRMED, FIRST, DECIDED = range(4)
TAKEN = {
    "submission.submit": FILLED,
    "submission.send_to_head": FILLED,
    "submission.confirm": CONFIRMED,
    "submission.pass_first_review": FIRST,
    "submission.approve": DECIDED,
    "submission.return_for_correction": DECIDED,
}
UNDONE = {
    "submission.withdraw": FILLED,
    "submission.send_back": FILLED,
    "submission.send_to_first_review": FIRST,
    "submission.withdraw_approval": FIRST,
}
TITLES = {FILLED: "填报人", CONFIRMED: "确认", FIRST: "初审", DECIDED: "审核"}


@dataclass(frozen=True)
class Step:
    """One step of a form's way: who took it, as history has it, and when, as the form says; nobody yet where ``at`` is
    None."""

    title: str
    who: str = ""
    at: datetime | None = None
    is_return: bool = False

    @property
    def is_taken(self) -> bool:
        return self.at is not None


@dataclass(frozen=True)
class Way:
    """A form's steps in order, taken or still to take."""

    steps: list[Step]
    asks_head: bool
    """Whether its organisation's head is one of them."""


def way_of(form: Submission) -> Way:
    """Return the form's last way through; one query, two where it came back and goes out again."""
    taken = _taken(form) if form.round or form.submitted_by_id is not None else {}
    levels = levels_of(form) if form.state in EDITABLE else Levels(form.steps_in_unit, form.steps_in_group)
    asks_head = levels.in_unit == 2 or form.state == State.AWAITING_HEAD
    wanted = [FILLED, *([CONFIRMED] if asks_head or CONFIRMED in taken else [])]
    wanted += [FIRST] if levels.in_group == 2 or FIRST in taken else []
    on_form = {FILLED: form.submitted_at, FIRST: form.first_reviewed_at, DECIDED: form.decided_at}
    steps = [_step(place, taken.get(place), on_form.get(place), levels) for place in (*wanted, DECIDED)]
    return Way(steps, asks_head)


def _taken(form: Submission) -> dict[int, Entry]:
    kind = ContentType.objects.get_for_model(Submission)
    entries = Entry.objects.filter(event__in=[*TAKEN, *UNDONE], subject_type=kind, subject_id=form.pk)
    return _last_way(entries.select_related("change").order_by("id"))


def _step(place: int, entry: Entry | None, on_form: datetime | None, levels: Levels) -> Step:
    title = "终审" if place == DECIDED and levels.in_group == 2 else TITLES[place]
    if entry is None:
        return Step(title)
    is_return = entry.event == "submission.return_for_correction"
    return Step(title, entry.change.actor_name, on_form or entry.change.at, is_return)


def _last_way(entries: Iterable[Entry]) -> dict[int, Entry]:
    """The last entry of each step, without those that were undone or belong to an earlier way."""
    taken: dict[int, Entry] = {}
    for entry in entries:
        is_taken = entry.event in TAKEN
        place = TAKEN[entry.event] if is_taken else UNDONE[entry.event]
        if is_taken and entry.detail.get("step") == ReviewStep.FIRST:
            place = FIRST  # returned at the first level
        taken = {known: each for known, each in taken.items() if known < place}
        if is_taken:
            taken[place] = entry
    return taken
