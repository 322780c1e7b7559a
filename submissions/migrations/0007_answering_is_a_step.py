import re
from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION submissions_reviewed_by\(.*?\$body\$;", re.DOTALL)
SQL = (HERE / "answers.sql").read_text(encoding="utf-8")
BEFORE = FUNCTION.findall((HERE / "facts.sql").read_text(encoding="utf-8"))[0]


class Migration(migrations.Migration):
    dependencies = [("submissions", "0006_notes_returned")]

    operations = [migrations.RunSQL(SQL, BEFORE)]
