"""At each step of a number's trail: what was known then; and the trail taken out as a signed bundle."""

import io
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from audit.models import Entry
from overview.actions import export_trace
from submissions.actions import agree_to_correction, approve, ask_for_correction, submit
from submissions.models import Figure
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.submissions import saved, submitted
from tests.overview.pages import html_for, opened_by, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def corrected() -> Figure:
    """51 is approved, then corrected to 52."""
    anna = reporter()
    form = submitted(anna, "51")
    figure = form.figures.get()
    approve(form, by=reviewer(), round=1)
    form.refresh_from_db()
    agree_to_correction(ask_for_correction(form, by=anna, whole=True, reason="口径更正"), by=reviewer())
    saved(figure, "52", by=anna, explanation="已核对。")
    form.refresh_from_db()
    approve(submit(form, by=anna), by=reviewer(), round=2)
    return figure


def url_of(figure: Figure) -> str:
    return f"/{figure.period.plan.code}/indicators/{figure.indicator.number}/trace/"


def links(figure: Figure, who: Any) -> list[str]:
    """The addresses of what was known at each step, the oldest first."""
    found = re.findall(r'href="(\?as_of=[^"]*)">查看当时所知', html_for(who, url_of(figure)))
    return [unescape(each) for each in reversed(found)]


def test_each_step_leads_to_what_was_known_when_it_was_over(corrected: Figure) -> None:
    who = auditor()
    pages = [text_of(html_for(who, url_of(corrected) + link)) for link in links(corrected, who)]
    values = [re.search(r"当时生效的已发布值 (\S+)|还没有已发布值", page)[0] for page in pages]
    assert values[0] == "还没有已发布值"
    assert values[-1] == "当时生效的已发布值 52"
    assert "当时生效的已发布值 51" in values
    assert [page.count("查看当时所知") for page in pages] == sorted(page.count("查看当时所知") for page in pages)
    assert all("按时点查看" in page for page in pages)


def test_a_leader_looks_at_the_steps_that_a_leader_sees(corrected: Figure) -> None:
    assert len(links(corrected, leader())) == 2


@pytest.mark.parametrize(("role", "is_there"), [(auditor, True), (reviewer, False), (leader, False)])
def test_the_trail_is_offered_to_auditors(corrected: Figure, role: Any, is_there: bool) -> None:
    assert ("导出这条线索" in opened_by(role(), url_of(corrected))) == is_there


class TestTakingItOut:
    def sent(self, figure: Figure, who: Any, code: str = "") -> Any:
        return signed_in(who).post(
            f"{url_of(figure)}bundle/", {"organisation": code or figure.organisation.code}, follow=True
        )

    def test_gives_what_happened_to_this_number_and_no_other(self, corrected: Figure) -> None:
        call_command("signing_key", stdout=io.StringIO())
        other = submitted(reporter(), "57").figures.get()
        answer = self.sent(corrected, auditor())
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
            sheet = bundle.read("trail.csv").decode("utf-8-sig")
            assert {"trail.jsonl", "chain.anchor", "verify.py", "SHA256SUMS.sig"} <= set(bundle.namelist())
        assert "口径更正" in sheet
        assert "52" in sheet
        assert other.indicator.name not in sheet

    def test_is_on_record(self, corrected: Figure) -> None:
        call_command("signing_key", stdout=io.StringIO())
        who = auditor()
        self.sent(corrected, who)
        entry = Entry.objects.get(event="trail.export")
        assert entry.change.actor == who
        assert entry.detail["query"] == f"指标{corrected.indicator.number} {corrected.organisation.name}"

    def test_without_a_key_says_so(self, corrected: Figure) -> None:
        assert "不能签名" in text_of(self.sent(corrected, auditor()).content.decode())

    def test_of_an_organisation_that_reports_nothing_is_not_there(self, corrected: Figure) -> None:
        assert self.sent(corrected, auditor(), reporter().organisation.code).status_code == 404

    def test_is_for_auditors(self, corrected: Figure) -> None:
        with pytest.raises(PermissionDenied):
            export_trace(corrected.indicator, corrected.organisation, by=reviewer())
