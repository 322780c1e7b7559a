from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("schedules.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0001_initial"),
        ("audit", "0004_seals"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION reminders_record_schedules() CASCADE")]
