"""A plan as it was at a moment: what was planned, for what, and who answered for it. It costs what the plan is large."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from audit.past import as_it_was, known_then
from evaluation.queries.past import indicators_at, parts_at
from organisations.models import Organisation
from overview.showing import base_on_screen, target_on_screen
from plans.models import Plan
from projects.models import MajorProject
from responsibilities.models import Part, Responsibility
from tasks.models import KeyTask, TaskChapter


@dataclass(frozen=True)
class Planned:
    """An indicator, a task or a project, with who answered for it on that day, in words."""

    thing: Any
    parts: Sequence[str]

    @property
    def base(self) -> str:
        return base_on_screen(self.thing)

    @property
    def target(self) -> str:
        return target_on_screen(self.thing)


@dataclass(frozen=True)
class PlanThen:
    """``plan`` is None where there was none yet."""

    moment: datetime
    plan: Plan | None
    indicators: Sequence[Planned]
    tasks: Sequence[Planned]
    projects: Sequence[Planned]


def plan_at(plan: Plan, moment: datetime) -> PlanThen:
    then = next(iter(as_it_was(Plan, [plan.pk], moment)), None)
    tasks = as_it_was(KeyTask, KeyTask.objects.filter(chapter__plan=plan).values_list("pk", flat=True), moment)
    chapters = known_then(TaskChapter, {task.chapter_id for task in tasks}, moment)
    for task in tasks:
        task.chapter = chapters[task.chapter_id]
    projects = as_it_was(MajorProject, MajorProject.objects.filter(plan=plan).values_list("pk", flat=True), moment)
    parts = _parts_at(plan, moment)
    return PlanThen(
        moment,
        then,
        _planned([*indicators_at(plan, moment), *parts_at(plan, moment)], "indicator", parts),
        _planned(sorted(tasks, key=lambda task: (task.chapter.number, task.number)), "task", parts),
        _planned(sorted(projects, key=lambda project: project.number), "project", parts),
    )


Parts = dict[tuple[str, int], list[str]]


def _planned(things: Sequence[Any], kind: str, parts: Parts) -> list[Planned]:
    return [Planned(thing, parts.get((kind, thing.pk), ())) for thing in things]


def _parts_at(plan: Plan, moment: datetime) -> Parts:
    """By the kind and the key of a thing: 牵头单位 and the others, with the organisations as they were called."""
    day, order = localdate(moment), list(Part)
    keys = Responsibility.objects.filter(plan=plan).values_list("pk", flat=True)
    rows = [
        row
        for row in as_it_was(Responsibility, keys, moment)
        if (row.valid_from or day) <= day <= (row.valid_to or day)
    ]
    organisations = known_then(Organisation, {row.organisation_id for row in rows}, moment)
    named: dict[tuple[str, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(
        rows, key=lambda row: (order.index(Part(row.part)), organisations[row.organisation_id].position)
    ):
        name = organisations[row.organisation_id].display_name
        for kind, key in (("indicator", row.indicator_id), ("task", row.task_id), ("project", row.project_id)):
            if key is not None:
                named[kind, key][row.get_part_display()].append(name)
    return {thing: [f"{part} {'、'.join(names)}" for part, names in parts.items()] for thing, parts in named.items()}
