"""Reading the security trail: by database functions that ask whether the reader is a security auditor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, overload
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date

from audit.addresses import address_of_request
from audit.events import kind_of, registered, words_for
from audit.models import SecurityRecord
from audit.security import id_of_request
from organisations.models import User


@dataclass(frozen=True)
class Asked:
    """What a reader asks for, as it stands in the address of the page; days are inclusive."""

    who: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    address: str = ""

    def __bool__(self) -> bool:
        return self != Asked()

    @property
    def events(self) -> list[str] | None:
        """The events of the action: one of them, or a whole group; None for all."""
        if not self.action:
            return None
        return [e.name for e in registered().values() if e.security and self.action in (e.name, e.security)]

    @property
    def terms(self) -> list[Any]:
        start = timezone.make_aware(datetime.combine(self.since, time.min)) if self.since else None
        end = timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min)) if self.until else None
        return [self.who.split(), self.events, start, end, self.address]

    @property
    def query(self) -> str:
        """The part of an address that asks the same."""
        told = {
            "who": self.who,
            "action": self.action,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "address": self.address,
        }
        return urlencode({name: value for name, value in told.items() if value})


def asked_in(sent: Mapping[str, str]) -> Asked:
    """Read what an address or a form asks for; a day that is none is passed over."""
    text = {name: sent.get(name, "").replace("\x00", "").strip()[:60] for name in ("who", "action", "address")}
    return Asked(since=_day(sent.get("since", "")), until=_day(sent.get("until", "")), **text)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 1900 < found.year < 9999 else None


class SecurityTrail:
    """The records that fit, newest first: counted and sliced as a ``Paginator`` does.

    Each read asks the database whether the reader is a security auditor now (``ProgrammingError`` otherwise), and
    leaves a record of its own, once in a quarter of an hour from each address.
    """

    def __init__(self, reader: User, asked: Asked = Asked()) -> None:
        self.reader, self.asked = reader, asked

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT audit_read_security_count(%s, %s::text[], %s::text[], %s, %s, %s)",
                [self.reader.pk, *self.asked.terms],
            )
            return int(cursor.fetchone()[0])

    __len__ = count

    @overload
    def __getitem__(self, part: slice) -> list[SecurityRecord]: ...
    @overload
    def __getitem__(self, part: int) -> SecurityRecord: ...
    def __getitem__(self, part: slice | int) -> list[SecurityRecord] | SecurityRecord:
        if isinstance(part, int):
            return self[part : part + 1][0]
        start = part.start or 0
        where = [address_of_request.get() or "", id_of_request.get()]
        rows = SecurityRecord.objects.raw(
            "SELECT * FROM audit_read_security(%s, %s::text[], %s::text[], %s, %s, %s, %s, %s, %s, %s)",
            [self.reader.pk, *self.asked.terms, start, max(0, part.stop - start), *where],
        )
        return list(rows)


@dataclass(frozen=True)
class TrailLine:
    """A record in words: when, what, who, from which address, about what."""

    at: datetime
    what: str
    kind: str
    who: str
    address: str
    about: str


def line_of(record: SecurityRecord) -> TrailLine:
    who = record.name or record.username or "未填账号"
    beside = "，".join(part for part in (record.organisation, record.username if record.name else "") if part)
    return TrailLine(
        record.at,
        words_for(record.event),
        kind_of(record.event),
        f"{who}（{beside}）" if beside else who,
        record.address or "",
        "　".join(part for part in (record.about, _told(record.detail)) if part),
    )


def _told(detail: Mapping[str, Any]) -> str:
    """What a record's detail says to a person."""
    told = [str(detail[name]) for name in ("label", "words") if detail.get(name)]
    told += [words.format(detail[name]) for name, words in _DETAILS.items() if detail.get(name) is not None]
    return "，".join(told)


_DETAILS = {
    "left": "还可以再试 {} 次",
    "minutes": "锁定 {} 分钟",
    "rows": "{} 条",
    "bytes": "{} 字节",
    "addresses": "{} 个地址",
    "to": "移交给 {}",
}


def actions_in_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The events of the trail under their groups, as a choice shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for event in registered().values():
        if event.security:
            groups.setdefault(event.security, []).append((event.name, event.words))
    return list(groups.items())
