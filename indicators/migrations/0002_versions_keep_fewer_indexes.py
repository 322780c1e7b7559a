from django.db import migrations

from audit.version_indexes import KeepIndexes


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
    ]

    operations = [KeepIndexes()]
