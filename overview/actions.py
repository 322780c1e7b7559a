"""What somebody takes out of the pages; nothing is written here but the record of it."""

from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from audit import bundle
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import is_auditor, reads_business, require
from overview.audit.answers import ENTRY, VERSION, found
from overview.audit.asked import understood
from overview.audit.sheet import sheet_of
from overview.sheet import Sheet, workbook_of
from plans.models import Plan
from submissions.models import Figure


def export_overview(sheet: Sheet, *, by: User, asked: str) -> bytes:
    """Return the overview as a workbook, and record who took it out, with which filters.

    Raises:
        PermissionDenied: ``by`` does not read the plan's business.
    """
    require(reads_business, by)
    with transaction.atomic(), recorded(by=by, reason="导出总览"):
        content = workbook_of(sheet)
        record("overview.export", sheet.plan, rows=sheet.number, filters=asked)
    return content


def export_trail(plan: Plan, query: str, *, by: User) -> IO[bytes]:
    """Return the records that answer a query as a signed bundle; that they were taken out is on record first.

    Raises:
        PermissionDenied: `by` is no auditor.
        ValidationError: nothing answers, too much does, or there is no key to sign with.
    """
    require(is_auditor, by)
    terms = understood(plan, query)
    rows = list(found(plan, terms)[: bundle.LIMIT + 1]) if terms else []
    if not rows:
        raise ValidationError("没有可以导出的记录，请先查到记录。")
    if len(rows) > bundle.LIMIT:
        raise ValidationError(f"记录超过 {bundle.LIMIT} 条，请缩小范围后分次导出。")
    with recorded(by=by, reason="导出签名线索包"):
        record("trail.export", plan, query=query, rows=len(rows))
    entries = [key for _, what, key in rows if what == ENTRY]
    versions: dict[Any, list[int]] = {Figure.history.model: [key for _, what, key in rows if what == VERSION]}
    return bundle.make(bundle.disclosed(entries, versions), sheet_of(rows))
