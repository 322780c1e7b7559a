"""Build a lived-in case in an installation that has the plan loaded: for showing, never for real work."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.clock import today
from organisations.actions.passwords import one_time_password
from overview.demo_password import demo_password, keep_password, password_file
from overview.demonstration import AlreadyThere, build, read_script
from plans.models import Plan


class Command(BaseCommand):
    help = "建立演示：人员、报告期、填报表、评估和报告（全部为演示数据）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="演示脚本的文件夹（默认为 data 下唯一的一个）")
        parser.add_argument("--yes-in-production", action="store_true", help="在正式环境中也建立演示数据")

    def handle(self, *, folder: Path | None, yes_in_production: bool, **options: Any) -> None:
        if not settings.DEBUG and not yes_in_production:
            raise CommandError("这是正式环境，没有建立演示数据。确需建立的，请加 --yes-in-production。")
        script = read_script(folder or the_only_script(), today())
        known = demo_password()
        password = known or one_time_password()
        if not known:
            keep_password(password)
        try:
            evaluation = build(script, password=password)
        except AlreadyThere:
            self.stdout.write("演示数据已经建立，没有变化。")
            return
        except Plan.DoesNotExist:
            raise CommandError("规划还没有载入。请先运行 load_plan。") from None
        where = "" if known else f"（已写入 {password_file()}）"
        self.stdout.write(f"已建立演示：{evaluation}。所有演示账号的密码：{password}{where}")
        names = "、".join(f"{line['登录名']}（{line['角色']}）" for line in script.people[:9])
        self.stdout.write(f"演示账号：{names}……")


def the_only_script() -> Path:
    """Find the script that stands beside the plan's data."""
    found = sorted(settings.BASE_DIR.glob("data/*/demonstration"))
    if len(found) != 1:
        raise CommandError(f"data 下有 {len(found)} 个演示脚本，请用 --from 指定一个。")
    return found[0]
