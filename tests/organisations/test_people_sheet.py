"""People from a sheet: all or none, every wrong cell told at once."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from organisations.actions import load_people
from organisations.models import User
from organisations.people_sheet import people_of, read_people
from tests.factories.organisations import organisation, person, system_administrator
from tests.organisations.signing_in import sign_in

pytestmark = pytest.mark.django_db

HEADS = ["登录名", "姓名", "单位", "电话", "电子邮箱"]


@pytest.fixture(autouse=True)
def home():
    return organisation(name="统计单位", short_name="统计", code="statistics")


def wrong_cells(*rows: list[str], heads: list[str] = HEADS) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        people_of([heads, *rows])
    return refused.value.messages


def workbook(*rows: list[object]) -> SimpleUploadedFile:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return SimpleUploadedFile("people.xlsx", file.getvalue())


class TestReading:
    def test_an_organisation_is_named_in_full_in_short_or_by_code(self, home) -> None:
        rows = [[f"u{n}", "甲", name] for n, name in enumerate(["统计单位", "统计", "statistics"])]
        assert [each.organisation for each in people_of([HEADS[:3], *rows])] == [home] * 3

    def test_columns_stand_in_any_order_and_blank_lines_are_passed_over(self) -> None:
        found = people_of([["单位", "姓名", "登录名"], ["统计", " 甲 ", "u1"], ["", "", ""], ["统计", "乙", "u2"]])
        assert [(each.username, each.name) for each in found] == [("u1", "甲"), ("u2", "乙")]

    def test_every_wrong_cell_is_told_at_once(self) -> None:
        person(username="taken")
        told = wrong_cells(
            ["taken", "甲", "统计", "", ""],
            ["u1", "", "统计", "", ""],
            ["u1", "乙", "没有的单位", "", "not-mail"],
            ["a b", "=A1", "", "1" * 51, ""],
        )
        cells = [words.split("：")[0] for words in told]
        assert sorted(cells) == [
            "人员!A2",
            "人员!A4",
            "人员!A5",
            "人员!B3",
            "人员!B5",
            "人员!C4",
            "人员!C5",
            "人员!D5",
            "人员!E4",
        ]

    def test_the_words_say_what_is_there_and_what_is_expected(self) -> None:
        assert wrong_cells(["u1", "甲", "统计局", "", ""]) == [
            "人员!C2：没有名为“统计局”的单位。请填写单位的全称、简称或代码。"
        ]

    @pytest.mark.parametrize(
        ("heads", "words"),
        [
            (["登录名", "姓名"], "缺少“单位”一列"),
            (["登录名", "姓名", "单位", "密码"], "人员!D1：“密码”不是名单的列"),
            (["登录名", "姓名", "单位", "姓名"], "有两列“姓名”"),
        ],
    )
    def test_wrong_heads_are_told(self, heads: list[str], words: str) -> None:
        assert any(words in told for told in wrong_cells(["u1", "甲", "统计", "乙"], heads=heads))

    def test_an_empty_list_is_refused(self) -> None:
        assert wrong_cells() == ["名单里没有人。请从第 2 行起填写，一人一行。"]

    def test_too_long_a_list_is_refused(self) -> None:
        assert "一次最多 200 人" in wrong_cells(*[[f"u{n}", "甲", "统计", "", ""] for n in range(201)])[0]


class TestFiles:
    def test_a_workbook_is_read(self) -> None:
        assert read_people(workbook(HEADS, ["u1", "甲", "统计", 13800000000]))[0].phone == "13800000000"

    def test_a_formula_is_named_with_its_cell(self) -> None:
        with pytest.raises(ValidationError, match="人员!B2：“=1\\+1”是公式"):
            read_people(workbook(HEADS, ["u1", "=1+1", "统计"]))

    def test_a_text_file_is_read(self) -> None:
        upload = SimpleUploadedFile("people.csv", "登录名,姓名,单位\nu1,甲,统计\n".encode("utf-8-sig"))
        assert read_people(upload)[0].username == "u1"

    @pytest.mark.parametrize("name", ["people.xlsx", "people.csv", "../../people.csv"])
    def test_what_is_no_sheet_is_refused_in_words(self, name: str) -> None:
        with pytest.raises(ValidationError):
            read_people(SimpleUploadedFile(name, b"\x00\x01 no sheet"))


class TestLoading:
    def test_each_person_signs_in_once_with_the_password(self) -> None:
        people = people_of([HEADS[:3], ["u1", "甲", "统计"], ["u2", "乙", "统计"]])
        for user, password in load_people(people, by=system_administrator()):
            assert sign_in(user, password).status_code == 302

    def test_all_or_none(self) -> None:
        people = people_of([HEADS[:3], ["u1", "甲", "统计"], ["u2", "乙", "统计"]])
        by = system_administrator()
        person(username="u2")
        with pytest.raises(ValidationError):
            load_people(people, by=by)
        assert not User.objects.filter(username="u1").exists()

    def test_a_reporter_loads_nobody(self) -> None:
        with pytest.raises(PermissionDenied):
            load_people([], by=person("reporter"))
