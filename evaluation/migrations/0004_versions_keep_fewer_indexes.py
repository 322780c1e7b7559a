from django.db import migrations

from audit.version_indexes import KeepIndexes


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0003_words_of_a_taken_code"),
    ]

    operations = [KeepIndexes(historicaldecidedassessment=["evaluation"])]
