"""The steps of the whole way, each on its page in a real browser: whichever server stands behind it, the way is known
by its addresses and people alone."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from playwright.sync_api import Locator, Page, expect

from evaluation.models import Evaluation
from organisations.models import Role, User
from plans.calendar import local_day, working_day_after
from submissions.models import State, Submission

RETURNED = 2


@dataclass(frozen=True)
class Person:
    username: str
    name: str


@dataclass(frozen=True)
class Way:
    """A demonstration: the current form with most cells that nobody has sent yet, of an organisation without a head."""

    site: str
    plan: str
    case: str
    period: str
    period_name: str
    organisation: str
    five_days_before: str
    indicators: int  # of categories: as many as the appendix has rows
    traced: int  # the number of an indicator that the form asks for
    people: Mapping[str, Person]  # by role

    @property
    def plan_page(self) -> str:
        return f"{self.site}/{self.plan}/"

    @property
    def form_page(self) -> str:
        return f"{self.plan_page}periods/{self.period}/forms/{self.organisation}/"

    @property
    def review_page(self) -> str:
        return f"{self.plan_page}reviews/{self.period}/{self.organisation}/"

    @property
    def case_page(self) -> str:
        return f"{self.plan_page}evaluations/{self.case}/"


def found_way() -> dict[str, Any]:
    """Find the way in the demonstration of this database, all but the site."""
    drafts = Submission.objects.filter(state=State.DRAFT, organisation__needs_confirmation=False, period__state="open")
    form = max(drafts.order_by("-deadline"), key=lambda form: (form.deadline, form.figures.count()))
    active = User.objects.filter(grants__withdrawn_at=None, is_active=True).order_by("username")
    people = {role: active.filter(grants__role=role).first() for role in Role if role != Role.REPORTER}
    people[Role.REPORTER] = active.filter(grants__role=Role.REPORTER, organisation=form.organisation).first()
    plan = form.period.plan
    return {
        "plan": plan.code,
        "case": Evaluation.objects.get(plan=plan).code,
        "period": form.period.code,
        "period_name": form.period.name,
        "organisation": form.organisation.code,
        "five_days_before": str(working_day_after(local_day(form.deadline), -5)),
        "indicators": plan.indicators.filter(category__isnull=False).count(),
        "traced": form.figures.filter(is_owed=True).order_by("pk")[0].indicator.number,
        "people": {role: (user.username, user.name) for role, user in people.items() if user},
    }


def way_at(site: str, found: Mapping[str, Any]) -> Way:
    people = {role: Person(*names) for role, names in found["people"].items()}
    return Way(site=site, **{**found, "people": people})


def signed_in(page: Page, way: Way, role: str, password: str) -> Page:
    """Sign in by the page, with the password."""
    person = way.people[role]
    page.goto(way.site)
    page.get_by_label("账号").fill(person.username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.name)
    return page


def saved(row: Locator) -> None:
    expect(row.locator("[data-state]")).to_contain_text("已保存")


def fill_in(page: Page, way: Way) -> None:
    page.goto(way.form_page)
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
    page.goto(way.review_page)


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


def told_why(page: Page, way: Way) -> None:
    page.goto(way.plan_page)
    expect(page.locator("main")).to_contain_text("理由")


def correct(page: Page, way: Way, keys: list[int]) -> None:
    page.goto(way.form_page)
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
    page.goto(way.case_page)
    page.get_by_text("条件未满足，仍然转段").click()
    page.locator("#despite-reason").fill("时间要求紧，先行转段，所缺部分随后补齐。")
    page.get_by_role("button", name="越过").last.click()
    expect(page.locator(".note.good").first).to_be_visible()


def traced(page: Page, way: Way) -> None:
    page.goto(f"{way.plan_page}indicators/{way.traced}/trace/?organisation={way.organisation}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("数据溯源")
    expect(page.locator("main")).to_contain_text(way.people["reporter"].name)


def overview_read(page: Page, way: Way) -> None:
    page.goto(way.plan_page + "overview/")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("项指标")


def exported(page: Page, way: Way) -> None:
    page.goto(way.case_page + "report/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出 Word 报告").click()
    document = docx.Document(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    appendix = document.tables[-1]
    assert len([row for row in appendix.rows if row.cells[0].text.isdigit()]) == way.indicators


def walk(way: Way, sign_in: Callable[[str], Page]) -> None:
    """Go the way from the filled form to the exported report, each role in a window of its own."""
    reporter = sign_in(Role.REPORTER)
    fill_in(reporter, way)
    submit(reporter)
    reviewer = sign_in(Role.REVIEWER)
    keys = return_two(reviewer, way)
    told_why(reporter, way)
    correct(reporter, way, keys)
    approve(reviewer, way)
    leader = sign_in(Role.LEADER)
    pass_stage(leader, way)
    overview_read(leader, way)
    traced(sign_in(Role.AUDITOR), way)
    exported(reviewer, way)
