"""Take a filled-in workbook over into the form that it names; what it would do is told by cell."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError

from organisations.models import User
from organisations.permissions import require
from submissions.actions.workbook import Taken, keep_upload, take_over_lines
from submissions.management.commands.form_workbook import form_named
from submissions.models import Submission
from submissions.permissions import can_fill_in
from submissions.workbook.difference import Difference, Line, Severity, compare
from submissions.workbook.identity import Identity
from submissions.workbook.notices import notices_of
from submissions.workbook.reading import FoundForm, read_form
from workbooks.cells import Unusable


class Command(BaseCommand):
    help = "把填好的 Excel 填报表载入系统；有错误的格不载入，需核对的格加 --with-warnings 才载入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx")
        parser.add_argument("--as", dest="username", required=True, help="以哪个填报人的身份（用户名）")
        parser.add_argument("--dry-run", action="store_true", help="只列出将修改的内容，不保存")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出每一格")
        parser.add_argument("--with-warnings", action="store_true", help="需核对的格也载入")

    def handle(self, *, file: Path, username: str, dry_run: bool, **options: Any) -> None:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"没有用户“{username}”，或已停用。")
        if not file.is_file():
            raise CommandError(f"没有找到文件“{file}”。")
        try:
            found = read_form(file)
            submission = _form_of(found)
            require(can_fill_in, person, submission)
            difference = compare(submission, found)
            taken = None if dry_run else self._take(difference, file, person, options["with_warnings"])
        except Unusable as unusable:
            raise CommandError("\n".join(map(str, unusable.problems))) from None
        except PermissionDenied:
            raise CommandError(
                f"{person.name}不是这张填报表所属单位的填报人，或已办理过其他环节，不能填写。"
            ) from None
        except ValidationError as refused:
            raise CommandError("".join(refused.messages)) from None
        self.stdout.write(_as_json(difference, taken) if options["json"] else in_words(difference, taken))

    def _take(self, difference: Difference, file: Path, person: User, with_warnings: bool) -> Taken:
        lines = difference.may_be_taken if with_warnings else difference.changes
        if not lines:
            return Taken()
        with file.open("rb") as content:
            upload = UploadedFile(File(content), name=file.name, size=file.stat().st_size)
            kept = keep_upload(difference.submission, upload, by=person)
        ticked = {line.id: line.row.owner.revision for line in lines}
        return take_over_lines(difference, kept.file.name, person, ticked)


def _form_of(found: FoundForm) -> Submission:
    if not isinstance(found.identity, Identity):
        raise CommandError(
            "文件中没有系统标识，不知道是哪一张填报表。请在网页上传，或用 form_workbook 重新生成后填写。"
        )
    return form_named(found.identity.organisation, found.identity.period, found.identity.plan)


def _as_json(difference: Difference, taken: Taken | None) -> str:
    """The answer for programs; its fields stand in docs/workbook.md."""
    saved = {line.id for line in taken.saved} if taken is not None else set()
    refused = {line.id: words for line, words in taken.refused} if taken is not None else {}
    answer = {
        "form": str(difference.submission),
        "plan": difference.submission.period.plan.code,
        "period": difference.submission.period.code,
        "organisation": difference.submission.organisation.code,
        "saved": len(saved),
        "unchanged": len(difference.same),
        "notices": notices_of(difference),
        "cells": [_cell(line, line.id in saved, refused.get(line.id, "")) for line in difference.lines],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _cell(line: Line, is_saved: bool, refusal: str) -> dict[str, Any]:
    return {
        "address": line.address,
        "row": line.row.title,
        "column": line.head,
        "old": line.old,
        "new": line.new,
        "severity": Severity.ERROR.value if refusal else line.severity.value,
        "message": "".join([*line.messages, refusal]),
        "saved": is_saved,
    }


_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "需核对", Severity.CHANGE: "修改"}


def in_words(difference: Difference, taken: Taken | None) -> str:
    """A line for each cell, then what was done."""
    lines = [str(difference.submission), *notices_of(difference)]
    for line in difference.lines:
        told = f"　{''.join(line.messages)}" if line.messages else ""
        old, new = line.old or "空白", line.new or "空白"
        lines.append(f"{_WORDS[line.severity]}　{line.address}　{line.row.title}·{line.head}：{old} → {new}{told}")
    lines.append(f"不变 {len(difference.same)} 行。")
    if taken is None:
        return "\n".join([*lines, "以上为试算，没有保存。"])
    lines += [f"没有采用　{line.address}：{words}" for line, words in taken.refused]
    return "\n".join([*lines, f"已保存 {len(taken.saved)} 格。"])
