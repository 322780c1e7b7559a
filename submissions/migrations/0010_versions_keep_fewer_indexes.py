from django.db import migrations

from audit.version_indexes import KeepIndexes


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0009_reviewers_looks_and_assignments"),
    ]

    operations = [
        KeepIndexes(
            historicalfigure=["submission"],
            historicalpublishedvalue=["figure"],
            historicalprogressnote=["submission"],
            historicalcorrection=["submission"],
        )
    ]
