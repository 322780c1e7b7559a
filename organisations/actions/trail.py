"""Taking the security trail out, and clearing what it has kept long enough; both are on record themselves."""

from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from audit.security import note
from audit.spreadsheets import csv_of
from organisations.models import User
from organisations.permissions import is_security_auditor, require
from organisations.security_trail import Asked, SecurityTrail, TrailLine, line_of

HEADS = ("编号", "时间", "事项", "何人", "对象", "地址", "请求编号")
LARGEST = 50_000  # rows of one sheet


def export_security_trail(asked: Asked, *, by: User) -> str:
    """Return the records that fit as a CSV text, newest first.

    Raises:
        PermissionDenied: `by` is no security auditor.
        ValidationError: there are too many for one sheet.
    """
    require(is_security_auditor, by)
    with transaction.atomic():
        trail = SecurityTrail(by, asked)
        number = trail.count()
        if number > LARGEST:
            raise ValidationError(f"共 {number:,} 条，一次最多导出 {LARGEST:,} 条。请缩小时间范围后再导出。")
        records = trail[0:LARGEST]
        note("security.export", by=by, detail={"rows": len(records), "query": asked.query})
    return csv_of([HEADS, *(_row(record.pk, record.request, line_of(record)) for record in records)])


def _row(number: int, request: str, line: TrailLine) -> tuple[object, ...]:
    at = timezone.localtime(line.at)
    return (number, f"{at:%Y-%m-%d %H:%M:%S}", line.what, line.who, line.about, line.address, request)


def clear_expired_trail() -> int:
    """Clear the records that are older than the owner of the database lets them grow; return how many there were.

    How long that is stands in the database function, written by ``migrate``. The library's own logs of sign-ins, which
    locks and greetings use, are cleared with them.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_clear_security()")
            cleared = int(cursor.fetchone()[0])
            cursor.execute("SELECT clock_timestamp() - make_interval(months => %s)", [settings.SECURITY_TRAIL_MONTHS])
            border = cursor.fetchone()[0]
        for log in (AccessLog, AccessFailureLog):
            log.objects.filter(attempt_time__lt=border).delete()
    return cleared
