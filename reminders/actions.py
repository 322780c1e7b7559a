"""Notices are written once and sent at most once."""

import smtplib
from datetime import date, datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from audit.clock import now
from organisations.models import User
from reminders.models import Channel, Notice
from reminders.rules import Draft, due_notices

ATTEMPTS = 3
log = structlog.get_logger(__name__)


def mail_is_set_up() -> bool:
    return bool(settings.EMAIL_HOST)


def channels_of(recipient: User) -> list[Channel]:
    """Return the channels that reach a person: the application always, mail where there is a server and an address."""
    return [Channel.APPLICATION, Channel.MAIL] if mail_is_set_up() and recipient.email else [Channel.APPLICATION]


def write_notices(on: date) -> list[Notice]:
    """Write the notices due on a day; those that stand already are left alone by the database (``notice_once``)."""
    at = now()
    wanted = [_notice(draft, channel, at) for draft in due_notices(on) for channel in channels_of(draft.recipient)]
    with transaction.atomic():
        newest = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
        Notice.objects.bulk_create(wanted, ignore_conflicts=True)
        return list(Notice.objects.filter(id__gt=newest).select_related("recipient").order_by("id"))


def _notice(draft: Draft, channel: Channel, at: datetime) -> Notice:
    return Notice(
        rule=draft.rule,
        recipient=draft.recipient,
        channel=channel,
        entry=draft.entry,
        submission=draft.submission,
        due_on=draft.due_on,
        step=draft.step,
        plan=draft.plan,
        subject=draft.subject,
        text=draft.text,
        link=draft.link,
        created_at=at,
        sent_at=at if channel == Channel.APPLICATION else None,
    )


def send_mails() -> int:
    """Send the mails that nobody has begun to send; return how many went out.

    A notice is claimed in a transaction of its own before it is handed to the server. A sender killed in between
    leaves it claimed and unsent, shown as such to the system administrator: sent at most once, never twice.
    What the server plainly refuses is released and tried again, three times in all; while the server cannot be
    reached nothing is claimed.
    """
    if not mail_is_set_up():
        return 0
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        log.warning("mail server out of reach", error=str(error))
        return 0
    sent = last = 0
    while (notice := _claim(after=last)) is not None:
        last = notice.pk
        sent += _send(notice, server)
    server.close()
    return sent


def _claim(*, after: int) -> Notice | None:
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")
            .filter(channel=Channel.MAIL, sent_at=None, claimed_at=None, attempts__lt=ATTEMPTS, id__gt=after)
            .order_by("id")
            .first()
        )
        if notice is not None:
            notice.claimed_at = now()
            notice.attempts += 1
            notice.save(update_fields=["claimed_at", "attempts"])
        return notice


def _send(notice: Notice, server: BaseEmailBackend) -> int:
    """Hand one claimed notice to the server; return 1 when it took it."""
    claimed = Notice.objects.filter(pk=notice.pk)
    try:
        server.send_messages([_mail(notice)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        claimed.update(claimed_at=None, failed_because=f"邮件服务器拒收：{error}"[:500])
        return 0
    except OSError as error:
        claimed.update(failed_because=f"发送结果不明，不再重发：{error}"[:500])
        return 0
    claimed.update(sent_at=now(), failed_because="")
    return 1


def _mail(notice: Notice) -> EmailMessage:
    body = f"{notice.recipient.name}：\n\n{notice.text}\n\n办理：{settings.SITE_URL}{notice.link}\n\n本邮件由系统自动发出，请勿回复。"
    headers = {"Message-ID": f"<notice-{notice.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"}
    return EmailMessage(notice.subject, body, to=[notice.recipient.email], headers=headers)


def mark_read(user: User) -> int:
    """Mark a person's own notices as read."""
    return Notice.objects.for_user(user).filter(read_at=None).update(read_at=now())
