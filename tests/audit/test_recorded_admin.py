"""What the administration pages share: a typed reason, one change for a save, versions that are only read."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Change, Entry
from organisations.models import User
from plans.models import Plan
from tests.factories.organisations import auditor, leader, organisation, person, reviewer, system_administrator
from tests.factories.plans import plan

pytestmark = pytest.mark.django_db


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who, backend="organisations.backends.RoleBackend")
    return client


def sent(row: Plan, **fields: object) -> dict[str, object]:
    """The form of a plan as it stands, with some fields typed anew."""
    names = ["code", "name", "short_name", "place", "document_number", "drawn_up_by", "approved_by"]
    names += ["base_year", "first_year", "last_year", "consultation", "body_note", "provenance"]
    return {name: getattr(row, name) for name in names} | {"host": ""} | fields


def page(row: Plan, name: str = "change") -> str:
    return reverse(f"admin:plans_plan_{name}", args=[row.pk])


class TestSave:
    def test_it_is_one_change_with_who_why_and_where(self) -> None:
        row, by = plan(), system_administrator()
        before = Change.objects.count()
        signed_in(by).post(page(row), sent(row, name="新名称", change_reason="按印发文件更正"))
        row.refresh_from_db()
        assert row.name == "新名称"
        assert Change.objects.count() == before + 1
        version = row.history.first()
        assert (version.change.actor, version.change.reason, version.change.door) == (by, "按印发文件更正", "admin")
        assert (version.history_type, row.history.count()) == ("~", 2)

    def test_it_leaves_an_entry_that_names_the_fields(self) -> None:
        row = plan()
        signed_in(system_administrator()).post(page(row), sent(row, name="新名称", change_reason="更正"))
        entry = Entry.objects.latest("id")
        assert (entry.event, entry.subject_id, entry.detail) == ("row.change", row.pk, {"fields": ["name"]})

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_without_a_reason_nothing_is_saved(self, reason: str) -> None:
        row, by = plan(), system_administrator()
        before = Change.objects.count()
        response = signed_in(by).post(page(row), sent(row, name="新名称", change_reason=reason))
        assert "请填写变更理由。" in response.content.decode()
        row.refresh_from_db()
        assert (row.name != "新名称", Change.objects.count()) == (True, before)

    def test_a_row_that_breaks_a_rule_leaves_no_change(self) -> None:
        row, by = plan(), system_administrator()
        before = Change.objects.count()
        response = signed_in(by).post(page(row), sent(row, first_year=2020, last_year=2016, change_reason="更正"))
        assert (response.status_code, Change.objects.count()) == (200, before)

    def test_a_new_row_is_recorded_too(self) -> None:
        by = system_administrator()
        typed = sent(plan(), code="another", name="另一规划", change_reason="新增规划")
        signed_in(by).post(reverse("admin:plans_plan_add"), typed)
        change = Plan.objects.get(code="another").history.get().change
        assert (change.actor, change.reason, change.entries.get().event) == (by, "新增规划", "row.add")

    @pytest.mark.parametrize("who", [reviewer, auditor])
    def test_who_may_only_look_saves_nothing(self, who: type) -> None:
        row = plan()
        assert signed_in(who()).post(page(row), sent(row, name="新名称", change_reason="更正")).status_code == 404
        row.refresh_from_db()
        assert row.name != "新名称"

    def test_a_page_without_its_token_saves_nothing(self) -> None:
        row, client = plan(), Client(enforce_csrf_checks=True)
        client.force_login(system_administrator(), backend="organisations.backends.RoleBackend")
        assert client.post(page(row), sent(row, name="新名称", change_reason="更正")).status_code == 403


class TestDelete:
    def test_nobody_may(self) -> None:
        row = plan()
        assert signed_in(system_administrator()).post(page(row, "delete"), {"post": "yes"}).status_code == 404
        assert Plan.objects.filter(pk=row.pk).exists()

    @pytest.mark.parametrize("who", [system_administrator, reviewer])
    def test_the_page_says_what_to_do_instead(self, who: type) -> None:
        shown = signed_in(who()).get(page(plan())).content.decode()
        assert "规划留有记录，不能删除。内容有误的，修改并写明理由。" in shown

    def test_a_list_offers_no_deleting(self) -> None:
        row = plan()
        client = signed_in(system_administrator())
        assert "delete_selected" not in client.get(reverse("admin:plans_plan_changelist")).content.decode()
        client.post(
            reverse("admin:plans_plan_changelist"), {"action": "delete_selected", "_selected_action": [row.pk]}
        )
        assert Plan.objects.filter(pk=row.pk).exists()


class TestVersions:
    def address(self, row: Plan) -> str:
        return reverse("admin:plans_plan_simple_history", args=[row.pk, row.history.latest("history_id").history_id])

    @pytest.mark.parametrize("who", [system_administrator, reviewer])
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_a_version_is_only_read(self, who: type, method: str) -> None:
        row = plan()
        typed = sent(row, name="从旧版本写回", change_reason="更正")
        response = getattr(signed_in(who()), method)(self.address(row), typed)
        row.refresh_from_db()
        assert (response.status_code, row.name != "从旧版本写回", row.history.count()) == (405, True, 1)

    @pytest.mark.parametrize("who", [system_administrator, reviewer])
    def test_its_page_has_nothing_to_type(self, who: type) -> None:
        row = plan()
        shown = signed_in(who()).get(self.address(row)).content.decode()
        assert row.name in shown
        assert 'name="name"' not in shown
        assert 'name="_save"' not in shown
        assert "change_reason" not in shown

    def test_the_list_of_versions_names_who_and_why(self) -> None:
        row, by = plan(), system_administrator()
        signed_in(by).post(page(row), sent(row, name="新名称", change_reason="按文件更正"))
        shown = signed_in(auditor()).get(page(row, "history")).content.decode()
        assert by.name in shown
        assert "按文件更正" in shown

    def test_a_stranger_to_the_administration_finds_none(self) -> None:
        row = plan()
        assert signed_in(leader()).get(self.address(row)).status_code == 404


class TestExport:
    address = property(lambda self: reverse("admin:organisations_organisation_export"))

    def test_the_sheet_has_the_columns_of_the_list(self) -> None:
        organisation(name="某局")
        response = signed_in(system_administrator()).post(self.address, {"format": "0", "resource": "0"})
        rows = list(load_workbook(io.BytesIO(response.content)).active.values)
        assert rows[0][:3] == ("名称", "代码", "类别")
        assert "某局" in [row[0] for row in rows]
        assert {row[2] for row in rows[1:]} == {"部门"}

    def test_it_is_recorded(self) -> None:
        by = system_administrator()
        signed_in(by).post(self.address, {"format": "0", "resource": "0"})
        entry = Entry.objects.latest("id")
        assert (entry.event, entry.change.actor) == ("list.export", by)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_who_may_only_view_gets_no_sheet(self, method: str) -> None:
        client = signed_in(person("security_administrator"))
        assert client.get(reverse("admin:organisations_organisation_changelist")).status_code == 200
        assert getattr(client, method)(self.address, {"format": "0", "resource": "0"}).status_code == 404

    def test_a_formula_in_a_name_is_no_formula_in_the_sheet(self) -> None:
        organisation(name="=1+1")
        response = signed_in(system_administrator()).post(self.address, {"format": "0", "resource": "0"})
        cells = [row[0] for row in load_workbook(io.BytesIO(response.content)).active.iter_rows()]
        assert {cell.data_type for cell in cells} == {"s"}

    def test_no_sheet_holds_a_password(self) -> None:
        response = signed_in(system_administrator()).post(
            reverse("admin:organisations_user_export"), {"format": "1", "resource": "0"}
        )
        assert "argon2" not in response.content.decode()
        assert response.content.decode().splitlines()[0].startswith("登录名,姓名,单位")


def test_a_foreign_key_is_searched_by_who_may_view_its_table() -> None:
    unit = organisation(name="某某局")
    query = {"term": "某某", "app_label": "plans", "model_name": "plan", "field_name": "host"}
    found = signed_in(system_administrator()).get(reverse("admin:autocomplete"), query).json()
    assert found["results"] == [{"id": str(unit.pk), "text": "某某局"}]
    assert signed_in(leader()).get(reverse("admin:autocomplete"), query).status_code == 404


def test_the_front_page_is_arranged_in_groups() -> None:
    shown = signed_in(system_administrator()).get(reverse("admin:index")).content.decode()
    places = [shown.index(f'<span class="section">{title}</span>') for title in ("单位和人员", "规划", "报告期和填报")]
    assert places == sorted(places)
    assert "填报表" not in shown
