import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from audit.anchors import AnchorError, read
from audit.verification import verify
from audit.verification.words import in_words, what_to_do


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they read every page's code into memory
    help = "核对变更历史：逐环、逐行核对，指出最先出错的地方；有问题时以 1 退出。只读。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", metavar="FILE", type=Path, action="append", default=[], help="锚点文件，可多次"
        )
        parser.add_argument("--since", help="只核对从这一天（2023-07-01）或这一时刻起的历史")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            anchors = [read(file) for file in options["anchor"]]
        except AnchorError as error:
            raise CommandError(str(error)) from error
        if self.is_behind():
            self.stdout.write(
                "数据库还没有升级到本版程序：请先运行 manage.py migrate，再核对。以下所列，可能只是因此不符。"
            )
        report = verify(anchors=anchors, since=self.moment(options["since"]), progress=self.progress())
        for number, since, note in report.epochs:
            self.stdout.write(f"第{number}期 自 {timezone.localtime(since):%Y-%m-%d %H:%M:%S}：{note}")
        seconds = round(time.monotonic() - started)
        self.stdout.write(f"核对了 {report.seals} 个封印、{report.rows} 行历史，用时 {seconds} 秒。")
        if options["since"] and not report.seals:
            self.stdout.write("从这一时刻起没有封存过历史：封印和历史的行都没有核对，只核对了现有数据和表的结构。")
        if not report.findings:
            self.stdout.write("没有发现问题。" + ("" if anchors else "（没有给锚点：末尾是否被截短，无从核对。）"))
            return
        for finding in report.findings.listed:
            self.stdout.write(in_words(finding))
        for (kind, thing), count in report.findings.left_out.items():
            self.stdout.write(f"{kind}：{thing} 还有 {count} 处没有列出")
        self.stdout.write("怎么办：")
        for advice in what_to_do(finding.kind for finding in report.findings.listed):
            self.stdout.write(f"· {advice}")
        sys.exit(1)

    def is_behind(self) -> bool:
        """Whether the database was made by an older version of the program."""
        loader = MigrationLoader(connection)
        return not set(loader.graph.nodes) <= set(loader.applied_migrations)

    def moment(self, typed: str | None) -> datetime | None:
        if typed is None:
            return None
        try:
            moment = parse_datetime(typed)
            day = None if moment else parse_date(typed)
        except ValueError:
            moment = day = None
        if day:
            moment = datetime.combine(day, datetime.min.time())
        if moment is None:
            raise CommandError(f"“{typed}”不是日期或时刻，请写成 2023-07-01 或 2023-07-01T09:30。")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def progress(self) -> Any:
        """Return what tells, every few seconds, how far it has come."""
        told = time.monotonic()

        def tell(done: int, length: int) -> None:
            nonlocal told
            if time.monotonic() - told > 2:
                told = time.monotonic()
                self.stderr.write(f"已核对到第 {done} 号封印，共 {length} 个")

        return tell
