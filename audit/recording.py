"""Who writes, and why: told to the database before the first write of a transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.constraints import BaseConstraint

from audit.durable import NOT_YET, wait_for_disk
from audit.events import is_security, words_for
from audit.models import Change, Door, Entry
from audit.rules import MARK
from audit.security import id_of_request, note
from audit.storable import is_storable

REASON_LIMIT = 10_000
BEHALF_LIMIT = 200

door_of_request: ContextVar[Door] = ContextVar("door_of_request", default=Door.COMMAND)
open_change: ContextVar[int | None] = ContextVar("open_change", default=None)


class Refused(ValidationError):
    """The database refused what a verb let through; its words are for the person (``audit.guards``)."""


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn what the database refused into its words: those of a guard, or those that a constraint of a model has.

    Raises:
        Refused: a statement ran into one. Other errors stay what they are.
    """
    try:
        yield
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        words = told.message_primary if told and told.constraint_name == MARK else _words_of(told)
        if not words:
            raise
        raise Refused(words, code="refused") from error


def _words_of(told: Any) -> str:
    """What a constraint says of itself, if it says more than its name."""
    tables = [model for model in apps.get_models() if told and model._meta.db_table == told.table_name]
    named = [each for model in tables for each in model._meta.constraints if each.name == told.constraint_name]
    said = [str(each.violation_error_message) for each in named]
    return next((words for words in said if words != BaseConstraint.default_violation_error_message), "")


class Actor(Protocol):
    """A person, as history keeps them: key, name and organisation as they were."""

    pk: Any

    @property
    def recorded_name(self) -> str: ...

    @property
    def recorded_organisation(self) -> str: ...


@contextmanager
def recorded(*, by: Actor | None, reason: str, door: Door | None = None, on_behalf_of: str = "") -> Iterator[int]:
    """Open a transaction whose writes are recorded: by whom (None: the system itself), why, through which door.

    Yields the key of the change. When it is left, and before anything else that waits for the commit, all is on the disk
    (``audit.durable``). Inside another ``recorded`` it joins that change (one change a transaction) under
    a savepoint of its own.

    Raises:
        ValidationError: the reason is blank, it or ``on_behalf_of`` is too long, or holds a character that cannot be stored.
        Refused: the database refused a write.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError("请填写理由。")
    _can_be_kept("理由", reason, REASON_LIMIT)
    _can_be_kept("代何人操作", on_behalf_of, BEHALF_LIMIT)
    joined = open_change.get()
    if joined is not None:
        with refusals_in_words(), transaction.atomic():
            yield joined
        return
    is_outermost = not connection.in_atomic_block
    with refusals_in_words(), transaction.atomic():
        change = _open(by, reason, door or door_of_request.get(), on_behalf_of)
        transaction.on_commit(wait_for_disk)
        token = open_change.set(change)
        try:
            yield change
        finally:
            open_change.reset(token)
        if not is_outermost:  # else the setting ends with the transaction
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('audit.change', '', true)")


def _can_be_kept(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValidationError(f"{name}过长：最多 {limit} 字，现有 {len(text)} 字。")
    if not is_storable(text):
        raise ValidationError(f"{name}中有无法保存的字符，请删去后重试。")


def _detail_can_be_kept(event: str, detail: Mapping[str, Any]) -> None:
    if not is_storable(detail):
        raise ValidationError(f"“{words_for(event)}”的内容中有无法保存的字符，请删去后重试。")


def _open(by: Actor | None, reason: str, door: Door, on_behalf_of: str) -> int:
    name = by.recorded_name if by is not None else "系统"
    organisation = by.recorded_organisation if by is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT audit_open_change(%s, %s, %s, %s, %s, %s, %s), {NOT_YET}",
            [by.pk if by is not None else None, name, organisation, on_behalf_of, reason, door, id_of_request.get()],
        )
        return int(cursor.fetchone()[0])


def record(event: str, subject: models.Model, **detail: Any) -> Entry:
    """Leave the entry of one event (``thing.verb``) in the open change; of some events in the security trail as well.

    Raises:
        RuntimeError: no change is open.
        ValidationError: the detail holds a character that cannot be stored.
    """
    change = open_change.get()
    _detail_can_be_kept(event, detail)
    if change is None:
        raise RuntimeError("an entry needs an open change: use recorded(by=…, reason=…)")
    if is_security(event):
        by: Any = Change.objects.select_related("actor").get(pk=change).actor
        note(event, by=by, about=str(subject)[:300], detail=detail)
    return Entry.objects.create(
        change_id=change,
        event=event,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        detail=detail,
    )


def record_each(event: str, told: Iterable[tuple[models.Model, dict[str, Any]]]) -> list[Entry]:
    """Leave an entry of one event for each of several rows, with its details, by one statement; no security event.

    Raises:
        RuntimeError: no change is open.
    """
    change, told = open_change.get(), list(told)
    if change is None or is_security(event):
        raise RuntimeError("entries need an open change, and security events are recorded one by one")
    for _, detail in told:
        _detail_can_be_kept(event, detail)
    return Entry.objects.bulk_create(
        Entry(
            change_id=change,
            event=event,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
            subject_label=str(subject)[:300],
            detail=detail,
        )
        for subject, detail in told
    )


def entries_of(subject: models.Model) -> models.QuerySet[Entry]:
    """Return a row's entries with their changes, newest first."""
    kind = ContentType.objects.get_for_model(subject)
    return Entry.objects.filter(subject_type=kind, subject_id=subject.pk).select_related("change")


__all__ = [
    "Actor",
    "Change",
    "Door",
    "Entry",
    "Refused",
    "door_of_request",
    "entries_of",
    "id_of_request",
    "record",
    "record_each",
    "recorded",
]
