"""The one password of all demonstration accounts. Imports no model: it is asked for before Django stands, too."""

import os
from pathlib import Path

from django.conf import settings


def password_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-password"


def demo_password() -> str:
    """Return the password from the environment, else the one kept in its file; empty where there is neither."""
    given = os.environ.get("DEMO_PASSWORD")
    if given:
        return given
    file = password_file()
    return file.read_text(encoding="ascii").strip() if file.exists() else ""


def keep_password(password: str) -> None:
    """Keep a new one in a file that only its owner reads."""
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as kept:
        kept.write(password + "\n")
