from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
READERS = (HERE / "security_readers.sql").read_text(encoding="utf-8")
FROM_BEFORE = (HERE / "security_from_before.sql").read_text(encoding="utf-8")
BACK = """
DROP FUNCTION audit_read_security_count(bigint, text[], text[], timestamptz, timestamptz, text);
DROP FUNCTION audit_read_security(bigint, text[], text[], timestamptz, timestamptz, text, bigint, bigint, text, text);
DROP FUNCTION audit_found_security(text[], text[], timestamptz, timestamptz, text);
DROP FUNCTION organisations_reads_security(bigint);
"""


class Migration(migrations.Migration):
    """The security trail is read by security auditors; what was kept elsewhere is copied into it."""

    dependencies = [
        ("organisations", "0002_contact_outside_history"),
        ("audit", "0005_security_trail"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [
        migrations.RunSQL(READERS, BACK),
        migrations.RunSQL(FROM_BEFORE, migrations.RunSQL.noop),
    ]
