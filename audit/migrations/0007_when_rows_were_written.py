from django.db import migrations, models

import audit.models


class Migration(migrations.Migration):
    """Rows that are there already keep none: the default comes after the column."""

    dependencies = [
        ("audit", "0006_seals_after_the_clock_went_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="writtenrows",
            name="at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="时间"),
        ),
        migrations.AlterField(
            model_name="writtenrows",
            name="at",
            field=models.DateTimeField(
                db_default=audit.models.ClockNow(), editable=False, null=True, verbose_name="时间"
            ),
        ),
    ]
