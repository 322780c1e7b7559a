"""What a report lacks of the outline, after its plan has got more categories, tasks, projects or totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evaluation.models import Evaluation
from reports.models import Section
from reports.outline import sections_for

RENEWED = ("title", "tables", "body", "is_written_by_people", "is_placeholder")
Key = tuple[str, ...]


@dataclass
class Completion:
    """The sections in the order that they shall have: those that stand, in memory as they shall be, and new ones.

    ``missing`` are the new ones; ``renewed`` stand already, but their heading, their tables or, where nobody has written
    yet, their placeholder follow the plan.
    """

    order: list[Section]
    missing: list[Section] = field(default_factory=list)
    renewed: list[Section] = field(default_factory=list)

    @property
    def is_needed(self) -> bool:
        return bool(self.missing or self.renewed)


def completion_of(evaluation: Evaluation, standing: Sequence[Section]) -> Completion:
    """Compare a report's sections, in their order, with the outline of its plan as it is now.

    What people wrote stays as it is and where it is, also a section whose thing has left the plan.
    """
    known = dict(keyed(standing))
    done = Completion(list(standing))
    place = 0
    for key, wanted in keyed(sections_for(evaluation)):
        section = known.get(key)
        if section is None:
            done.missing.append(wanted)
            done.order.insert(place, wanted)
            place += 1
            continue
        if _renew(section, wanted):
            done.renewed.append(section)
        place = done.order.index(section) + 1
    return done


def keyed(sections: Iterable[Section]) -> list[tuple[Key, Section]]:
    """Each section with what it is about, whatever its numeral: its table, else its part and its heading."""
    part = ""
    found: list[tuple[Key, Section]] = []
    for section in sections:
        if section.level == 1:
            part = section.title.partition("　")[0]
        table = next((name for name in section.tables if name == "appendix" or name.startswith("category:")), "")
        heading = "" if section.level == 1 else section.title.partition("、")[2]
        found.append(((table,) if table else (part, heading), section))
    return found


def _renew(section: Section, wanted: Section) -> bool:
    """Let a standing section follow the outline; a text that somebody saved is left alone. Whether anything differs."""
    names = RENEWED if section.revision == 0 and section.saved_by_id is None else RENEWED[:2]
    differing = [name for name in names if getattr(section, name) != getattr(wanted, name)]
    for name in differing:
        setattr(section, name, getattr(wanted, name))
    return bool(differing)
