"""Searching what a plan is made of: indicators, tasks, projects, organisations."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Greatest
from django.urls import reverse

from indicators.models import Indicator
from organisations.models import Organisation
from plans.models import Plan
from projects.models import MajorProject
from responsibilities.models import Responsibility
from tasks.models import KeyTask

LIMIT = 20
ALIKE = Decimal("0.3")  # pg_trgm's similarity, from 0 to 1
WORDS = 6
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Hit:
    """A thing that was found: what it is called, where it leads (empty: nowhere), what stands beside it."""

    title: str
    beside: str
    url: str = ""
    provenance: str = ""


@dataclass(frozen=True)
class Kind:
    """The hits of one kind of thing."""

    title: str
    hits: Sequence[Hit]


def words_of(text: str) -> list[str]:
    """The words of a query, in order, each once; what can't be searched for is left out."""
    words = _CONTROL.sub(" ", text).replace("　", " ").replace("，", " ").replace("、", " ").split()
    return list(dict.fromkeys(words))[:WORDS]


def search(plan: Plan, words: Sequence[str]) -> tuple[list[Kind], list[str]]:
    """Return what was found by kind, and the words that are found in nothing.

    A thing is found by containing any of the words, or by being alike; the one with most of them comes first.
    """
    indicators = _matching(Indicator.objects.filter(plan=plan), words, "name", "body_name", "unit")
    tasks = _matching(KeyTask.objects.filter(chapter__plan=plan), words, "title", "content")
    projects = _matching(MajorProject.objects.filter(plan=plan), words, "name", "content")
    organisations = _matching(Organisation.objects.all(), words, "name", "short_name")
    found: list[tuple[str, list[Any]]] = [
        ("规划指标", list(indicators.select_related("category", "task", "project")[:LIMIT])),
        ("重点任务", list(tasks.select_related("chapter")[:LIMIT])),
        ("重大项目", list(projects[:LIMIT])),
        ("单位", list(organisations[:LIMIT])),
    ]
    texts = " ".join(row.searched.casefold() for _, rows in found for row in rows)
    missing = [word for word in words if word.casefold() not in texts]
    led = _led(plan, [row.pk for row in found[3][1]])
    makers: list[Callable[[Any], Hit]] = [
        lambda row: _indicator(row, plan),
        _task,
        _project,
        lambda row: _organisation(row, led),
    ]
    pairs = zip(found, makers, strict=True)
    kinds = [Kind(title, [make(row) for row in rows]) for (title, rows), make in pairs if rows]
    return kinds, missing


def _matching(rows: QuerySet[Any], words: Sequence[str], name: str, *others: str) -> QuerySet[Any]:
    parts: list[Any] = [name]
    for other in others:
        parts += [Value(" "), other]
    alike = [TrigramSimilarity(name, word) for word in words]
    likeness = Greatest(*alike) if len(alike) > 1 else alike[0]
    condition = Q(likeness__gte=ALIKE)
    for word in words:
        condition |= Q(searched__icontains=word)
    annotated: QuerySet[Any] = rows.annotate(
        searched=Concat(*parts, output_field=TextField()), likeness=likeness
    ).filter(condition)
    return annotated.order_by("-likeness", "pk")


def _led(plan: Plan, organisations: Sequence[int]) -> dict[int, int]:
    """How many indicators, tasks and projects each organisation has a part in."""
    rows = Responsibility.objects.filter(plan=plan, organisation__in=organisations).values_list("organisation", "pk")
    found: dict[int, int] = {}
    for organisation, _ in rows:
        found[organisation] = found.get(organisation, 0) + 1
    return found


def _indicator(row: Indicator, plan: Plan) -> Hit:
    of = row.category or row.task or row.project
    url = reverse("overview:trace", args=[plan.code, row.number])
    return Hit(row.full_name, f"指标 {row.number}　{of}", url, row.provenance)


def _task(row: KeyTask) -> Hit:
    return Hit(row.title, f"{row.chapter}　{row.content[:60]}", provenance=row.provenance)


def _project(row: MajorProject) -> Hit:
    return Hit(row.name, f"{row.group}　{row.content[:60]}".strip(), provenance=row.provenance)


def _organisation(row: Organisation, led: dict[int, int]) -> Hit:
    number = led.get(row.pk, 0)
    beside = row.get_kind_display() + (f"　在规划中有 {number} 项职责" if number else "")
    contact = row.contact_masked
    url = reverse("organisation_contact", args=[row.pk]) if row.contact_phone else ""
    return Hit(row.name, f"{beside}　联络员 {contact}" if contact else beside, url, row.provenance)
