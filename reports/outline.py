"""The outline that a new report starts from: data in ``outline.json``, filled from the plan."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Count

from arithmetic.shown import day_in_words, numeral
from evaluation.models import Evaluation
from indicators.models import Indicator, IndicatorCategory, QuantityKind
from projects.models import MajorProject
from reports.models import Section
from reports.queries import middle
from tasks.models import TaskChapter

OUTLINE = Path(__file__).with_name("outline.json")
ASKS = "请在此"  # stands in every placeholder
ANNUAL_FLOWS = (QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL)


def facts_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return the words that a placeholder may name."""
    plan = evaluation.plan
    return {
        "plan": plan.name,
        "kind": evaluation.get_kind_display(),
        "middle": middle(evaluation),
        "base_year": plan.base_year,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "cut_off": day_in_words(evaluation.cut_off),
        "outlook_until": day_in_words(evaluation.outlook_until),
        "categories": IndicatorCategory.objects.filter(plan=plan).count(),
        "indicators": Indicator.objects.filter(plan=plan, category__isnull=False).count(),
    }


def present_in(evaluation: Evaluation) -> set[str]:
    """Return which things a section may need that the plan has: chapters, projects, totals."""
    plan = evaluation.plan
    flows = Indicator.objects.filter(plan=plan, category__isnull=False, is_counted=True, kind__in=ANNUAL_FLOWS)
    found = {
        "chapters": TaskChapter.objects.filter(plan=plan).exists(),
        "projects": MajorProject.objects.filter(plan=plan).exists(),
        "totals": flows.exists(),
    }
    return {name for name, is_there in found.items() if is_there}


def _things(kind: str, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield the number, title and count of each category, chapter or project of the plan, in order."""
    plan = evaluation.plan
    if kind == "category":
        for category in (
            IndicatorCategory.objects.filter(plan=plan).annotate(count=Count("indicators")).order_by("number")
        ):
            yield {"number": category.number, "title": category.title, "count": category.count}
    elif kind == "chapter":
        for chapter in TaskChapter.objects.filter(plan=plan).annotate(count=Count("tasks")).order_by("number"):
            yield {"number": chapter.number, "title": chapter.title, "count": chapter.count}
    else:
        for project in MajorProject.objects.filter(plan=plan).order_by("number"):
            yield {"number": project.number, "title": project.name, "count": 1}


def sections_for(evaluation: Evaluation) -> list[Section]:
    """Return the unsaved sections of a new report on an evaluation.

    A part that needs what the plan doesn't have says so instead of asking for text.
    """
    facts, present = facts_of(evaluation), present_in(evaluation)
    sections: list[Section] = []
    for row in json.loads(OUTLINE.read_text(encoding="utf-8")):
        things = [{}] if "each" not in row else list(_things(row["each"], evaluation))
        for order, thing in enumerate(things, start=1):
            words = {**facts, **thing, "numeral": numeral(order)}
            is_there = row.get("needs") is None or row["needs"] in present
            body = (row["body"] if is_there else row["otherwise"]).format(**words)
            sections.append(
                Section(
                    evaluation=evaluation,
                    position=len(sections) + 1,
                    level=row["level"],
                    title=row["title"].format(**words),
                    body=body,
                    tables=[name.format(**words) for name in row.get("tables", [])] if is_there else [],
                    is_written_by_people=bool(body),
                    is_placeholder=ASKS in body,
                )
            )
    return sections
