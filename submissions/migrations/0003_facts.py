import re
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("facts.sql").read_text(encoding="utf-8")
SIGNATURE = re.compile(r"FUNCTION (\w+\(.*?\)) RETURNS")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_no_two_steps")]

    operations = [migrations.RunSQL(SQL, "".join(f"DROP FUNCTION {name};" for name in SIGNATURE.findall(SQL)))]
