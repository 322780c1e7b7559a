"""The whole way in a real browser: reminded, filled in, submitted, two figures returned, corrected, approved, a stage
passed, a number traced, the overview read, the report exported; each by its own role, signed in with a password."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.recording import recorded
from evaluation.models import Evaluation
from organisations.models import Role, User
from plans.calendar import local_day, working_day_after
from submissions.models import PublishedValue, State, Submission
from tests.running import MailSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSWORD = "Whole-way-2024"
RETURNED = 2


def current_form() -> Submission:
    """The form of the current period with most cells that nobody has sent yet, of an organisation without a head."""
    drafts = Submission.objects.filter(state=State.DRAFT, organisation__needs_confirmation=False, period__state="open")
    return max(drafts.order_by("-deadline"), key=lambda form: (form.deadline, form.figures.count()))


class Way:
    """The demonstration as the test finds it, and its people by role."""

    def __init__(self, server: LiveServer, open_context: Callable[..., BrowserContext]) -> None:
        self.server, self.open_context = server, open_context
        self.form = current_form()
        self.plan = self.form.period.plan
        self.case = Evaluation.objects.get(plan=self.plan)

    def person(self, role: Role, **where: object) -> User:
        holders = User.objects.filter(grants__role=role, grants__withdrawn_at=None, is_active=True, **where)
        return holders.exclude(pk=self.reporter.pk if role != Role.REPORTER else None).order_by("username")[0]

    @property
    def reporter(self) -> User:
        return User.objects.filter(
            grants__role=Role.REPORTER, organisation=self.form.organisation, is_active=True
        ).order_by("username")[0]

    def signed_in(self, user: User) -> Page:
        """Sign in by the page, with the password."""
        page = self.open_context(accept_downloads=True).new_page()
        page.goto(self.server.url)
        page.get_by_label("账号").fill(user.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(user.name)
        return page


@pytest.fixture
def way(
    transactional_db: None,
    live_server: LiveServer,
    open_context: Callable[..., BrowserContext],
    monkeypatch: pytest.MonkeyPatch,
) -> Way:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    call_command("load_plan", next(Path(django_settings.BASE_DIR, "data").glob("*/demonstration")).parent)
    django_settings.DEBUG, was = True, django_settings.DEBUG
    call_command("demo")
    django_settings.DEBUG = was
    return Way(live_server, open_context)


def reminded(way: Way, mail_sink: MailSink) -> None:
    reporter = way.reporter
    with recorded(by=None, reason="登记邮箱"):
        User.objects.filter(pk=reporter.pk).update(email="reporter@example.org")
    five_days_before = working_day_after(local_day(way.form.deadline), -5)
    call_command("send_reminders", "--on", str(five_days_before))
    mine = [each for each in mail_sink.messages if each["To"] == "reporter@example.org"]
    assert any(way.form.period.name in each["Subject"] for each in mine)


def saved(row: Locator) -> None:
    expect(row.locator("[data-state]")).to_contain_text("已保存")


def fill_in(page: Page, way: Way) -> None:
    form = way.form
    page.goto(f"{way.server.url}/{way.plan.code}/periods/{form.period.code}/forms/{form.organisation.code}/")
    for row in page.locator("tbody.one[data-editable='1']").all():
        row.locator("textarea[name=explanation]").fill("按台账汇总，已与来源单位核对。")
        if row.locator("input[name=value_text]").count():
            before = row.locator("td").nth(1).inner_text().splitlines()[0].replace(",", "")
            row.locator("input[name=value_text]").fill(before if before.replace(".", "").isdigit() else "12")
            page.keyboard.press("Tab")
        saved(row)
    for note in page.locator("[data-note]").all():
        note.get_by_label("进展状态").select_option("on_course")
        note.get_by_label("进展", exact=True).fill("按计划推进。")
        page.keyboard.press("Tab")
        saved(note)


def submit(page: Page) -> None:
    page.get_by_role("link", name="检查并提交给专项小组").click()
    page.get_by_role("button", name="提交给专项小组").click()
    expect(page.locator(".note.good").first).to_be_visible()


def review_page(page: Page, way: Way) -> None:
    form = way.form
    page.goto(f"{way.server.url}/{way.plan.code}/reviews/{form.period.code}/{form.organisation.code}/")


def open_all(page: Page) -> None:
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true; }")


def return_two(page: Page, way: Way) -> list[int]:
    """Return the first two figures with a reason each; give their keys."""
    review_page(page, way)
    open_all(page)
    ticks = page.locator("input[name=return]")
    keys = [int(ticks.nth(order).get_attribute("value") or 0) for order in range(RETURNED)]
    for key in keys:
        page.locator(f"input[name=return][value='{key}']").check()
        page.locator(f"input[name=reason-{key}]").first.check()
    page.locator("#return-and-publish").click()
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator(".note.good").first).to_contain_text(f"退回 {RETURNED} 项")
    return keys


def correct(page: Page, way: Way, keys: list[int]) -> None:
    form = way.form
    page.goto(f"{way.server.url}/{way.plan.code}/periods/{form.period.code}/forms/{form.organisation.code}/")
    expect(page.get_by_text("退回理由（1 条）")).to_have_count(RETURNED)
    for key in keys:
        row = page.locator(f"#cell-{key}")
        row.get_by_label("答复").fill("已与来源单位核实，数据无误，补充说明。")
        page.keyboard.press("Tab")
        saved(row)
    submit(page)


def approve(page: Page, way: Way) -> None:
    review_page(page, way)
    page.locator("#approve").click()
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator(".note.good").first).to_contain_text("已全部通过并发布")


def pass_stage(page: Page, way: Way) -> None:
    page.goto(f"{way.server.url}/{way.plan.code}/evaluations/{way.case.code}/")
    page.get_by_text("条件未满足，仍然转段").click()
    page.locator("#despite-reason").fill("时间要求紧，先行转段，所缺部分随后补齐。")
    page.get_by_role("button", name="越过").last.click()
    expect(page.locator(".note.good").first).to_be_visible()


def traced(page: Page, way: Way, number: int) -> None:
    page.goto(f"{way.server.url}/{way.plan.code}/indicators/{number}/trace/?organisation={way.form.organisation.code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("数据溯源")
    expect(page.locator("main")).to_contain_text(way.reporter.name)


def exported(page: Page, way: Way) -> None:
    page.goto(f"{way.server.url}/{way.plan.code}/evaluations/{way.case.code}/report/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出 Word 报告").click()
    document = docx.Document(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    appendix = document.tables[-1]
    assert (
        len([row for row in appendix.rows if row.cells[0].text.isdigit()])
        == way.plan.indicators.filter(category__isnull=False).count()
    )


def test_from_the_reminder_to_the_report(way: Way, mail_sink: MailSink) -> None:
    reminded(way, mail_sink)
    reporter = way.signed_in(way.reporter)
    fill_in(reporter, way)
    submit(reporter)
    reviewer = way.signed_in(way.person(Role.REVIEWER))
    keys = return_two(reviewer, way)
    reporter.goto(way.server.url)
    expect(reporter.locator("main")).to_contain_text("理由")
    correct(reporter, way, keys)
    approve(reviewer, way)
    published = PublishedValue.objects.filter(figure__submission=way.form)
    assert published.count() == way.form.figures.filter(is_owed=True).count()
    leader = way.signed_in(way.person(Role.LEADER))
    pass_stage(leader, way)
    leader.goto(f"{way.server.url}/{way.plan.code}/overview/")
    expect(leader.get_by_role("heading", level=2).first).to_contain_text("项指标")
    traced(way.signed_in(way.person(Role.AUDITOR)), way, published[0].indicator.number)
    exported(reviewer, way)


def test_the_administrators_sign_in_and_find_their_own_desk(way: Way) -> None:
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR, Role.HEAD):
        way.signed_in(way.person(role))
