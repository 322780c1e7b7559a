"""No text of anybody's becomes a formula in a sheet that we hand out; numbers stay numbers."""

import base64
import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from audit.spreadsheets import csv_of, inert
from tests.audit.test_recorded_admin import signed_in
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, organisation, system_administrator
from workbooks.template import write_template

FORMULAS = [
    "=1+1",
    "==1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u3000=1",
    "＝1+1",
    "+8613800138000 x",
    "-2+3|cmd",
    "--1",
]


class TestInert:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_text_that_a_program_could_run_gets_an_apostrophe(self, text: str) -> None:
        assert inert(text) == f"'{text}"

    @pytest.mark.parametrize(
        "text", ["", "某局", "1+1", "＞60", "——", "-", "-12.5", "+3", "-9,741.43", "−1.6", "-1.6%", "a=b", "'=1"]
    )
    def test_other_texts_stay_what_they_are(self, text: str) -> None:
        assert inert(text) == text

    @pytest.mark.parametrize("value", [Decimal("-12.50"), -3, 0, None, True])
    def test_a_number_stays_a_number(self, value: object) -> None:
        assert inert(value) is value

    def test_what_no_sheet_can_hold_is_replaced(self) -> None:
        assert inert("甲\x00乙\x0b") == "甲\ufffd乙\ufffd"

    def test_a_sign_behind_such_a_character_is_no_way_round(self) -> None:
        assert inert("\x00=1") == "\ufffd=1"


def test_a_text_sheet_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(csv_of([[text, Decimal("-1.5")] for text in FORMULAS]), newline="")))
    assert [row[0] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert {row[1] for row in rows} == {"-1.5"}


@pytest.mark.django_db
class TestListOfTheAdministration:
    address = property(lambda self: reverse("admin:organisations_organisation_export"))

    def sent(self, form: str) -> bytes:
        answer = signed_in(system_administrator()).post(self.address, {"format": form, "resource": "0"})
        return answer.content

    @pytest.mark.parametrize("name", ["=1+1", "==1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_name_is_a_formula_in_either_format(self, name: str) -> None:
        organisation(name=name)
        cells = [row[0] for row in load_workbook(io.BytesIO(self.sent("0"))).active.iter_rows()]
        assert {cell.data_type for cell in cells} == {"s"}
        assert any(str(cell.value).startswith("'") for cell in cells)
        texts = [row[0] for row in csv.reader(io.StringIO(self.sent("1").decode(), newline=""))]
        assert f"'{name}" in texts
        assert name not in texts

    def test_a_number_stays_a_number(self) -> None:
        indicator(target=Decimal("-12.5"))
        answer = signed_in(auditor()).post(
            reverse("admin:indicators_indicator_export"), {"format": "0", "resource": "0"}
        )
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert any(cell.data_type == "n" for cell in sheet[2] if cell.value is not None)


@pytest.mark.django_db
def test_the_sheet_of_one_time_passwords_holds_no_formula() -> None:
    client = signed_in(system_administrator())
    unit = organisation(name="==1")
    typed = {"username": "new-one", "name": "@SUM(A1)", "organisation": unit.pk}
    shown = client.post(reverse("add_person"), typed)
    encoded = shown.context["sheet"]
    rows = list(csv.reader(io.StringIO(base64.b64decode(encoded).decode("utf-8-sig"), newline="")))
    assert rows[1][:3] == ["'==1", "'@SUM(A1)", "new-one"]


def test_the_empty_workbook_holds_no_formula(tmp_path: Path) -> None:
    write_template(tmp_path / "plan.xlsx")
    pages = load_workbook(tmp_path / "plan.xlsx").worksheets
    assert not [cell for page in pages for row in page.iter_rows() for cell in row if cell.data_type == "f"]
