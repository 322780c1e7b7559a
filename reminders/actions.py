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
from reminders.drafts import Draft
from reminders.models import Channel, Notice
from reminders.rules import due_notices

ATTEMPTS = 3
log = structlog.get_logger(__name__)


def mail_is_set_up() -> bool:
    return bool(settings.EMAIL_HOST)


def channels_of(recipient: User) -> list[Channel]:
    """Return the channels that reach a person: the application always, mail where there is a server and an address."""
    return [Channel.APPLICATION, Channel.MAIL] if mail_is_set_up() and recipient.email else [Channel.APPLICATION]


def write_notices(on: date) -> list[Notice]:
    """Write the notices due on a day; those that stand already are left alone by the database (``notice_once_…``)."""
    at = now()
    wanted = [_notice(draft, channel, at) for draft in due_notices(on) for channel in channels_of(draft.recipient)]
    with transaction.atomic():
        newest = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
        Notice.objects.bulk_create(wanted, ignore_conflicts=True)
        return list(Notice.objects.filter(id__gt=newest).select_related("recipient").order_by("id"))


def stands_already(draft: Draft, channel: Channel) -> bool:
    """Tell whether the notice was written before."""
    return Notice.objects.filter(
        rule=draft.rule,
        recipient=draft.recipient,
        channel=channel,
        entry=draft.entry,
        submission=draft.submission,
        due_on=draft.due_on,
        step=draft.step,
    ).exists()


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
    reached nothing is claimed. A mail that couldn't be sent within a day isn't sent any more: the days left that it
    tells are wrong by then.
    """
    server = _opened()
    sent = last = 0
    while server is not None and (notice := _claim(after=last)) is not None:
        last = notice.pk
        is_sent = _send(notice, server)
        sent += is_sent
        if not is_sent:  # the connection may be lost, and every later mail with it
            server.close()
            server = _opened()
    if server is not None:
        server.close()
    return sent


def _opened() -> BaseEmailBackend | None:
    """A new connection to the mail server; None where there is none, or it cannot be reached."""
    if not mail_is_set_up():
        return None
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        log.warning("mail server out of reach", error=str(error))
        return None
    return server


def _claim(*, after: int) -> Notice | None:
    with transaction.atomic():
        notice = Notice.objects.unsent(now()).select_for_update(skip_locked=True, of=("self",)).filter(id__gt=after)
        first = notice.filter(attempts__lt=ATTEMPTS).select_related("recipient").order_by("id").first()
        if first is not None:
            first.claimed_at = now()
            first.attempts += 1
            first.save(update_fields=["claimed_at", "attempts"])
        return first


def _send(notice: Notice, server: BaseEmailBackend) -> bool:
    """Hand one claimed notice to the server, keep what came of it, and tell whether the server took it."""
    claimed = Notice.objects.filter(pk=notice.pk)
    try:
        server.send_messages([_mail(notice)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        claimed.update(claimed_at=None, failed_because=f"邮件服务器拒收：{error}"[:500])
        return False
    except OSError as error:
        claimed.update(failed_because=f"发送结果不明，不再重发：{error}"[:500])
        return False
    except ValueError as error:
        claimed.update(failed_because=f"无法写成邮件，不再重发：{error}"[:500])
        return False
    claimed.update(sent_at=now(), failed_because="")
    return True


def _mail(notice: Notice) -> EmailMessage:
    body = f"{notice.recipient.name}：\n\n{notice.text}\n\n办理：{settings.SITE_URL}{notice.link}\n\n本邮件由系统自动发出，请勿回复。"
    headers = {"Message-ID": f"<notice-{notice.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"}
    return EmailMessage(notice.subject, body, to=[notice.recipient.email], headers=headers)


def mark_read(user: User) -> int:
    """Mark a person's own notices as read."""
    return Notice.objects.for_user(user).filter(read_at=None).update(read_at=now())
