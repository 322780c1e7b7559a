"""The form as a reporter uses it: saved as one goes, nothing typed is lost, nothing is overwritten silently."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from indicators.models import Indicator
from organisations.models import User
from plans.models import Plan
from submissions.models import Figure, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import plan
from tests.factories.submissions import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["工业总产值", "企业数", "战略性新兴产业增加值占比"]
UNITS = ["亿元", "家", "%"]
Open = Callable[..., Page]


class Desk:
    """A form with three cells, and its reporter."""

    def __init__(self) -> None:
        self.of: Plan = plan()
        self.by: User = reporter()
        self.rows: list[Indicator] = [
            indicator(of=self.of, lead=self.by.organisation, name=name, unit=unit)
            for name, unit in zip(NAMES, UNITS, strict=True)
        ]
        self.form: Submission = opened(*self.rows)

    @property
    def address(self) -> str:
        form = self.form
        return f"/{self.of.code}/periods/{form.period.code}/forms/{form.organisation.code}/"

    def figure(self, order: int = 0) -> Figure:
        return self.form.figures.get(indicator=self.rows[order])


@pytest.fixture
def desk(transactional_db: None, settings, tmp_path: Path) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    return Desk()


@pytest.fixture
def form_of(desk: Desk, page_as: Open, live_server: LiveServer) -> Callable[[User], Page]:
    def open_form(user: User, **options: object) -> Page:
        page = page_as(user, **options)
        page.goto(live_server.url + desk.address)
        return page

    return open_form


@pytest.fixture
def page(desk: Desk, form_of: Callable[[User], Page]) -> Page:
    return form_of(desk.by)


def cell(page: Page, name: str = NAMES[0]) -> object:
    return page.get_by_label(f"{name} 本期")


def state(page: Page, name: str = NAMES[0]) -> object:
    return page.locator("tbody.one").filter(has_text=name).locator("[data-state]")


def leave(page: Page) -> None:
    page.keyboard.press("Tab")


class TestSavedAsOneGoes:
    def test_a_number_is_saved_when_it_is_left(self, page: Page, desk: Desk) -> None:
        cell(page).fill("1298")
        leave(page)
        expect(state(page)).to_contain_text("已保存")
        assert desk.figure().value == 1298

    def test_full_width_digits_are_understood_and_shown_as_they_are_saved(self, page: Page, desk: Desk) -> None:
        cell(page).fill("１２９８")
        leave(page)
        expect(state(page)).to_contain_text("已保存")
        expect(cell(page)).to_have_value("1298")

    def test_nonsense_is_refused_with_the_remedy_and_stays(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("422")
        cell(page).fill("约1298")
        leave(page)
        expect(state(page)).to_have_text("错误，未保存")
        expect(page.get_by_text("“约1298”不是一个确定的数。")).to_be_visible()
        expect(cell(page)).to_have_value("约1298")
        assert desk.figure().value is None

    def test_a_multiple_is_asked_about_before_it_is_saved(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("422")
        cell(page, NAMES[1]).fill("1.2万")
        leave(page)
        expect(state(page, NAMES[1])).to_have_text("请确认，未保存")
        page.get_by_role("button", name="理解正确，保存").click()
        expect(state(page, NAMES[1])).to_contain_text("已保存")
        assert desk.figure(1).value == 12000

    def test_an_explanation_is_saved_while_it_is_typed(self, page: Page, desk: Desk) -> None:
        page.get_by_label(f"{NAMES[0]} 说明").press_sequentially("按月报汇总")
        expect(page.locator("#last-saved")).to_be_visible()
        assert desk.figure().explanation == "按月报汇总"


class TestBesideTheNumber:
    def beside(self, page: Page, field: str) -> object:
        return page.get_by_label(f"{NAMES[0]} {field}")

    def test_what_is_folded_is_saved_as_one_goes(self, page: Page, desk: Desk) -> None:
        page.locator("details.more summary").first.click()
        self.beside(page, "上年同期数（可比口径）").fill("１，０００")
        leave(page)
        expect(self.beside(page, "上年同期数（可比口径）")).to_have_value("1000")
        with page.expect_response("**/cells/**"):
            self.beside(page, "预计能否如期完成").select_option("预计难完成")
        expect(page.locator('[data-part="last-year"]').first).to_have_text("1,000")
        expect(state(page)).to_have_text("待填")
        assert (desk.figure().last_year_value, desk.figure().expectation) == (1000, "no")

    def test_what_was_kept_of_it_is_put_back_and_unfolded(
        self, page: Page, desk: Desk, live_server: LiveServer
    ) -> None:
        page.expected_errors.append("ERR_FAILED")
        page.route("**/cells/**", lambda route: route.abort())
        page.locator("details.more summary").first.click()
        self.beside(page, "数据来源").fill("统计月报")
        leave(page)
        expect(state(page)).to_have_text("未保存")
        later = page.context.new_page()
        page.close(run_before_unload=False)
        later.goto(live_server.url + desk.address)
        expect(self.beside(later, "数据来源")).to_have_value("统计月报")
        expect(self.beside(later, "数据来源")).to_be_visible()
        expect(later.locator("#last-saved")).to_be_visible()
        assert desk.figure().data_source == "统计月报"


class TestOnPaper:
    def test_a_long_text_is_whole(self, page: Page) -> None:
        words = "很长的说明。" * 200
        field = page.get_by_label(f"{NAMES[0]} 说明")
        field.fill(words)
        leave(page)
        expect(state(page)).to_have_text("待填")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.locator("p.on-paper").first).to_have_text(words)
        expect(field).to_be_hidden()
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        expect(field).to_be_visible()
        expect(page.locator(".on-paper")).to_have_count(0)

    def test_the_sheet_lies_across(self, page: Page) -> None:
        sheet = page.pdf(prefer_css_page_size=True)
        width, height = re.search(rb"/MediaBox ?\[0 0 (\d+)[\d.]* (\d+)", sheet).groups()
        assert int(width) > int(height)


class TestThreeWaysToLeaveACellEmpty:
    def test_a_zero_is_given_on_purpose_and_taken_back(self, page: Page, desk: Desk) -> None:
        cell(page).focus()
        page.keyboard.press("F8")
        expect(state(page)).to_contain_text("确认为零")
        assert (desk.figure().answer, desk.figure().value) == ("zero", 0)
        page.get_by_role("button", name="改为填数").click()
        expect(state(page)).to_have_text("待填")
        assert desk.figure().answer == ""

    def test_no_data_needs_a_reason(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("422")
        cell(page).focus()
        page.keyboard.press("F9")
        page.get_by_role("button", name="保存为无数据").first.click()
        expect(page.get_by_text("请说明没有数据的原因。")).to_be_visible()
        page.get_by_label("没有数据的原因").first.fill("指标不再统计")
        page.get_by_role("button", name="保存为无数据").first.click()
        expect(state(page)).to_contain_text("无数据，已保存")
        assert desk.figure().no_data_reason == "指标不再统计"


class TestTwoPeople:
    @pytest.fixture
    def both(self, desk: Desk, page: Page, form_of: Callable[[User], Page]) -> tuple[Page, Page]:
        """The second one opened the form before the first one saved 78."""
        other = form_of(reporter(at=desk.by.organisation, name="填报人乙"))
        other.expected_errors.append("409")
        cell(page).fill("78")
        leave(page)
        expect(state(page)).to_contain_text("已保存")
        cell(other).fill("76")
        leave(other)
        expect(state(other)).to_have_text("两人填写不一致")
        return page, other

    def test_the_later_one_is_told_and_nothing_is_overwritten(self, desk: Desk, both: tuple[Page, Page]) -> None:
        expect(both[1].locator(".note.bad")).to_contain_text("78")
        assert desk.figure().value == 78

    def test_one_may_keep_the_others(self, desk: Desk, both: tuple[Page, Page]) -> None:
        both[1].get_by_role("button", name=f"保留{desk.by.name}的 78").click()
        expect(cell(both[1])).to_have_value("78")
        assert desk.figure().value == 78

    def test_or_put_ones_own_in_its_place(self, desk: Desk, both: tuple[Page, Page]) -> None:
        both[1].get_by_role("button", name="改用我的 76").click()
        expect(state(both[1])).to_contain_text("已保存")
        assert desk.figure().value == 76


class TestNothingTypedIsLost:
    def cut(self, page: Page) -> None:
        page.expected_errors.append("ERR_FAILED")
        page.route("**/cells/**", lambda route: route.abort())

    def test_without_a_network_it_is_kept_and_saved_when_it_is_back(self, page: Page, desk: Desk) -> None:
        self.cut(page)
        cell(page).fill("118")
        leave(page)
        expect(state(page)).to_have_text("未保存")
        expect(page.get_by_text("网络中断")).to_be_visible()
        assert desk.figure().value is None
        page.unroute("**/cells/**")
        page.get_by_role("button", name="立即重试保存").click()
        expect(state(page)).to_contain_text("已保存")
        assert desk.figure().value == 118

    def test_it_is_there_again_after_the_page_was_closed(
        self, page: Page, desk: Desk, live_server: LiveServer
    ) -> None:
        self.cut(page)
        cell(page).fill("118")
        leave(page)
        expect(state(page)).to_have_text("未保存")
        later = page.context.new_page()
        page.close(run_before_unload=False)
        later.goto(live_server.url + desk.address)
        expect(later.get_by_text("已恢复上次没有保存的 1 项内容")).to_be_visible()
        expect(state(later)).to_contain_text("已保存")
        assert desk.figure().value == 118
        assert later.evaluate("Object.keys(localStorage)") == []

    def test_another_account_on_the_computer_reads_nothing(self, page: Page, desk: Desk) -> None:
        self.cut(page)
        page.get_by_label(f"{NAMES[0]} 说明").fill("只给本人看的话")
        leave(page)
        expect(state(page)).to_have_text("未保存")
        kept = page.evaluate("Object.values(localStorage).join()")
        assert kept
        assert "只给本人看的话" not in kept

    def test_a_failing_server_is_told_as_such(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("503")

        def fail(route: Route) -> None:
            route.fulfill(status=503, body="")

        page.route("**/cells/**", fail)
        cell(page).fill("118")
        leave(page)
        expect(page.get_by_text("系统暂时不能保存")).to_be_visible()

    def test_an_ended_session_is_told_and_the_text_stays(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("401")
        page.context.clear_cookies(name="sessionid")
        cell(page).fill("118")
        leave(page)
        expect(state(page)).to_have_text("未保存")
        expect(page.get_by_role("link", name="重新登录")).to_be_visible()
        expect(cell(page)).to_have_value("118")


class TestEvidence:
    def test_a_file_is_attached_and_removed(self, page: Page, desk: Desk) -> None:
        chooser = page.get_by_label(f"{NAMES[0]} 添加附件")
        chooser.set_input_files({"name": "月报.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"})
        expect(page.get_by_role("link", name="月报.pdf")).to_be_visible()
        page.get_by_role("button", name="移除 月报.pdf").click()
        expect(page.get_by_role("link", name="月报.pdf")).to_have_count(0)

    def test_a_program_in_disguise_is_refused_in_words(self, page: Page, desk: Desk) -> None:
        page.expected_errors.append("422")
        chooser = page.get_by_label(f"{NAMES[0]} 添加附件")
        chooser.set_input_files({"name": "月报.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00program"})
        expect(page.get_by_text("不是可以接收的类型")).to_be_visible()
        assert not desk.figure().evidence.exists()


def test_keys_move_from_cell_to_cell(page: Page) -> None:
    cell(page).fill("5")
    page.keyboard.press("Enter")
    expect(cell(page, NAMES[1])).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page)).to_be_focused()


def test_the_foot_counts_what_is_to_do(page: Page) -> None:
    expect(page.locator("#to-do")).to_have_text("还有 3 项要处理：3 项待填")
    cell(page).fill("5")
    leave(page)
    expect(page.locator("#to-do")).to_have_text("还有 2 项要处理：2 项待填")


def test_the_check_page_waits_for_what_is_being_saved(page: Page, desk: Desk) -> None:
    cell(page).fill("5")
    page.get_by_role("link", name="检查并提交").click()
    page.wait_for_url("**/check/")
    assert desk.figure().value == 5


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(
    desk: Desk, form_of: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = form_of(desk.by, viewport={"width": width, "height": 900})
    assert axe(page) == []
