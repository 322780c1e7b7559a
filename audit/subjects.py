"""The register of subjects: what the rows are about that entries speak of, and where they are read, room by room."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.urls import reverse

from audit.models import Entry

Path = str | Callable[[Sequence[int]], Q]


@dataclass(frozen=True)
class Subject:
    """How rows of one table are found and opened from a trail.

    ``about`` leads from a row to the things that a search names (``plan``, ``indicator``, ``organisation``, ``period``):
    a path of the ORM to their keys, or a function from keys to a condition. ``view`` is the page of a row, with
    ``parts`` of its address and what follows ``?`` as paths of the ORM. ``beside`` names tables whose rows belong to a
    row of this one, with the column that says so: their versions are part of its trail.
    """

    model: str
    about: Mapping[str, Path]
    view: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[tuple[str, str]] = ()


_subjects: dict[str, Subject] = {}


def register(*subjects: Subject) -> None:
    """Add a room's subjects (called from its ``AppConfig.ready``); a table can be registered once only."""
    for subject in subjects:
        if _subjects.get(subject.model, subject) != subject:
            raise ValueError(f"subject {subject.model} is registered twice")
        _subjects[subject.model] = subject


def registered() -> dict[str, Subject]:
    return dict(_subjects)


def model_of(subject: Subject) -> type[Model]:
    return apps.get_model(subject.model)


def types_registered() -> list[ContentType]:
    """The content types of every registered table."""
    return list(ContentType.objects.get_for_models(*map(model_of, _subjects.values())).values())


def speaks_of(thing: str, keys: Sequence[int]) -> Q:
    """Return the condition on entries that they are about one of these rows of a thing: an indicator, a period …"""
    condition = Q(pk__in=[])
    for subject in _subjects.values():
        path = subject.about.get(thing)
        if path is None:
            continue
        model = model_of(subject)
        chosen = path(keys) if callable(path) else Q(**{f"{path}__in": keys})
        rows = model._default_manager.filter(chosen).values("pk")
        condition |= Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=rows)
    return condition


def addresses_of(entries: Iterable[Entry]) -> dict[tuple[int, int], str]:
    """Return, by type and key of the subject, the address of its page, where it has one; one query for each table."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.subject_type_id].add(entry.subject_id)
    found: dict[tuple[int, int], str] = {}
    for subject in _subjects.values():
        model = model_of(subject)
        kind = ContentType.objects.get_for_model(model).pk
        if not subject.view or kind not in wanted:
            continue
        paths = [*subject.parts.values(), *subject.query.values()]
        for key, *values in model._default_manager.filter(pk__in=wanted[kind]).values_list("pk", *paths):
            if address := _address(subject, values):
                found[kind, key] = address
    return found


def _address(subject: Subject, values: Sequence[Any]) -> str:
    parts = dict(zip(subject.parts, values, strict=False))
    if None in parts.values():
        return ""
    address = reverse(subject.view, kwargs=parts)
    query = dict(zip(subject.query, values[len(parts) :], strict=True))
    return f"{address}?{urlencode(query)}" if query else address
