"""Where the report uses a number: in its tables, and in what people wrote; and whether it is the published one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from arithmetic.shown import as_of_in_words
from evaluation.models import Evaluation
from evaluation.queries import Basis, Point
from evaluation.queries.series import as_of_of
from indicators.models import Indicator
from reports.models import Section
from reports.queries import tables_from, value_in_document
from reports.tables import Table
from submissions.models import PublishedValue

TELLING = 3  # digits: a shorter number in a text may be any other


@dataclass(frozen=True)
class Place:
    """A place in the report, what stands there now, and how that agrees with what is published, as a state."""

    words: str
    value: str
    state: str
    kind: str
    anchor: str = ""


def places_of(
    indicator: Indicator,
    evaluation: Evaluation,
    values: Iterable[PublishedValue],
    looked_at: Point | None,
    basis: Basis,
) -> list[Place]:
    """Return the places that use an indicator's number, in the report's order, the tables first.

    ``values`` are those of the organisation whose value stands, in the order of their publication; ``looked_at`` is the
    one that the page shows, ``basis`` what the case assesses the plan's indicators by. A value that was revised or withdrawn since agrees with nothing.
    """
    effective = {each.figure_id: each for each in values if each.withdrawn_at is None}.values()
    published = {value_in_document(each, indicator): as_of_in_words(as_of_of(each)) for each in effective}
    now = value_in_document(looked_at.published, indicator) if looked_at is not None else ""
    sections = list(Section.objects.filter(evaluation=evaluation).order_by("position"))
    anchors = {name: f"section-{section.position}" for section in sections for name in section.tables}
    parts = parts_of(sections)
    found = []
    for table in (tables_from(evaluation, basis, {}) if indicator.category_id else {}).values():
        for words, value in _cells(table, indicator.number):
            words = f"{parts.get(table.name, '')}　{words}".strip("　")
            found.append(Place(words, value, *_agreement(value, now, published), anchors.get(table.name, "")))
    return found + list(_in_texts(sections, indicator, published))


def parts_of(sections: Sequence[Section]) -> dict[str, str]:
    """The part of the report that each table stands in: 第二部分."""
    part = ""
    found: dict[str, str] = {}
    for section in sections:
        if section.level == 1:
            part = section.title.partition("　")[0]
        found |= {name: part for name in section.tables if part != section.title and name != "appendix"}
    return found


def _cells(table: Table, number: int) -> Iterator[tuple[str, str]]:
    """The place and the text of each cell of a table that holds the indicator's number."""
    for row in table.rows:
        for cell in row.cells:
            if cell.indicator == number and any(sign.isdecimal() for sign in cell.text):
                head = row.cells[0].text
                name = "附表" if table.name == "appendix" else table.title.partition("　")[0]
                yield f"{name}　{f'第 {head} 行' if head.isdecimal() else head}", cell.text


def _agreement(value: str, now: str, published: dict[str, str]) -> tuple[str, str]:
    if value == now:
        return "一致", "ok"
    return (f"一致，{published[value]}", "ok") if value in published else ("不一致", "error")


def _in_texts(sections: Sequence[Section], indicator: Indicator, published: dict[str, str]) -> Iterator[Place]:
    """Paragraphs that people wrote about the indicator: with a published number, else with none to compare."""
    for section in sections:
        if not section.is_written_by_people or section.is_placeholder:
            continue
        for line in section.body.splitlines():
            if indicator.name not in line:
                continue
            said = next((each for each in published if _says(line, each)), "")
            state = ("一致", "ok") if said else ("未引用已发布值，请核对", "warn")
            yield Place(f"{section.title}　正文", said, *state, f"section-{section.position}")


def _says(line: str, value: str) -> bool:
    enough = sum(sign.isdecimal() for sign in value) >= TELLING
    return enough and re.search(rf"(?<![\d.]){re.escape(value)}(?![\d.]*\d)", line) is not None
