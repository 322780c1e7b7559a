"""What a test can start for real: a worker process behind the broker, a mail server."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as policy
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from config.local_services.ports import free_port


def until(question: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait for the answer yes; fail the test after the time."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"did not come true within {seconds} s"
        time.sleep(0.05)


def environment(**more: str) -> dict[str, str]:
    """Return the variables under which another process works on the test database, as the application's role."""
    urls = {"DATABASE_URL": "default", "OWNER_DATABASE_URL": "owner"}
    on_test_database = {
        variable: urlsplit(os.environ[variable])._replace(path=f"/{settings.DATABASES[alias]['NAME']}").geturl()
        for variable, alias in urls.items()
        if variable in os.environ
    }
    kept = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
    return kept | on_test_database | more


class MailSink:
    """A real SMTP server on a free port, which keeps what it is given, in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.messages.append(BytesParser(policy=policy).parsebytes(envelope.content))
        return "250 OK"


class Worker:
    """A real worker process of the queue, on the test database."""

    def __init__(self, **more: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1", "--loglevel=INFO"]
        self.process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"],
            cwd=settings.BASE_DIR,
            env=environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def stop(self) -> str:
        """Stop it as a service manager does; return what it said."""
        self.process.terminate()
        try:
            return self.process.communicate(timeout=20)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.communicate()[0]
