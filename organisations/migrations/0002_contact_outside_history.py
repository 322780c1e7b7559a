from django.db import migrations


class Migration(migrations.Migration):
    """A contact's telephone lives outside of history; what old versions kept of it goes with the column."""

    dependencies = [("organisations", "0001_initial")]

    operations = [migrations.RemoveField(model_name="historicalorganisation", name="contact_phone")]
