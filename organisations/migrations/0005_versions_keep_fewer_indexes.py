from django.db import migrations

from audit.version_indexes import KeepIndexes


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0004_actor_as_recorded"),
    ]

    operations = [KeepIndexes()]
