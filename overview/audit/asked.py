"""What an auditor typed, understood: each part is a thing of the plan, a person, a door, an action, a time or a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit.clock import today
from audit.events import registered
from audit.models import Door
from indicators.models import Indicator
from organisations.models import Organisation, User
from overview.audit.times import spans_in
from overview.queries.found import words_of
from plans.models import Plan, ReportingPeriod

VALUE_CHANGED = "改动数值"
NUMBERED = re.compile(r"指标\s*(\d{1,4})(?!\d)|(\d{1,4})\s*号指标")
_DOORS = {"Excel": Door.WORKBOOK, "excel": Door.WORKBOOK, "后台": Door.ADMIN, "任务": Door.JOB, "填报表": Door.FORM}
SHORTEST = 2  # characters of a name that is looked for inside a word


class Kind(StrEnum):
    """The value is what the page says."""

    INDICATOR = "指标"
    ORGANISATION = "单位"
    PERSON = "人"
    PERIOD = "报告期"
    DOOR = "来源"
    ACTION = "动作"
    TIME = "时间"
    TEXT = "含"


@dataclass(frozen=True)
class Term:
    """One part of what was asked: ``typed`` as it stands in the address, ``words`` as it was understood, ``keys`` of
    rows, or names of events or doors."""

    kind: Kind
    typed: str
    words: str
    keys: tuple[int | str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Name:
    """Something that a word can mean, and the key of it."""

    kind: Kind
    text: str
    key: int | str
    shown: str


def understood(plan: Plan, text: str) -> list[Term]:
    """Understand a query; words in any order, glued together or apart. An exact name counts more than a part of one."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    names = list(_names(plan))
    terms: list[Term] = []
    for word in text.replace("　", " ").split():
        if found := _exact([name for name in names if name.kind is Kind.PERIOD], word):
            terms.append(found)
            text = text.replace(word, " ", 1)
    rest, spans = spans_in(text, today())
    terms += [Term(Kind.TIME, each.typed, each.words, (), each.since, each.until) for each in spans]
    for match in NUMBERED.finditer(rest):
        number = int(match[1] or match[2])
        rows = Indicator.objects.filter(plan=plan, number=number)
        shown = "、".join(row.name for row in rows) or f"没有指标 {number}"
        terms.append(Term(Kind.INDICATOR, match[0].replace(" ", ""), shown, tuple(row.pk for row in rows)))
    words = words_of(NUMBERED.sub(" ", rest))
    return terms + [term for word in words for term in _understood(names, word)]


def without(terms: Sequence[Term], left_out: Term) -> str:
    """The query that asks for all but one of the parts."""
    return " ".join(term.typed for term in terms if term is not left_out)


def _understood(names: Sequence[Name], word: str) -> Iterator[Term]:
    if found := _exact(names, word) or _action(word):
        yield found
        return
    inside = [name for name in names if len(name.text) >= SHORTEST and name.text in word]
    if inside:
        longest = max(inside, key=lambda name: len(name.text))
        before, _, after = word.partition(longest.text)
        parts = [before, longest.text, after]
        for part in parts:
            if part and part != word:
                yield from _understood(names, part)
        return
    yield _partly(names, word) or Term(Kind.TEXT, word, word)


def _exact(names: Iterable[Name], word: str) -> Term | None:
    same = [name for name in names if name.text == word]
    return _term(word, [name for name in same if name.kind is same[0].kind]) if same else None


def _partly(names: Iterable[Name], word: str) -> Term | None:
    alike = [name for name in names if word in name.text]
    return _term(word, [name for name in alike if name.kind is alike[0].kind]) if alike else None


def _term(word: str, names: Sequence[Name]) -> Term:
    by_key = {name.key: name.shown for name in names}
    shown = list(by_key.values())
    words = shown[0] if len(shown) == 1 else f"名称含“{word}”的 {len(shown)} 个"
    return Term(names[0].kind, word, words, tuple(by_key))


def _action(word: str) -> Term | None:
    """A word of what happens: 退回, 发布, 更正. A change of a number is one of its own."""
    if word in (VALUE_CHANGED, "改数", "改动", "数值改动"):
        return Term(Kind.ACTION, word, VALUE_CHANGED, (VALUE_CHANGED,))
    if len(word) < SHORTEST:
        return None
    events = [event for event in registered().values() if word in event.words]
    return Term(Kind.ACTION, word, word, tuple(event.name for event in events)) if events else None


def _names(plan: Plan) -> Iterator[Name]:
    """Every name that a word can be, those that count first first."""
    for row in Indicator.objects.filter(plan=plan).order_by("number"):
        for text in dict.fromkeys((row.name, row.full_name, row.body_name)):
            yield from _named(Kind.INDICATOR, text, row.pk, row.name)
    for unit in Organisation.objects.order_by("position", "pk"):
        for text in dict.fromkeys((unit.name, unit.short_name)):
            yield from _named(Kind.ORGANISATION, text, unit.pk, unit.name)
    for who in User.objects.order_by("pk"):
        yield from _named(Kind.PERSON, who.name, who.pk, who.name)
    for each in ReportingPeriod.objects.filter(plan=plan).order_by("ends_on"):
        yield from _named(Kind.PERIOD, each.name, each.pk, each.name)
    for door in Door:
        yield Name(Kind.DOOR, str(door.label), str(door), str(door.label))
    for word, door in _DOORS.items():
        yield Name(Kind.DOOR, word, str(door), str(door.label))


def _named(kind: Kind, text: str, key: int, shown: str) -> Iterator[Name]:
    text = "".join(text.split())
    if text:
        yield Name(kind, text, key, shown)
