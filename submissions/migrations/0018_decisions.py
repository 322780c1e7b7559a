import re
from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\((.*?)\) RETURNS.*?\$body\$;", re.DOTALL)
SQL = (HERE / "decisions.sql").read_text(encoding="utf-8")
FACTS = {found[1]: found[0] for found in FUNCTION.finditer((HERE / "facts.sql").read_text(encoding="utf-8"))}
BEFORE = "".join(
    FACTS.get(name, f"DROP FUNCTION {name}({arguments}) CASCADE;") for name, arguments in FUNCTION.findall(SQL)
)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0017_proposed_values")]

    operations = [
        migrations.RunSQL(SQL, BEFORE),
        migrations.AddConstraint(
            model_name="publishedvalue",
            constraint=models.UniqueConstraint(
                fields=("figure", "review"),
                name="published_value_once_a_figure_and_review",
                violation_error_message="一次审核只能把一项数据发布一次。",
            ),
        ),
    ]
