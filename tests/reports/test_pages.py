"""The report's pages: the whole, one section with its conflict, the file."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation
from reports.actions import save_section
from reports.models import Section
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, reporter, reviewer
from tests.factories.reports import report, written_section
from tests.factories.submissions import published

pytestmark = pytest.mark.django_db


def signed_in(client: Client, user: object) -> Client:
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client


def address(evaluation: Evaluation, name: str = "report", **parts: object) -> str:
    return reverse(f"reports:{name}", kwargs={"plan": evaluation.plan.code, "code": evaluation.code, **parts})


class TestReport:
    def test_sections_tables_and_what_is_unwritten_are_shown(self, client: Client) -> None:
        evaluation = case()
        published(indicator(of=evaluation.plan, lead=organisation(), name="规模"), "40")
        page = signed_in(client, reviewer()).get(address(report(on=evaluation))).content.decode()
        assert "节是占位文字" in page
        assert "规模" in page
        assert "修改" in page

    def test_a_leader_reads_without_being_offered_to_write(self, client: Client) -> None:
        evaluation = report()
        page = signed_in(client, leader()).get(address(evaluation)).content.decode()
        assert address(evaluation, "section", position=written_section(evaluation).position) not in page
        assert "导出 Word 报告" in page

    def test_without_a_report_it_offers_to_lay_one_out(self, client: Client) -> None:
        evaluation = case()
        signed_in(client, reviewer())
        assert "建立报告框架" in client.get(address(evaluation)).content.decode()
        client.post(address(evaluation, "prepare"))
        assert Section.objects.filter(evaluation=evaluation).exists()

    def test_to_a_reporter_it_is_not_there(self, client: Client) -> None:
        assert signed_in(client, reporter()).get(address(report())).status_code == 404

    def test_another_plans_case_is_not_there(self, client: Client) -> None:
        evaluation, other = report(), case()
        wrong = reverse("reports:report", kwargs={"plan": other.plan.code, "code": evaluation.code})
        assert signed_in(client, reviewer()).get(wrong).status_code == 404

    def test_the_short_address_leads_to_the_newest_case(self, client: Client) -> None:
        evaluation = report()
        short = reverse("reports:current", kwargs={"plan": evaluation.plan.code})
        assert signed_in(client, reviewer()).get(short)["Location"] == address(evaluation)


class TestSection:
    def test_a_saved_text_leads_back_to_its_place(self, client: Client) -> None:
        evaluation = report()
        section = written_section(evaluation)
        here = address(evaluation, "section", position=section.position)
        answer = signed_in(client, reviewer()).post(here, {"body": "文字", "revision": section.revision})
        assert answer["Location"] == f"{address(evaluation)}#section-{section.position}"

    def test_after_a_conflict_what_was_typed_stands_beside_what_is_saved(self, client: Client) -> None:
        evaluation = report()
        section = written_section(evaluation)
        save_section(section, by=reviewer(name="审核人乙"), body="先到的文字", revision=0)
        here = address(evaluation, "section", position=section.position)
        answer = signed_in(client, reviewer()).post(here, {"body": "后到的文字", "revision": 0})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "审核人乙已先保存了本节" in page
        assert "先到的文字" in page
        assert "后到的文字</textarea>" in page
        assert 'name="revision" value="1"' in page

    def test_the_second_save_after_a_conflict_counts(self, client: Client) -> None:
        evaluation = report()
        section = written_section(evaluation)
        save_section(section, by=reviewer(), body="先到的文字", revision=0)
        here = address(evaluation, "section", position=section.position)
        signed_in(client, reviewer()).post(here, {"body": "合并的文字", "revision": 1})
        section.refresh_from_db()
        assert section.body == "合并的文字"

    @pytest.mark.parametrize("revision", ["", "一", "-1", "9" * 30])
    def test_a_spoilt_revision_is_a_conflict_not_an_error(self, client: Client, revision: str) -> None:
        evaluation = report()
        here = address(evaluation, "section", position=written_section(evaluation).position)
        answer = signed_in(client, reviewer()).post(here, {"body": "文字", "revision": revision})
        assert answer.status_code == 409

    def test_a_section_of_tables_has_no_page(self, client: Client) -> None:
        evaluation = report()
        table = evaluation.sections.get(tables=["appendix"])
        here = address(evaluation, "section", position=table.position)
        assert signed_in(client, reviewer()).get(here).status_code == 404


class TestExport:
    def test_the_file_comes_as_an_attachment_with_its_chinese_name(self, client: Client) -> None:
        evaluation = report(name="某地中期评估")
        answer = signed_in(client, leader()).post(address(evaluation, "export"))
        assert answer["Content-Type"].endswith("wordprocessingml.document")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''某地中期评估报告.docx" in unquote(answer["Content-Disposition"])
        assert answer.content[:2] == b"PK"

    def test_reading_the_address_exports_nothing(self, client: Client) -> None:
        assert signed_in(client, leader()).get(address(report(), "export")).status_code == 405
