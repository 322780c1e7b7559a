from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections, transaction

from audit import signing
from audit.anchors import take
from audit.models import Epoch
from audit.sealing import is_outdated, open_epoch

NOTE = "启用签名密钥。"


class Command(BaseCommand):
    help = "制作锚点的签名密钥（已有时不动）；--rotate 换一把新的。每换一次，历史链开始新的一期。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="换用新密钥，旧私钥随即销毁，旧公钥保留")

    def handle(self, *args: Any, **options: Any) -> None:
        with connections["owner"].cursor() as cursor:
            if is_outdated(cursor):
                raise CommandError("封存格式或算法已改变：请先运行 python manage.py migrate。")
        try:
            former = signing.current() if signing.has_key() else None
            key = self.change_over(former) if former is None or options["rotate"] else former
            if not Epoch.objects.filter(key=key.public).exists():
                self.open_epoch_of(key)
        except (signing.NoKey, DatabaseError, OSError) as error:
            raise CommandError(f"签名密钥没有变动：{error}") from error
        self.stdout.write(f"签名密钥 {key.public}\n公钥文件 {signing.public_file(key.public)}")

    def open_epoch_of(self, key: signing.SigningKey) -> None:
        """Let a history that was restored from before the key know it: anchors are signed with it from now on."""
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            open_epoch(cursor, note=NOTE, signature=signing.SIGNATURE, key=key.public)

    def change_over(self, former: signing.SigningKey | None) -> signing.SigningKey:
        """Make a key, and open its epoch as the owner of the tables; the former key signs a last anchor."""
        key = signing.generate()
        if former is not None:
            take("last-of-key")
        try:
            with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
                open_epoch(cursor, note=NOTE, signature=signing.SIGNATURE, key=key.public)
                signing.keep(key)
        except Exception:
            signing.forget(key)
            raise
        if former is not None:
            signing.forget(former)
        return key
