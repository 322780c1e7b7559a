from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("history.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_actor_and_subject")]

    operations = [
        migrations.RunSQL(
            SQL,
            "DROP FUNCTION audit_current_change(); DROP FUNCTION audit_open_change(bigint, text, text, text, text, text, text);",
        )
    ]
