from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("actor.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_security_readers")]

    operations = [
        migrations.RunSQL(
            SQL,
            "DROP TRIGGER organisations_actor_as_recorded ON audit_change; DROP FUNCTION organisations_actor_as_recorded();",
        )
    ]
