from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections

from audit.generator import install
from audit.guards import install_guards
from audit.security_rights import install_security


class Command(MigrateCommand):
    """Migrate as the owner of the tables, then write the triggers of history and the guards anew from the models."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if any(options.get(name) for name in ("plan", "check_unapplied")):
            return
        count = install(connections[options["database"]], settings.DATABASES["default"]["USER"])
        install_security(
            connections[options["database"]], settings.DATABASES["default"]["USER"], settings.SECURITY_TRAIL_MONTHS
        )
        guarded = install_guards(connections[options["database"]])
        if options["verbosity"]:
            self.stdout.write(f"变更历史：{count} 张表由数据库记录版本，{guarded} 张表由数据库看守。")
