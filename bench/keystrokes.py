"""A form of nineteen rows filled in by keyboard, here and in a LibreOffice sheet: the same intentions, one by one, at the
same pace; prints keystrokes and seconds of both.

Here it is Debian's Chromium, until the form is handed in and the server says so. There it is a real window of LibreOffice
Calc, until the file is saved: sending it to somebody, who copies the numbers together, isn't counted. A click counts as a
keystroke; letters of an input method count as the text that they make.

The sheet needs the Debian packages ``libreoffice-calc``, ``xvfb`` and ``xdotool``; without them only our side is measured.
Makes a database of its own on the server of OWNER_DATABASE_URL, and drops it at the end. Run: ``python bench/keystrokes.py``.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from openpyxl import Workbook
from playwright.sync_api import Page, expect, sync_playwright

from bench.collecting import CHROMIUM, DAY, database_of_its_own, signed_in
from indicators.models import QuantityKind
from organisations.models import User
from submissions.addresses import address
from submissions.models import Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import plan
from tests.factories.submissions import opened, published

ROWS, PACE = 19, 80  # milliseconds between keys
PROGRAMS = ("soffice", "Xvfb", "xdotool")
SCREEN = ":97"


@dataclass(frozen=True)
class Intention:
    """What a person wants of one row: a value, a value with a note, zero, no data with a reason, as last period."""

    kind: str
    text: str = ""
    note: str = ""


def intentions() -> list[Intention]:
    """Fifteen values, one of them with a note; two zeros, one without data, one as in the last period."""
    special = {
        8: Intention("zero"),
        11: Intention("zero"),
        13: Intention("no data", note="survey in autumn"),
        15: Intention("same"),
        17: Intention("value", "1018", "one more since May"),
    }
    return [special.get(row, Intention("value", str(1001 + row))) for row in range(1, ROWS + 1)]


@dataclass
class Counted:
    """Presses keys through a driver and counts them."""

    press_one: Callable[[str], object]
    type_text: Callable[[str], object]
    keys: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.press_one(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.type_text(text)
        self.keys += len(text)


# ------------------------------------------------------------------ here
def fill_in_here(driver: Counted, wanted: Intention) -> None:
    if wanted.kind == "zero":
        driver.press("F8")
    elif wanted.kind == "no data":
        driver.press("F9")
        driver.type(wanted.note)
        driver.press("Control+Enter")
    elif wanted.kind == "same":
        driver.press("Tab", "Space")
    else:
        driver.type(wanted.text)
    if wanted.kind == "value" and wanted.note:
        driver.press("F2")
        driver.type(wanted.note)
        driver.press("Shift+Tab", "Shift+Tab")
    driver.press("Enter")


def form_of(by: User) -> Submission:
    of, last = plan(), DAY.replace(year=DAY.year - 1)
    rows = [
        indicator(
            of=of, lead=by.organisation, name=f"企业数{n}", unit="家", target=None, base=None, kind=QuantityKind.STOCK
        )
        for n in range(1, ROWS + 1)
    ]
    for number, each in enumerate(rows, 1):
        published(
            each,
            "0" if intentions()[number - 1].kind == "zero" else str(1000 + number),
            as_of=last,
            by=by.organisation,
        )
    return opened(*rows)


@contextmanager
def page_of(form: Submission, by: User) -> Iterator[Page]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    site = f"http://127.0.0.1:{server.port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        cookie = signed_in(by).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.goto(site + address(form, "form"), timeout=120_000)
        yield page
        browser.close()
        connections["default"].close()  # the driver's loop has a connection of its own
    server.terminate()


def pressed(page: Page, key: str) -> None:
    page.keyboard.press(key)
    page.wait_for_timeout(PACE)


def here() -> tuple[int, int, list[str]]:
    """Keystrokes, milliseconds, and the values that arrived."""
    by = reporter()
    form = form_of(by)
    with page_of(form, by) as page:
        driver = Counted(lambda key: pressed(page, key), lambda text: page.keyboard.type(text, delay=PACE))
        page.locator("input[name=value_text]").first.focus()
        started = time.perf_counter_ns()
        for wanted in intentions():
            fill_in_here(driver, wanted)
        page.locator("#to-check").click()
        page.wait_for_url("**/check/", timeout=60_000)
        hand_in = page.get_by_role("form", name="提交").get_by_role("button")
        expect(hand_in).to_be_visible(timeout=60_000)
        hand_in.click()
        page.wait_for_url(lambda url: not url.endswith("/check/"), timeout=60_000)
        spent = (time.perf_counter_ns() - started) // 10**6
    form.refresh_from_db()
    figures = form.figures.order_by("indicator__number")
    values = ["" if each.value is None else f"{each.value.normalize():f}" for each in figures]
    return driver.keys + 2, spent, [form.get_state_display(), *values]


# ------------------------------------------------------------------ in a sheet
def fill_in_there(driver: Counted, wanted: Intention) -> None:
    """After Tab, Enter goes to the next row of the column that one began in."""
    if wanted.kind == "same":
        driver.press("equal", "Left")
    else:
        driver.type({"zero": "0", "no data": "n/a"}.get(wanted.kind, wanted.text))
    if wanted.note:
        driver.press("Tab")
        driver.type(wanted.note)
    driver.press("Return")


def sheet_in(folder: Path) -> Path:
    """The same rows as an OpenDocument sheet."""
    book = Workbook()
    sheet = book.active
    sheet.append(["指标", "单位", "上期", "本期", "说明"])
    for number in range(1, ROWS + 1):
        sheet.append([f"企业数{number}", "家", 1000 + number])
    book.save(folder / "form.xlsx")
    converted(folder / "form.xlsx", "ods")
    return folder / "form.ods"


def converted(file: Path, to: str) -> None:
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def xdotool(*words: str) -> str:
    """Run xdotool on the screen of our own."""
    done = subprocess.run(["xdotool", *words], capture_output=True, text=True, env=os.environ | {"DISPLAY": SCREEN})
    return done.stdout.strip()


def paced(*words: str) -> None:
    """Run xdotool for one key; its own delay between keys is shorter than it is told."""
    xdotool(*words)
    time.sleep(PACE / 1000)


class NoWindow(Exception):
    """LibreOffice opened none: it is there without its user interface."""


@contextmanager
def window_of(file: Path) -> Iterator[None]:
    """The sheet in a window that takes keys."""
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    environment = os.environ | {"DISPLAY": SCREEN, "SAL_USE_VCLPLUGIN": "gen"}
    screen = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1440x900x24"], stderr=subprocess.DEVNULL)
    time.sleep(2)
    office = ["soffice", profile, "--norestore", "--nologo", "--nofirststartwizard", "--calc", str(file)]
    program = subprocess.Popen(office, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        window = ""
        for _ in range(120):
            window = xdotool("search", "--onlyvisible", "--name", file.name)
            if window:
                break
            time.sleep(1)
        if not window:
            raise NoWindow
        time.sleep(8)  # until it takes keys
        xdotool("windowfocus", window.split()[0])
        xdotool("key", "--delay", "100", "ctrl+Home", "Right", "Right", "Right", "Down")  # the first cell to fill in
        yield
    finally:
        if program.poll() is None:
            os.killpg(program.pid, 15)
        program.wait(30)
        screen.terminate()
        screen.wait(30)


def in_a_sheet() -> tuple[int, int, list[str]]:
    with tempfile.TemporaryDirectory() as name:
        file = sheet_in(Path(name))
        before = file.stat().st_mtime_ns
        driver = Counted(lambda key: paced("key", key), lambda text: [paced("type", each) for each in text])
        with window_of(file):
            started = time.perf_counter_ns()
            for wanted in intentions():
                fill_in_there(driver, wanted)
            driver.press("ctrl+s")
            for _ in range(600):
                if file.stat().st_mtime_ns != before:
                    break
                time.sleep(0.1)
            spent = (time.perf_counter_ns() - started) // 10**6
            time.sleep(2)
        converted(file, "csv")
        with (file.with_suffix(".csv")).open(encoding="utf-8") as rows:
            values = [row[3] for row in csv.reader(rows)][1:]
        return driver.keys, spent, values


def expected_values(of: Sequence[Intention], *, no_data: str) -> list[str]:
    words = {"zero": "0", "no data": no_data}
    return [
        str(1000 + row) if each.kind == "same" else words.get(each.kind, each.text) for row, each in enumerate(of, 1)
    ]


def say(where: str, keys: int, spent: int, is_right: bool) -> None:
    told = "所填无误" if is_right else "所填有误"
    print(f"{where}：{keys} 次按键，{spent // 1000}.{spent % 1000 // 100} 秒，{told}", flush=True)


def main() -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
    with database_of_its_own():
        keys, spent, values = here()
        say(
            f"本系统填 {ROWS} 行并提交（{values[0]}）",
            keys,
            spent,
            values[1:] == expected_values(intentions(), no_data=""),
        )
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        print(f"没有安装 {'、'.join(missing)}，未测 LibreOffice Calc。")
        return
    try:
        keys, spent, values = in_a_sheet()
    except NoWindow:
        print("LibreOffice 没有打开窗口（须装带界面的 libreoffice-calc，不是 -nogui），未测 LibreOffice Calc。")
        return
    right = values == expected_values(intentions(), no_data="n/a")
    say(f"LibreOffice Calc 填 {ROWS} 行并保存（未计发送、汇总）", keys, spent, right)
    if not right:
        print(values)


if __name__ == "__main__":
    main()
