#!/usr/bin/env python3
"""Run a management command with the services it needs.

Where DATABASE_URL and REDIS_URL are unset, the command joins the services that run under .data/, or starts them
and stops them when it ends.
"""

import os
import sys

from config.local_services import services


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with services():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
