from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.clock import today
from reminders.actions import channels_of, mail_is_set_up, send_mails, stands_already, write_notices
from reminders.drafts import Draft
from reminders.rules import due_notices, forms_without_people


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}”不是日期，请写成 2023-06-30 的样子。") from error


class Command(BaseCommand):
    help = "按规则发送某日的提醒；加 --dry-run 只列出谁会收到什么、为什么。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=day, default=None, metavar="DATE", help="日期，默认为今天")
        parser.add_argument("--dry-run", action="store_true", help="只列出，不写入，不发送")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or today()
        if options["dry_run"]:
            self._show(on)
            return
        written = write_notices(on)
        sent = send_mails()
        for notice in written:
            self.stdout.write(f"{notice.recipient.name}\t{notice.get_channel_display()}\t{notice.subject}")
        mail = f"邮件发出 {sent} 封" if mail_is_set_up() else "未设置邮件服务器，只发站内通知"
        self.stdout.write(f"{on}：新通知 {len(written)} 条，{mail}。")

    def _show(self, on: date) -> None:
        drafts = due_notices(on)
        for draft in drafts:
            self.stdout.write(self._line(draft))
        for form in forms_without_people(on):
            self.stdout.write(f"无人可提醒\t{form}：{form.organisation_name}没有在岗的经办人员")
        self.stdout.write(f"{on}：共 {len(drafts)} 条，只列出，未发送。")

    def _line(self, draft: Draft) -> str:
        channels = "、".join(
            f"{channel.label}{'（已生成）' if stands_already(draft, channel) else ''}"
            for channel in channels_of(draft.recipient)
        )
        why = draft.text if draft.entry is None else f"{draft.text}（记录第 {draft.entry.pk} 号）"
        return f"{draft.recipient.name}（{draft.recipient.organisation.name}）\t{channels}\t{draft.subject}\t因：{why}"
