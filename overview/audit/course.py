"""How a figure came to its value, a line for each value that was handed in: old and new, by whom, when, why, by which
review, with what evidence, and which reports printed it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.models import Change
from overview.audit.grounds import Decided, Grounds
from overview.queries.facts import Facts
from overview.showing import reading_on_screen
from submissions.models import Answer, Evidence, Figure, PublishedValue

NUMBER = ("answer", "value", "value_printed")


@dataclass(frozen=True)
class Printed:
    """A report that was taken out with the value in it."""

    at: datetime
    report: str
    by: str


@dataclass(frozen=True)
class Turn:
    """A value that was handed in; ``before`` is what was handed in the time before, empty at the first."""

    period: str
    before: str
    after: str
    at: datetime
    who: str
    why: str
    change: int
    decided: Decided | None
    evidence: tuple[Evidence, ...]
    published: PublishedValue | None
    printed: tuple[Printed, ...]


def course_of(facts: Facts) -> list[Turn]:
    """Return the values of figures as they were handed in, newest first; several saves before one review are one.

    For whoever may see drafts.
    """
    published = {(row.figure_id, row.review_id): row for row in facts.values}
    printed = reports_with(facts)
    turns = []
    for key, versions in _versions(facts).items():
        figure, handed_in = facts.figures[key], ""
        evidence = [each for each in reversed(facts.evidence) if each.figure_id == key]
        for decided, last in _by_review(figure, versions, facts.grounds):
            after = reading_on_screen(last)
            if after == handed_in or (not handed_in and last.answer == Answer.BLANK):
                continue
            value = published.get((key, decided.review.pk)) if decided else None
            on_file = [each for each in evidence if decided is None or each.added_at <= decided.review.at]
            turns.append(
                Turn(
                    figure.period.name,
                    handed_in,
                    after,
                    last.change.at,
                    who_of(last.change),
                    facts.grounds.why(figure, last.change_id),
                    last.change_id,
                    decided,
                    tuple(on_file),
                    value,
                    tuple(printed[value.pk]) if value else (),
                )
            )
            handed_in = after
    return sorted(turns, key=lambda turn: turn.change, reverse=True)


def who_of(change: Change) -> str:
    behalf = f"（代{change.on_behalf_of}）" if change.on_behalf_of else ""
    return "·".join(part for part in (change.actor_name, change.actor_organisation) if part) + behalf


def reports_with(facts: Facts) -> dict[int, list[Printed]]:
    """The reports that were taken out with each published value in them, newest first."""
    found: dict[int, list[Printed]] = defaultdict(list)
    for entry in facts.exports:
        told = Printed(entry.change.at, entry.subject_label, who_of(entry.change))
        for key in entry.detail["values"]:
            found[key].append(told)
    return found


def _versions(facts: Facts) -> dict[int, list[Any]]:
    """The versions of each figure in which its number changed, in order."""
    found: dict[int, list[Any]] = defaultdict(list)
    before: dict[int, tuple[Any, ...]] = {}
    for row in facts.versions:
        number = tuple(getattr(row, name) for name in NUMBER)
        if number != before.get(row.id, ("", None, "")):
            found[row.id].append(row)
        before[row.id] = number
    return found


def _by_review(figure: Figure, versions: Sequence[Any], grounds: Grounds) -> list[tuple[Decided | None, Any]]:
    """The last version before each review, with that review; at the end what waits for one."""
    found: list[tuple[Decided | None, Any]] = []
    for version in versions:
        decided = grounds.review_after(figure, version.change_id)
        if found and found[-1][0] == decided:
            found[-1] = (decided, version)
        else:
            found.append((decided, version))
    return found
