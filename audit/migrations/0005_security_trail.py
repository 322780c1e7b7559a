from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_name("security_trail.sql").read_text(encoding="utf-8")
BACK = """
DROP TRIGGER audit_keep ON audit_securityrecord;
DROP FUNCTION audit_keep_security();
DROP FUNCTION audit_note_security(text, bigint, text, text, text, text, text, text, jsonb);
DROP FUNCTION IF EXISTS audit_clear_security();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_seals")]

    operations = [
        migrations.CreateModel(
            name="SecurityRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(editable=False, verbose_name="时间")),
                ("event", models.CharField(max_length=80, verbose_name="事项")),
                ("person_id", models.BigIntegerField(null=True, verbose_name="人员编号")),
                ("username", models.CharField(blank=True, max_length=150, verbose_name="登录名")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="姓名")),
                ("organisation", models.CharField(blank=True, max_length=200, verbose_name="单位")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="地址")),
                ("request", models.CharField(blank=True, max_length=40, verbose_name="请求编号")),
                ("about", models.CharField(blank=True, max_length=300, verbose_name="对象")),
                ("detail", models.JSONField(default=dict, verbose_name="内容")),
            ],
            options={
                "verbose_name": "安全审计记录",
                "verbose_name_plural": "安全审计记录",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["at"], name="security_at"),
                    models.Index(fields=["event", "-id"], name="security_event"),
                    models.Index(fields=["person_id", "-id"], name="security_person"),
                ],
            },
        ),
        migrations.RunSQL(SQL, BACK),
    ]
