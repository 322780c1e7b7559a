"""Putting a bundle together: a sheet to read, the sealed content, the anchor, the verifier, and a signature over all.

The form is written down in docs/history-format.md.
"""

import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from audit import signing
from audit.anchors import Anchor, microseconds, take
from audit.canonical import history_table, row_text
from audit.models import Change, Entry, Epoch, Seal, WrittenRows
from audit.spreadsheets import csv_of
from audit.subjects import registered
from audit.verification.rows import Shaped, shapes

BUNDLE_FORMAT = 1
LIMIT = 10_000  # records
IN_MEMORY = 8_000_000  # bytes of a bundle, before it goes to the disk
HERE = Path(__file__).parent
Disclosed = dict[str, set[int]]  # of each table of history, the rows whose text is given


def disclosed(entries: Sequence[int], versions: Mapping[type[models.Model], Sequence[int]]) -> Disclosed:
    """Return the rows that a trail tells of: its entries with their changes, the versions of what they speak of that
    the same changes wrote, and the versions that are named. What else those changes wrote stays a digest."""
    found: Disclosed = defaultdict(set)
    for model, keys in versions.items():
        _disclose(found, model, keys)
        changes = model._default_manager.filter(pk__in=keys).values_list("change_id", flat=True)
        _disclose(found, Change, changes)
    _disclose(found, Entry, entries)
    by_type: dict[int, set[tuple[int, int]]] = defaultdict(set)
    rows = Entry.objects.filter(pk__in=entries).values_list("subject_type", "subject_id", "change_id")
    for kind, key, change in rows:
        by_type[kind].add((key, change))
        found[Change._meta.db_table].add(change)
    kinds = apps.get_model("contenttypes", "ContentType").objects.in_bulk(by_type)
    for kind, pairs in by_type.items():
        spoken: Any = kinds[kind].model_class()
        subject = registered().get(spoken._meta.label)
        beside = [(apps.get_model(table), column) for table, column in subject.beside] if subject else []
        for table, column in [(spoken, spoken._meta.pk.attname), *beside]:
            _disclose_versions(found, table, column, pairs)
    return dict(found)


def _disclose(found: Disclosed, model: type[models.Model], keys: Iterable[int]) -> None:
    found[model._meta.db_table].update(keys)


def _disclose_versions(found: Disclosed, model: Any, column: str, pairs: set[tuple[int, int]]) -> None:
    attribute = getattr(model._meta, "simple_history_manager_attribute", None)
    if attribute is None:
        return
    versions = getattr(model, attribute).model
    subjects, changes = zip(*pairs, strict=True)
    rows = versions._default_manager.filter(**{f"{column}__in": set(subjects)}, change_id__in=set(changes))
    for key, subject, change in rows.values_list("history_id", column, "change_id"):
        if (subject, change) in pairs:
            found[versions._meta.db_table].add(key)


def make(rows: Disclosed, sheet: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Return the bundle as an open file, with an anchor taken now.

    Raises:
        ValidationError: there is nothing sealed to show, or no key to sign with.
    """
    changes = rows.get(Change._meta.db_table, set())
    wanted = set(Seal.objects.filter(change__in=changes).values_list("sequence", flat=True))
    if len(wanted) < len(changes):  # older than sealing: covered by the opening of the first epoch
        wanted |= set(Seal.objects.filter(sequence=1).values_list("sequence", flat=True))
    if not wanted:
        raise ValidationError("没有可以导出的封存记录。")
    try:
        key, anchor = signing.current(), take("export")
    except signing.NoKey as error:
        raise ValidationError(f"不能签名，因此没有导出。{error}") from error
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the caller reads it)
    sums: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, parts: Iterable[bytes]) -> None:
            digest = sha256()
            with archive.open(name, "w", force_zip64=True) as file:
                for part in parts:
                    digest.update(part)
                    file.write(part)
            sums[name] = digest.hexdigest()

        add("README.txt", [(HERE / "README.txt").read_bytes()])
        add("trail.csv", [csv_of(sheet).encode("utf-8-sig")])
        add("trail.jsonl", _lines(wanted, rows, anchor))
        add("chain.anchor", [anchor.payload])
        add("chain.anchor.sig", [anchor.signature])
        add("key.public.pem", [signing.public_pem(key.public)])
        add("verify.py", [(HERE / "verify_bundle.py").read_bytes()])
        listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
        archive.writestr("SHA256SUMS", listed)
        archive.writestr("SHA256SUMS.sig", key.sign(listed))
    target.seek(0)
    return target


def _lines(wanted: set[int], rows: Disclosed, anchor: Anchor) -> Iterator[bytes]:
    """A head, then each seal from the first that is wanted up to the anchor's; those wanted with what they cover."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        known = shapes(cursor)
        covered = {number: _written(cursor, number, rows, known) for number in sorted(wanted)}
        first = min(wanted)
        seals = Seal.objects.filter(sequence__gte=first, sequence__lte=anchor.count).order_by("sequence")
        told = sum(len(part["rows"]) for parts in covered.values() for part in parts)
        head: dict[str, Any] = {"bundle": BUNDLE_FORMAT, "first": first, "changes": len(wanted), "rows": told}
        epochs = Epoch.objects.values_list("number", "format", "hash_name")
        head["epochs"] = {str(number): [form, hash_name] for number, form, hash_name in epochs}
        yield _line(head | {"previous": bytes(seals[0].previous).hex()})
        for seal in seals.iterator():
            values: dict[str, Any] = {"sequence": seal.sequence, "epoch": seal.epoch_id, "at": microseconds(seal.at)}
            values["content"] = bytes(seal.content).hex()
            if seal.sequence in covered:
                values |= {"change": seal.change_id, "written": covered.pop(seal.sequence)}
            yield _line(values)


def _line(values: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(values, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}\n".encode()


def _written(cursor: Any, sequence: int, rows: Disclosed, known: Mapping[int, Shaped]) -> list[dict[str, Any]]:
    """What a seal covers, statement by statement: keys, digests, and the texts that are disclosed."""
    seal = Seal.objects.get(sequence=sequence)
    of = {"epoch": seal.epoch_id} if seal.change_id is None else {"change": seal.change_id}
    found = []
    for each in WrittenRows.objects.filter(**of).order_by("pk"):
        shape, digests = known[each.shape_id], bytes(each.digests)
        size = len(digests) // len(each.row_ids)
        asked = rows.get(shape.table, set()).intersection(each.row_ids)
        found.append(
            {
                "table": shape.table,
                "columns": [name for name, _ in shape.columns],
                "ids": list(each.row_ids),
                "digests": [digests[at : at + size].hex() for at in range(0, len(digests), size)],
                "rows": _texts(cursor, shape, sorted(asked)) if asked else {},
            }
        )
    return found


def _texts(cursor: Any, shape: Shaped, keys: Sequence[int]) -> dict[str, str]:
    key = _keys()[shape.table]
    text = row_text(shape.columns, "r")
    cursor.execute(f'SELECT r."{key}", {text} FROM "{shape.table}" r WHERE r."{key}" = ANY(%s)', [list(keys)])  # noqa: S608
    return {str(number): told for number, told in cursor.fetchall()}


def _keys() -> dict[str, str]:
    tables = (history_table(model) for model in apps.get_models())
    return {table.name: table.key for table in tables}
