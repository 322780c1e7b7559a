"""The form as a grid: a block from a spreadsheet with its preview, undo, fill down, keys, the change as one types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from indicators.models import QuantityKind
from organisations.models import User
from submissions.models import Figure, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import plan
from tests.factories.submissions import opened, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT = 12
Paste = Callable[[str], None]


class Sheet:
    """A form of twelve cells in 家, the first with a value of the last period, and its reporter."""

    def __init__(self) -> None:
        self.of, self.by = plan(), reporter()
        self.rows = [
            indicator(of=self.of, lead=self.by.organisation, name=f"企业数{n}", unit="家", kind=QuantityKind.STOCK)
            for n in range(1, COUNT + 1)
        ]
        self.form: Submission = opened(*self.rows)
        published(self.rows[0], "100", as_of=self.form.period.ends_on.replace(year=2017), by=self.by.organisation)

    @property
    def address(self) -> str:
        form = self.form
        return f"/{self.of.code}/periods/{form.period.code}/forms/{form.organisation.code}/"

    def figure(self, number: int = 1) -> Figure:
        return self.form.figures.get(indicator=self.rows[number - 1])

    def values(self) -> list[object]:
        return [figure.value for figure in self.form.figures.order_by("indicator__number")]


@pytest.fixture
def sheet(transactional_db: None) -> Sheet:
    return Sheet()


@pytest.fixture
def page(sheet: Sheet, page_as: Callable[..., Page], live_server: LiveServer) -> Page:
    found = page_as(sheet.by, permissions=["clipboard-read", "clipboard-write"])
    found.goto(live_server.url + sheet.address)
    return found


def cell(page: Page, number: int = 1, field: str = "本期") -> object:
    return page.get_by_label(f"企业数{number} {field}", exact=True)


def state(page: Page, number: int = 1) -> object:
    return page.locator("tbody.one").nth(number - 1).locator("[data-state]")


@pytest.fixture
def paste(page: Page) -> Paste:
    """Put a text on the clipboard and paste it by keyboard into the cell that has the focus."""

    def pasted(text: str) -> None:
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("Control+v")

    return pasted


BLOCK = "\r\n".join(
    ["1,234.5\t2018年6月底\t按月报汇总\t统计月报", "１２３４\t\t\t", "\t\t本格空着\t"]
    + [f"{n * 1000:,}\t2018-06-30\t说明{n}\t来源{n}" for n in range(4, 12)]
)


class TestPaste:
    def test_a_block_of_eleven_rows_and_four_columns_lands_where_the_preview_says(
        self, page: Page, sheet: Sheet, paste: Paste
    ) -> None:
        cell(page).focus()
        paste(BLOCK + "\r\n")
        dialog = page.get_by_role("dialog", name="粘贴预览")
        expect(dialog.get_by_role("status")).to_contain_text("粘贴了 11 行 4 列。将填入 38 格，6 格不变")
        assert sheet.values() == [None] * COUNT
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(state(page, 11)).to_contain_text("已保存")
        expect(cell(page, 2)).to_have_value("1234")
        values = [None if value is None else str(value.normalize()) for value in sheet.values()]
        assert values[:5] == ["1234.5", "1234", None, "4E+3", "5E+3"]
        assert values[-1] is None
        third, last = sheet.figure(3), sheet.figure(11)
        assert (third.answer, third.explanation) == ("", "本格空着")
        assert (last.as_of_printed, last.explanation, last.data_source) == ("2018-06-30", "说明11", "来源11")

    def test_what_cannot_land_is_named_and_the_rest_lands(self, page: Page, sheet: Sheet, paste: Paste) -> None:
        cell(page, 10).focus()
        paste("约5\n1.2万\n7\n8\n")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("“约5”不是一个确定的数。")
        expect(dialog).to_contain_text("超出表格末行，不填入")
        dialog.get_by_label("“1.2万”理解为 12,000。理解正确").check()
        dialog.get_by_role("button", name="填入 2 格").click()
        expect(state(page, 11)).to_contain_text("已保存")
        assert sheet.values()[9:] == [None, 12000, 7]

    def test_a_column_of_names_puts_each_line_in_its_row(self, page: Page, sheet: Sheet, paste: Paste) -> None:
        cell(page).focus()
        paste("企业数7\t70\n企业数3\t30\n别的\t1\n")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("没有这个指标，不填入")
        dialog.get_by_role("button", name="填入 2 格").click()
        expect(state(page, 7)).to_contain_text("已保存")
        assert (sheet.figure(7).value, sheet.figure(3).value, sheet.figure(1).value) == (70, 30, None)

    def test_it_is_undone_and_done_again_as_one_step(self, page: Page, sheet: Sheet, paste: Paste) -> None:
        cell(page).focus()
        paste("1\n2\n3\n")
        expect(page.get_by_role("button", name="填入 3 格")).to_be_focused()
        page.keyboard.press("Enter")
        expect(state(page, 3)).to_contain_text("已保存")
        page.keyboard.press("Control+z")
        expect(state(page, 3)).to_have_text("待填")
        assert sheet.values()[:3] == [None, None, None]
        page.keyboard.press("Control+y")
        expect(state(page, 3)).to_contain_text("已保存")
        assert sheet.values()[:3] == [1, 2, 3]

    def test_nothing_lands_when_it_is_not_agreed_to(self, page: Page, sheet: Sheet, paste: Paste) -> None:
        cell(page).focus()
        paste("1\n2\n")
        expect(page.get_by_role("button", name="填入 2 格")).to_be_focused()
        page.keyboard.press("Escape")
        expect(cell(page)).to_be_focused()
        expect(cell(page)).to_have_value("")


F8_AND_RESTORING = """() => {
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "F8", bubbles: true, cancelable: true }));
  window.Restoring.restore(window.Form.send, new Set());
}"""


class TestUndo:
    def test_steps_in_several_cells_are_taken_back_one_by_one(self, page: Page, sheet: Sheet) -> None:
        cell(page).focus()
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        page.keyboard.press("F8")
        expect(state(page, 2)).to_contain_text("确认为零")
        expect(state(page)).to_contain_text("已保存")
        page.keyboard.press("Control+z")
        expect(state(page, 2)).to_have_text("待填")
        page.keyboard.press("Control+z")
        expect(state(page)).to_have_text("待填")
        expect(cell(page)).to_have_value("")
        assert sheet.values() == [None] * COUNT

    def test_a_step_taken_before_lost_words_are_put_back_is_one_step(self, page: Page, sheet: Sheet) -> None:
        cell(page).focus()
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        page.evaluate(F8_AND_RESTORING)
        expect(state(page, 2)).to_contain_text("确认为零")
        for number in (2, 1):
            page.keyboard.press("Control+z")
            expect(state(page, number)).to_have_text("待填")
        assert sheet.values() == [None] * COUNT


class TestKeys:
    def test_a_run_of_cells_is_picked_and_filled_down(self, page: Page, sheet: Sheet) -> None:
        cell(page, 1, "截至日期").focus()
        page.keyboard.type("2018年6月底")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Control+d")
        expect(page.locator("#last-saved")).to_be_visible()
        expect(cell(page, 4, "截至日期")).to_have_value("2018年6月底")
        expect(state(page, 4)).to_have_text("待填")
        assert sheet.figure(4).as_of_printed == "2018年6月底"

    def test_zero_is_confirmed_for_a_run(self, page: Page, sheet: Sheet) -> None:
        cell(page, 2).focus()
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("F8")
        expect(state(page, 3)).to_contain_text("确认为零")
        assert [sheet.figure(n).answer for n in (1, 2, 3)] == ["", "zero", "zero"]

    def test_left_and_right_go_to_the_neighbour_from_the_edge(self, page: Page) -> None:
        cell(page).focus()
        page.keyboard.type("12")
        page.keyboard.press("ArrowRight")
        expect(cell(page, 1, "截至日期")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(cell(page, 1, "说明")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(cell(page)).to_be_focused()
        page.keyboard.press("F2")
        expect(cell(page, 1, "说明")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(cell(page, 1, "截至日期")).to_be_focused()

    def test_enter_moves_on_before_an_answer_is_saved(self, page: Page, sheet: Sheet) -> None:
        page.route("**/cells/", lambda _: None)  # held until it is unrouted
        cell(page).focus()
        page.keyboard.press("F9")
        page.keyboard.type("停止统计")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Enter")
        expect(cell(page, 2)).to_be_focused()
        page.keyboard.type("7")
        page.locator("tbody.one").nth(2).get_by_role("button", name="确认为零").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(cell(page, 4)).to_be_focused()
        page.unroute("**/cells/")
        for number, words in ((1, "无数据，已保存"), (2, "已保存"), (3, "确认为零")):
            expect(state(page, number)).to_contain_text(words)
        assert [sheet.figure(n).answer for n in (1, 2, 3)] == ["no_data", "value", "zero"]
        assert sheet.figure(2).value == 7

    def test_shift_and_enter_go_up(self, page: Page) -> None:
        cell(page, 2).focus()
        page.keyboard.press("Shift+Enter")
        expect(cell(page)).to_be_focused()


def test_the_change_is_shown_as_one_types_before_anything_is_saved(page: Page, sheet: Sheet) -> None:
    cell(page).focus()
    page.keyboard.type("1,250")
    change = page.locator('tbody.one [data-part="change"]').first
    expect(change).to_contain_text("+1,150")
    expect(state(page)).to_have_text("正在填写")
    assert sheet.figure().value is None


def test_a_question_is_answered_with_yes_or_no(
    page_as: Callable[[User], Page], live_server: LiveServer, transactional_db: None
) -> None:
    by = reporter()
    form = opened(indicator(lead=by.organisation, name="是否建成", unit="", target_form="yes_no"))
    page = page_as(by)
    page.goto(f"{live_server.url}/{form.period.plan.code}/periods/{form.period.code}/forms/{form.organisation.code}/")
    expect(page.get_by_role("button", name="确认为零")).to_have_count(0)
    page.get_by_role("button", name="是", exact=True).click()
    expect(page.locator("[data-state]").first).to_contain_text("已保存")
    assert form.figures.get().value_printed == "是"


class TestTabs:
    @pytest.fixture
    def other(self, page: Page, sheet: Sheet, live_server: LiveServer) -> Page:
        found = page.context.new_page()
        found.goto(live_server.url + sheet.address)
        return found

    def test_what_one_tab_saves_the_other_shows(self, page: Page, other: Page, sheet: Sheet) -> None:
        cell(page).fill("５")
        page.keyboard.press("Enter")
        expect(state(page)).to_contain_text("已保存")
        expect(cell(other)).to_have_value("5")
        cell(other).fill("6")
        other.keyboard.press("Enter")
        expect(cell(page)).to_have_value("6")
        assert (sheet.figure().value, sheet.figure().revision) == (6, 2)

    def test_what_one_tab_is_typing_another_does_not_send(
        self, page: Page, sheet: Sheet, live_server: LiveServer
    ) -> None:
        cell(page).press_sequentially("12")
        later = page.context.new_page()
        later.goto(live_server.url + sheet.address)
        later.wait_for_timeout(400)
        expect(later.locator("#restored")).to_be_hidden()
        assert sheet.figure().revision == 0


def test_last_periods_explanation_is_marked_until_it_is_edited(
    page: Page, sheet: Sheet, live_server: LiveServer
) -> None:
    last = sheet.form.period.ends_on.replace(year=2016)
    published(sheet.rows[1], "9", as_of=last, by=sheet.by.organisation, explanation="口径不变")
    page.goto(live_server.url + sheet.address)
    row = page.locator("tbody.one").nth(1)
    row.get_by_role("button", name="沿用上期说明").click()
    expect(cell(page, 2, "说明")).to_have_value("口径不变")
    expect(row.get_by_text("沿用上期", exact=True)).to_be_visible()
    cell(page, 2, "说明").fill("口径有变")
    page.keyboard.press("Tab")
    expect(row.get_by_text("沿用上期", exact=True)).to_be_hidden()
