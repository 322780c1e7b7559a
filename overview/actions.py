"""What somebody takes out of the pages; nothing is written here but the record of it."""

from django.db import transaction

from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import reads_business, require
from overview.sheet import Sheet, workbook_of


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
