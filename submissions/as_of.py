"""A form as it was at a moment: read only, from the versions that were in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.past import as_it_was, known_then
from indicators.models import Indicator
from organisations.models import Organisation, User
from plans.models import ReportingPeriod
from projects.models import MajorProject
from submissions.models import Figure, ProgressNote, SelfReportSection, Submission
from tasks.models import KeyTask


@dataclass(frozen=True)
class FormThen:
    """The form with its figures and notes; None for ``form`` where there was none yet."""

    moment: datetime
    form: Submission | None
    figures: Sequence[Figure]
    notes: Sequence[ProgressNote]


def form_at(submission: Submission, moment: datetime) -> FormThen:
    """Return a form as it was; it costs what the form is large, not its history."""
    then = next(iter(as_it_was(Submission, [submission.pk], moment)), None)
    if then is None:
        return FormThen(moment, None, [], [])
    then.period = known_then(ReportingPeriod, [then.period_id], moment)[then.period_id]
    then.period.plan = submission.period.plan
    then.organisation = known_then(Organisation, [then.organisation_id], moment)[then.organisation_id]
    figures = as_it_was(Figure, _keys(Figure, submission), moment)
    notes = as_it_was(ProgressNote, _keys(ProgressNote, submission), moment)
    indicators = known_then(Indicator, {each.indicator_id for each in figures}, moment)
    saved = {each.saved_by_id for each in figures} | {each.saved_by_id for each in notes}
    people = known_then(User, {key for key in saved if key}, moment)
    tasks = known_then(KeyTask, {note.task_id for note in notes if note.task_id}, moment)
    projects = known_then(MajorProject, {note.project_id for note in notes if note.project_id}, moment)
    for figure in figures:
        figure.indicator, figure.saved_by = indicators[figure.indicator_id], people.get(figure.saved_by_id or 0)
    sections = known_then(SelfReportSection, {note.section_id for note in notes if note.section_id}, moment)
    for note in notes:
        note.section = sections.get(note.section_id or 0)
        note.task, note.project = tasks.get(note.task_id or 0), projects.get(note.project_id or 0)
        note.saved_by = people.get(note.saved_by_id or 0)
    figures.sort(key=lambda figure: figure.indicator.number)
    return FormThen(moment, then, [figure for figure in figures if figure.is_owed], notes)


def _keys(model: Any, submission: Submission) -> list[int]:
    return list(model.objects.filter(submission=submission).values_list("pk", flat=True))
