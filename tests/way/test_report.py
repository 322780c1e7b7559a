"""The exported report of the loaded plan, read with python-docx, beside the published one."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from docx import Document
from docx.document import Document as DocumentObject

from arithmetic.goal import Outlook, Verdict
from evaluation.models import Evaluation
from plans.models import Plan
from reports.actions import export_report, prepare_report
from tests.factories.evaluation import case
from tests.way.collected import collect_everything
from tests.way.published_report import ANNUAL, CATEGORIES, ROWS, Printed

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def document(django_db_setup: None, django_db_blocker: object) -> Iterator[DocumentObject]:
    """The report, exported once: loaded, collected by the ordinary verbs, and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Document(io.BytesIO(export_report(evaluated(), by=None)))
        transaction.set_rollback(True)


def evaluated() -> Evaluation:
    call_command("load_plan", ROOT / "data" / "longgang", stdout=io.StringIO())
    plan = Plan.objects.get(code="longgang")
    collector = collect_everything(plan)
    cut_off, outlook = date(2023, 6, 30), date(2023, 12, 31)
    evaluation = case(of=plan, by=collector.reviewer, cut_off=cut_off, outlook_until=outlook)
    prepare_report(evaluation, by=collector.reviewer)
    return evaluation


def lines_of(table: object) -> list[list[str]]:
    """The rows of a table, heads and group lines left out; a merged cell counts once."""
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return [row for row in rows if len(set(row)) > 1]


def appendix_rows(document: DocumentObject) -> dict[int, list[str]]:
    return {int(row[0]): row for row in lines_of(document.tables[-1])}


def body_rows(document: DocumentObject) -> dict[int, list[str]]:
    """The rows of tables 1–5, by the number that the appendix gives them."""
    found = {}
    for category, numbers in CATEGORIES.items():
        for number, row in zip(numbers, lines_of(document.tables[category - 1]), strict=True):
            found[number] = row
    return found


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def holds(row: list[str], printed: Printed) -> list[str]:
    """What of the published row our row doesn't show, in words."""
    value, *explanation = row[5].split("\n")
    wrong = []
    if not row[1].startswith(printed.name):
        wrong.append(f"name {row[1]}")
    if row[2] != printed.base:
        wrong.append(f"base {row[2]}")
    if row[3] != printed.target:
        wrong.append(f"target {row[3]}")
    if row[4] != "预期性":
        wrong.append(f"attribute {row[4]}")
    if value != printed.value and not value.startswith(f"{printed.value}（"):
        wrong.append(f"value {value}")
    if without_spaces(printed.sentence) not in without_spaces("".join(explanation)):
        wrong.append(f"sentence {explanation}")
    return wrong


def test_the_appendix_holds_every_base_target_value_and_sentence(document: DocumentObject) -> None:
    rows = appendix_rows(document)
    assert list(rows) == list(range(1, 20))
    assert {row.number: wrong for row in ROWS if (wrong := holds(rows[row.number], row))} == {}


def test_tables_one_to_five_hold_all_nineteen_too_in_order(document: DocumentObject) -> None:
    rows = body_rows(document)
    assert list(rows) == list(range(1, 20))
    assert {row.number: wrong for row in ROWS if (wrong := holds(rows[row.number], row))} == {}


def test_rows_are_numbered_within_their_table(document: DocumentObject) -> None:
    for category, numbers in CATEGORIES.items():
        found = [row[0] for row in lines_of(document.tables[category - 1])]
        assert found == [str(order) for order in range(1, len(numbers) + 1)]


def test_the_annual_table_holds_every_year_with_its_growth(document: DocumentObject) -> None:
    table = document.tables[-2]
    heads = [cell.text for cell in table.rows[0].cells]
    assert heads == ["年度", "规上工业总产值（亿元）", "规上工业增加值（亿元）", "增速（可比价，%）"]
    rows = {row[0]: tuple(row[1:]) for row in ([cell.text for cell in row.cells] for row in table.rows[1:])}
    assert rows == {year: (output, added, growth) for year, (added, growth, output) in ANNUAL.items()}


def test_the_two_judgements_stand_apart_and_the_published_mark_is_an_explanation(document: DocumentObject) -> None:
    heads = [cell.text.replace("\n", "") for cell in document.tables[-1].rows[0].cells]
    assert heads[-3:] == ["是否达到中期进度", "预计能否如期完成", "说明"]
    verdicts, outlooks = {each.words for each in Verdict}, {each.words for each in Outlook}
    for printed in ROWS:
        *_, verdict, outlook, said = appendix_rows(document)[printed.number]
        assert verdict in verdicts
        assert outlook in outlooks
        assert without_spaces(printed.mark) in without_spaces(said)


def test_what_is_on_course_and_marked_otherwise_shows_both(document: DocumentObject) -> None:
    incubators = appendix_rows(document)[13]
    assert incubators[6:] == ["快于预期", "预计能完成", "原表是否完成：是"]


def test_titles_of_tables_and_parts_stand_as_published(document: DocumentObject) -> None:
    texts = [paragraph.text for paragraph in document.paragraphs]
    for title in (
        "表1　总量和经济效益目标",
        "表5　空间保障目标",
        "第六部分　加强规划实施的措施",
        "一、聚焦产业集群发展壮大",
    ):
        assert title in texts


def test_no_number_has_separators(document: DocumentObject) -> None:
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not [text for text in texts if re.search(r"\d[,，]\d{3}", text)]
