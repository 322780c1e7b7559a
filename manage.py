#!/usr/bin/env python3
"""Run a management command with the services it needs.

Where DATABASE_URL and REDIS_URL are unset, the command joins the services that run under .data/, or starts them
and stops them when it ends.
"""

import os
import sys
import warnings
from contextlib import nullcontext

from config.local_services import ServiceError, services

WITHOUT_DATABASE = {
    "check", "collectstatic", "diffsettings", "findstatic", "help", "makemigrations", "startapp", "version",
}  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not (os.environ.get("DATABASE_URL") or os.environ.get("SECRET_KEY")):
        os.environ.setdefault("DEBUG", "1")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    needs_none = command in WITHOUT_DATABASE or {"-h", "--help", "--version"} & set(sys.argv[1:])
    if needs_none:
        warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    try:
        with nullcontext() if needs_none else services():
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
