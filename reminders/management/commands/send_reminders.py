from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.clock import today
from reminders.actions import channels_of, mail_is_set_up, send_mails, write_notices
from reminders.rules import Draft, due_notices


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
            drafts = due_notices(on)
            for draft in drafts:
                self.stdout.write(self._line(draft))
            self.stdout.write(f"{on}：共 {len(drafts)} 条（含以往已发送的），未发送。")
            return
        written = write_notices(on)
        sent = send_mails()
        for notice in written:
            self.stdout.write(f"{notice.recipient.name}\t{notice.get_channel_display()}\t{notice.subject}")
        mail = f"邮件发出 {sent} 封" if mail_is_set_up() else "未设置邮件服务器，只发站内通知"
        self.stdout.write(f"{on}：新通知 {len(written)} 条，{mail}。")

    def _line(self, draft: Draft) -> str:
        channels = "、".join(channel.label for channel in channels_of(draft.recipient))
        why = f"距时限 {draft.step} 个工作日" if draft.entry is None else "表单有新动态"
        return f"{draft.recipient.name}（{draft.recipient.organisation.name}）\t{channels}\t{draft.subject}\t因：{why}"
