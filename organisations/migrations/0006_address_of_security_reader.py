from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("security_reader_address.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The security auditor's reading is recorded with the address that it came from."""

    dependencies = [("organisations", "0005_versions_keep_fewer_indexes")]

    operations = [migrations.RunSQL(SQL)]
