"""Kill -9 of the web server, the worker, the broker and the database, in turn, while a form is being saved: after each
restart nothing that was answered as saved is missing."""

import html
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest

from config.local_services.ports import free_port
from drills.conftest import processes_of
from tests.running import until

pytestmark = pytest.mark.timeout(600)

PASSWORD = "Drill-2024-kill"
VICTIMS = {
    "web": "gunicorn",
    "worker": "celery -A config worker",
    "broker": "valkey-server",
    "database": "bin/postgres -D",
}
SAVES_BEFORE, SAVES_AFTER = 8, 4


class Browser:
    """As much of a browser as saving a form takes."""

    def __init__(self, port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.site + path, timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        return self._send(path, urllib.parse.urlencode(fields), {})

    def post_cell(self, path: str, **fields: object) -> tuple[int, str]:
        """Send one cell as the form's page sends its cells."""
        return self._send(path, json.dumps({"cells": [fields]}), {"Content-Type": "application/json"})

    def _send(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        headers |= {"X-Requested-With": "fetch", "X-CSRFToken": token, "Referer": self.site}
        request = urllib.request.Request(self.site + path, body.encode(), headers)
        try:
            with self.opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""


class Form:
    """One cell of a draft form, saved again and again with a growing number in its explanation."""

    def __init__(self, browser: Browser, page: str) -> None:
        self.browser, self.page = browser, page
        text = browser.get(page)
        key = re.search(r'data-cell="(\d+)"\s+data-revision="\d+"\s+data-to-do="[^"]*"\s+data-editable="1"', text)
        assert key is not None, "the form has no cell to fill in"
        self.key, self.number, self.answered = key[1], 0, -1

    def stands(self) -> tuple[str, int]:
        """The cell's revision, and the number that is saved; -1 where none is."""
        text = self.browser.get(self.page)
        cell = text[text.index(f'id="cell-{self.key}"') :]
        said = re.search(r'name="explanation"[^>]*>([^<]*)</textarea>', cell)
        revision = re.search(r'data-revision="(\d+)"', cell)
        assert said is not None
        assert revision is not None
        words = html.unescape(said[1]).strip()
        return revision[1], int(words.removeprefix("第")) if words.startswith("第") else -1

    def save(self) -> bool:
        """Look what stands, then save the next number; tell whether that was answered as saved."""
        try:
            revision, stands = self.stands()
        except (OSError, ValueError):
            return False
        self.require_nothing_lost(stands)
        self.number += 1
        said = {"revision": revision, "value_text": "12", "explanation": f"第{self.number}"}
        status, body = self.browser.post_cell(f"{self.page}cells/", figure=int(self.key), **said)
        if status != 200 or not json.loads(body)["cells"][0]["words"].startswith("已保存"):
            return False
        self.answered = self.number
        return True

    def require_nothing_lost(self, stands: int) -> None:
        """What stands is what was answered last, or a later one whose answer was lost on its way."""
        assert self.answered <= stands <= self.number, f"answered {self.answered}, stands {stands}"


@pytest.fixture
def form(start: Callable[..., subprocess.Popen[str]]) -> Form:
    port = free_port()
    process = start("-m", "config.run", PORT=str(port), DEMO_PASSWORD=PASSWORD)
    assert process.stdout is not None
    accounts = []
    for line in process.stdout:
        accounts.append(line)
        if "Ctrl-C" in line:
            break
    reporters = [line.split()[0] for line in accounts if "填报人" in line.split()[1:2]]
    assert reporters, "".join(accounts)
    browser = Browser(port)
    browser.get("/sign-in/")
    browser.post("/sign-in/", username=reporters[0], password=PASSWORD)
    plan = re.search(r'href="/([a-z0-9-]+)/forms/', browser.get("/"))
    assert plan is not None
    forms = re.findall(rf'href="(/{plan[1]}/periods/[^"]+/forms/[^"/]+/)', browser.get(f"/{plan[1]}/forms/"))
    open_ones = [page for page in forms if 'data-editable="1"' in browser.get(page)]
    assert open_ones, "the reporter has no form to fill in"
    return Form(browser, open_ones[0])


def kill(victim: str, data: str) -> None:
    """Kill every process of that name that works on this drill's folder, at once."""
    found = [pid for pid, command in processes_of(data).items() if VICTIMS[victim] in command]
    assert found, f"no {victim} is running"
    for pid in found:
        os.kill(pid, signal.SIGKILL)


def test_nothing_that_was_answered_as_saved_is_missing(form: Form, environment: dict[str, str]) -> None:
    for victim in VICTIMS:
        for _ in range(SAVES_BEFORE):
            assert form.save()
        kill(victim, environment["DATA_DIR"])
        for _ in range(SAVES_BEFORE):
            form.save()
            time.sleep(0.1)
        until(form.save, seconds=90)
        for _ in range(SAVES_AFTER):
            assert form.save()
    form.require_nothing_lost(form.stands()[1])
    assert form.answered > len(VICTIMS) * SAVES_BEFORE
