"""What somebody takes out of the pages, or has checked; nothing is written here but the record of it."""

from collections.abc import Sequence
from functools import partial
from typing import IO, Any

import kombu.exceptions
from django.core.exceptions import ValidationError
from django.db import transaction

from audit import bundle
from audit.jobs import check_history
from audit.recording import record, recorded
from audit.under_way import claim, fail
from indicators.models import Indicator
from organisations.models import Organisation, User
from organisations.permissions import is_auditor, reads_business, require
from overview.audit.answers import ENTRY, VERSION, Found, found
from overview.audit.asked import understood
from overview.audit.sheet import sheet_of
from overview.queries.facts import facts_of
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
    return _bundle(plan, list(found(plan, terms)[: bundle.LIMIT + 1]) if terms else [], query, by)


def export_trace(indicator: Indicator, organisation: Organisation, *, by: User) -> IO[bytes]:
    """Return all that is on record of what an organisation reported of an indicator, as a signed bundle.

    Raises:
        PermissionDenied: `by` is no auditor.
        ValidationError: nothing is on record, too much is, or there is no key to sign with.
    """
    require(is_auditor, by)
    figures = Figure.objects.filter(indicator=indicator, organisation=organisation)
    facts = facts_of(figures.select_related("period"), [], sees_drafts=True)
    told = {entry.change_id for entry in facts.entries}
    rows = [(entry.change_id, ENTRY, entry.pk) for entry in facts.entries]
    rows += [(row.change_id, VERSION, row.history_id) for row in facts.versions if row.change_id not in told]
    rows.sort(key=lambda row: (-row[0], row[1], -row[2]))
    return _bundle(indicator.plan, rows, f"指标{indicator.number} {organisation.name}", by)


def _bundle(plan: Plan, rows: Sequence[Found], query: str, by: User) -> IO[bytes]:
    if not rows:
        raise ValidationError("没有可以导出的记录，请先查到记录。")
    if len(rows) > bundle.LIMIT:
        raise ValidationError(f"记录超过 {bundle.LIMIT} 条，请缩小范围后分次导出。")
    with recorded(by=by, reason="导出签名线索包"):
        record("trail.export", plan, query=query, rows=len(rows))
    entries = [key for _, what, key in rows if what == ENTRY]
    versions: dict[Any, list[int]] = {Figure.history.model: [key for _, what, key in rows if what == VERSION]}
    return bundle.make(bundle.disclosed(entries, versions), sheet_of(rows))


def check_again(plan: Plan, *, by: User) -> None:
    """Have the whole history verified now, by a job; who asked for it is on record.

    Raises:
        PermissionDenied: `by` is no auditor.
        ValidationError: a verification is under way, or the queue can't be reached.
    """
    require(is_auditor, by)
    run = claim(by.recorded_name)
    try:
        with recorded(by=by, reason="重新核对全部历史"):
            record("history.check", plan)
            transaction.on_commit(partial(check_history.delay, run.token))
    except kombu.exceptions.OperationalError as error:
        fail(run)
        raise ValidationError("后台任务的队列连不上，核对没有开始。请告知系统管理员。") from error
    except BaseException:
        fail(run)
        raise
