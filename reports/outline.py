"""The outline that a new report starts from: data in ``outline.json``, filled from the plan."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Count

from arithmetic.shown import day_in_words, numeral
from evaluation.models import Evaluation
from indicators.models import Indicator, IndicatorCategory
from projects.models import MajorProject
from reports.models import Section
from tasks.models import TaskChapter

OUTLINE = Path(__file__).with_name("outline.json")


def facts_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return the words that a placeholder may name."""
    plan = evaluation.plan
    return {
        "plan": plan.name,
        "kind": evaluation.get_kind_display(),
        "base_year": plan.base_year,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "cut_off": day_in_words(evaluation.cut_off),
        "outlook_until": day_in_words(evaluation.outlook_until),
        "categories": IndicatorCategory.objects.filter(plan=plan).count(),
        "indicators": Indicator.objects.filter(plan=plan, category__isnull=False).count(),
    }


def _things(kind: str, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield the number, title and count of each category, chapter or project of the plan, in order."""
    plan = evaluation.plan
    if kind == "category":
        for category in IndicatorCategory.objects.filter(plan=plan).annotate(count=Count("indicators")):
            yield {"number": category.number, "title": category.title, "count": category.count}
    elif kind == "chapter":
        for chapter in TaskChapter.objects.filter(plan=plan).annotate(count=Count("tasks")):
            yield {"number": chapter.number, "title": chapter.title, "count": chapter.count}
    else:
        for project in MajorProject.objects.filter(plan=plan):
            yield {"number": project.number, "title": project.name, "count": 1}


def sections_for(evaluation: Evaluation) -> list[Section]:
    """Return the unsaved sections of a new report on an evaluation."""
    facts = facts_of(evaluation)
    sections: list[Section] = []
    for row in json.loads(OUTLINE.read_text(encoding="utf-8")):
        things = [{}] if "each" not in row else list(_things(row["each"], evaluation))
        for order, thing in enumerate(things, start=1):
            words = {**facts, **thing, "numeral": numeral(order)}
            sections.append(
                Section(
                    evaluation=evaluation,
                    position=len(sections) + 1,
                    level=row["level"],
                    title=row["title"].format(**words),
                    body=row["body"].format(**words),
                    tables=[name.format(**words) for name in row.get("tables", [])],
                    is_written_by_people=not row.get("is_table_only", False) and bool(row["body"]),
                    is_placeholder=bool(row["body"]),
                )
            )
    return sections
