"""A real mail server that refuses, hangs up or kills the sender when it is told to."""

import os
import signal
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.running import MailSink


class MoodySink(MailSink):
    """``answers`` are what it says to the next messages instead of taking them, ``breaks`` how many more times it
    breaks the line without an answer, ``kills`` the process that it kills once it has taken a message."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str] = []
        self.kills = 0
        self.breaks = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.breaks:
            self.breaks -= 1
            server.transport.abort()
            return "250 OK"
        answer = self.answers.pop(0) if self.answers else ""
        if answer and not answer.startswith("250"):
            return answer
        taken = await super().handle_DATA(server, session, envelope)
        if self.kills:
            os.kill(self.kills, signal.SIGKILL)
        return taken

    @property
    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]


@pytest.fixture
def sink(settings: object) -> Iterator[MoodySink]:
    """The server, set up as the installation's own."""
    found = MoodySink()
    found.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
    yield found
    found.controller.stop()
