from django.db import migrations


class Migration(migrations.Migration):
    """The security auditor's reading is recorded with the address that it came from: the function that reads is told it,
    and is written anew from ``security_readers.sql`` at the end of ``migrate``; the one that wasn't told goes."""

    dependencies = [("organisations", "0005_versions_keep_fewer_indexes")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS"
            " audit_read_security(bigint, text[], text[], timestamptz, timestamptz, text, bigint, bigint)",
            migrations.RunSQL.noop,
        )
    ]
