"""What is open on a person's desk: later rooms tell it here, and how it changes hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from organisations.models import Organisation, User


@dataclass(frozen=True)
class OpenWork:
    """A kind of open work.

    ``find(person)`` returns the rows that are open for a person; ``label(row)`` names one without telling its content;
    ``hand_over(rows, from_user, to_user)`` changes hands inside the open change, and returns the rows that it really
    gave: one may have been done with, or given to somebody else, meanwhile.
    """

    name: str
    title: str
    find: Callable[[User], Sequence[Any]]
    label: Callable[[Any], str]
    hand_over: Callable[[Sequence[Any], User, User], Sequence[Any]]


_kinds: dict[str, OpenWork] = {}


def register_open_work(kind: OpenWork) -> None:
    """Add a room's kind of open work (called from its ``AppConfig.ready``)."""
    _kinds[kind.name] = kind


def kinds() -> list[OpenWork]:
    return list(_kinds.values())


def open_work_of(person: User) -> list[dict[str, str]]:
    """Return what is open for the person: kind, its title and the label of each row."""
    return [item for kind in kinds() for item in listed(kind, kind.find(person))]


def listed(kind: OpenWork, rows: Sequence[Any]) -> list[dict[str, str]]:
    return [{"kind": kind.name, "title": kind.title, "label": kind.label(row)} for row in rows]


def _contact_of(person: User) -> list[Organisation]:
    return list(Organisation.objects.filter(pk=person.organisation_id, contact=person.name))


def _change_contact(rows: Sequence[Organisation], from_user: User, to_user: User) -> Sequence[Organisation]:
    for row in rows:
        row.contact, row.contact_phone = to_user.name, to_user.phone
        row.save(update_fields=["contact", "contact_phone"])
    return rows


CONTACT = OpenWork("contact", "联络员", _contact_of, lambda row: f"{row.name}的联络员", _change_contact)
