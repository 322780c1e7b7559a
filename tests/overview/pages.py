"""Opening a page as somebody, and reading it as text."""

import re
from html import unescape

from django.test import Client

from organisations.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client


def opened_by(user: User, url: str, *, status: int = 200) -> str:
    """Open a page as a person; return what a reader sees of it, in one line."""
    answer = signed_in(user).get(url)
    assert answer.status_code == status
    return text_of(answer.content.decode())


def text_of(html: str) -> str:
    visible = re.sub(r"<(script|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", visible)))


def html_for(user: User, url: str) -> str:
    return signed_in(user).get(url).content.decode()
