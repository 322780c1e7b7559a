from django.db import migrations

from audit.version_indexes import KeepIndexes


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
    ]

    operations = [KeepIndexes()]
