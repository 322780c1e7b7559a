"""Rows as they were at a moment. The cost grows with the rows that are asked for, not with the length of the history."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware, localtime, make_aware

Row = TypeVar("Row", bound=models.Model)

# Of what is dated up to the moment the last written counts. As long as no seal says that the clock went back, that is
# the last by date, which an index finds; afterwards the row's own versions are gone through ("+ 0": by the row's index).
AS_OF = """
SELECT v.* FROM unnest(%s::bigint[]) AS asked (key)
CROSS JOIN (SELECT %s::timestamptz AS at, EXISTS (SELECT 1 FROM audit_seal WHERE clock_went_back) AS went_back) AS clock
CROSS JOIN LATERAL (
    (SELECT * FROM "{versions}" w WHERE w."{key}" = asked.key AND w.history_date <= clock.at AND NOT clock.went_back
     ORDER BY w.history_date DESC, w.history_id DESC LIMIT 1)
    UNION ALL
    (SELECT * FROM "{versions}" w WHERE w."{key}" = asked.key AND w.history_date <= clock.at AND clock.went_back
     ORDER BY w.history_id + 0 DESC LIMIT 1)
) v
WHERE v.history_type <> '-'
"""


def rows_at(model: type[models.Model], keys: Iterable[int], moment: datetime) -> list[Any]:
    """Return the versions of a tracked model's rows that were in force at a moment; none of a row that was not there.

    Where one moment holds several versions of a row, or the clock went back between them, the last written counts
    (the library's ``as_of`` returns all, or the older one).
    """
    asked = list(keys)
    if not asked:
        return []
    history: Any = getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]
    versions: type[models.Model] = history.model
    key = model._meta.pk.column
    return list(
        versions._default_manager.raw(AS_OF.format(versions=versions._meta.db_table, key=key), [asked, moment])
    )


def as_it_was(model: type[Row], keys: Iterable[int], moment: datetime) -> list[Row]:
    """The same as rows of the model itself, never to be saved; what they point at is as it is today, unless replaced.

    Columns that never enter history (contacts) are blank.
    """
    return [
        model(**{field.attname: getattr(version, field.attname) for field in version.tracked_fields})
        for version in rows_at(model, keys, moment)
    ]


def known_then(model: type[Row], keys: Iterable[int], moment: datetime) -> dict[Any, Row]:
    """Rows by their keys as they were; one that history doesn't reach back for is today's."""
    asked = set(keys)
    found = {row.pk: row for row in as_it_was(model, asked, moment)}
    missing = asked - found.keys()
    return found | (model._default_manager.in_bulk(missing) if missing else {})


def moment_in(text: str) -> datetime | None:
    """Read the moment of an address: 2023-07-18T09:32, 2023-07-18 09:32, or a day, of which the end is meant.

    None where it is absent or no moment.
    """
    try:
        day = parse_date(text.strip())
        moment = datetime.combine(day, time.max) if day else parse_datetime(text.strip())
        moment = moment if moment is None or is_aware(moment) else make_aware(moment)
        return moment and localtime(moment.astimezone(UTC))  # at the ends of the calendar a zone may have no day
    except (ValueError, OverflowError):
        return None
