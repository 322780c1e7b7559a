from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.functions import install_functions
from audit.generator import install
from audit.guards import install_guards
from audit.rights import TooMuch, narrow_rights
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
        owner, role = connections[options["database"]], settings.DATABASES["default"]["USER"]
        with transaction.atomic(using=owner.alias):  # rights to all tables are given first: nobody sees them meanwhile
            install_functions(owner)
            count = install(owner, role)
            install_security(owner, role, settings.SECURITY_TRAIL_MONTHS)
            guarded = install_guards(owner)
        self.narrow(owner)
        if options["verbosity"]:
            self.stdout.write(f"变更历史：{count} 张表由数据库记录版本，{guarded} 张表由数据库看守。")

    def narrow(self, connection: BaseDatabaseWrapper) -> None:
        role = settings.DATABASES["default"]["USER"]
        try:
            narrow_rights(connection, role)
        except TooMuch as ways:
            raise CommandError(
                f"系统运行所用的数据库角色“{role}”权限过大（{'；'.join(ways.args)}），可以绕过变更历史，或读到不该读的记录。"
                "请为它另建一个角色，或由数据库管理员收回这些权限，再运行 migrate。"
            ) from None
