"""The plan and its demonstration, built once: the published judgements come out, and no page of any role breaks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from arithmetic.shown import percent
from audit.clock import today
from audit.models import Change
from evaluation.models import Evaluation, StageState
from indicators.models import DocumentedValue
from organisations.models import Provenance, Role, RoleGrant, User
from overview.demonstration import AlreadyThere, build, read_script
from plans.calendar import working_days_left
from plans.models import ReportingPeriod
from reports.models import Section
from submissions.models import Correction, Evidence, Figure, PublishedValue, Review, Submission
from tests.way.conftest import PLAN
from tests.way.test_published_judgements import ROWS
from workbooks.actions import load_plan

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("lived_in"),
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.timeout(600),
]

SCRIPT = PLAN / "demonstration"
CODE = "longgang-2023-midterm"
PASSWORD = "Demonstration-2023"
PER_VIEW = 3  # pages of one kind that a crawl opens


@pytest.fixture(scope="module")
def lived_in(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Evaluation]:
    media = tmp_path_factory.mktemp("media")
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=quick),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        load_plan(PLAN, by=None)
        yield build(read_script(SCRIPT, today()), password=PASSWORD)
        transaction.set_rollback(True)


def assessed() -> dict[int, dict]:
    out = StringIO()
    call_command("assess", CODE, "--json", stdout=out)
    return {row["number"]: row for row in json.loads(out.getvalue())}


class TestJudgements:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
    def test_the_published_judgement_comes_out(self, row: tuple) -> None:
        number, _, _, _, value, as_of, _, _, time, verdict, outlook = row
        found = assessed()[number]
        assert str(found["value"]) == value
        assert found["as_of"] == as_of.last_day.isoformat()
        assert percent(Decimal(str(found["time_passed"])), places=0) == time
        assert (found["verdict"], found["outlook"]) == (verdict, outlook)

    def test_the_dropped_indicator_is_not_judged(self) -> None:
        found = assessed()[3]
        assert (found["value"], found["value_printed"]) == (None, "/")
        assert (found["verdict"], found["outlook"]) == ("不再纳入统计", "不评价")

    def test_published_mid_term_values_stand_as_they_are_printed(self) -> None:
        documented = DocumentedValue.objects.filter(occasion=DocumentedValue.Occasion.MID_TERM)
        found = assessed()
        for row in documented.select_related("indicator"):
            assert found[row.indicator.number]["value_printed"] == row.printed

    def test_the_sentences_of_the_source_are_published_as_explanations(self) -> None:
        for row in DocumentedValue.objects.exclude(explanation=""):
            published = PublishedValue.objects.get(indicator=row.indicator, period__code="mid-term")
            assert published.explanation == row.explanation

    def test_the_years_of_the_outlook_are_published(self) -> None:
        years = PublishedValue.objects.filter(indicator__number=2, period__kind="year").order_by("period__ends_on")
        assert [value.value_printed for value in years] == ["2198.28", "2162.72", "2279.1"]
        assert [value.reported_growth for value in years] == [Decimal("-19"), Decimal("1.7"), Decimal("5.5")]


class TestForms:
    def test_eight_periods_up_to_the_middle_of_the_plan_and_two_after(self) -> None:
        cut_off = Evaluation.objects.get().cut_off
        assert ReportingPeriod.objects.filter(ends_on__lte=cut_off).count() == 8
        assert ReportingPeriod.objects.count() == 10

    def test_the_current_period_is_due_in_five_working_days(self) -> None:
        deadlines = ReportingPeriod.objects.values_list("deadline", flat=True)
        assert 5 in [working_days_left(deadline) for deadline in deadlines]

    def test_forms_are_in_every_state(self) -> None:
        states = Counter(Submission.objects.values_list("state", flat=True))
        assert set(states) == {"draft", "awaiting_head", "submitted", "approved", "returned"}

    def test_the_round_of_the_case_is_approved(self) -> None:
        states = set(Submission.objects.filter(period__code="mid-term").values_list("state", flat=True))
        assert states == {"approved"}

    def test_a_form_was_returned_twice_with_reasons_and_answers(self) -> None:
        reviews = Review.objects.filter(submission__period__code="2022", submission__organisation__code="kcj")
        assert [review.decision for review in reviews.order_by("at")] == ["returned", "returned", "approved"]
        assert Figure.objects.exclude(reply="").exists()

    def test_a_corrected_value_stands_beside_the_first(self) -> None:
        values = PublishedValue.objects.filter(figure__period__code="2022-h1", figure__organisation__code="gxj")
        assert [value.stage for value in values.filter(indicator__number=1)] == ["preliminary", "revised"]
        assert Correction.objects.filter(state="asked").exists()

    def test_one_organisation_is_late(self) -> None:
        assert Submission.objects.filter(state="draft", deadline__date__lt=today()).count() == 1

    def test_evidence_is_attached(self) -> None:
        assert Evidence.objects.count() >= 5

    def test_what_is_made_up_is_marked(self) -> None:
        rows = PublishedValue.objects.filter(period__code="2022-q1")
        assert set(rows.values_list("provenance", flat=True)) == {Provenance.ASSUMED}


class TestCase:
    def test_the_report_is_being_written(self) -> None:
        assert [stage.state for stage in Evaluation.objects.get().stages.all()] == [
            StageState.DONE,
            StageState.DONE,
            StageState.CURRENT,
        ]
        assert Section.objects.filter(saved_by__isnull=False).count() == 4

    def test_every_role_has_somebody(self) -> None:
        assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
        assert User.objects.exclude(is_active=True).count() == 0
        assert User.objects.get(username="gxj").check_password(PASSWORD)

    def test_every_change_has_its_reason(self) -> None:
        assert not Change.objects.filter(reason="").exists()

    def test_a_second_time_is_refused(self) -> None:
        with pytest.raises(AlreadyThere):
            build(read_script(SCRIPT, today()), password=PASSWORD)

    def test_it_is_refused_in_production_unless_asked_for(self, settings: object) -> None:
        settings.DEBUG = False  # type: ignore[attr-defined]
        with pytest.raises(CommandError, match="正式环境"):
            call_command("demo")
        out = StringIO()
        call_command("demo", "--yes-in-production", stdout=out)
        assert "已经建立" in out.getvalue()


def links_of(content: str) -> list[str]:
    return [link for link in re.findall(r'href="(/[^"#]*)"', content) if not link.startswith(("/static/", "/admin/"))]


@pytest.mark.parametrize("role", Role.values)
def test_no_page_that_a_role_is_led_to_breaks(role: str, client: Client) -> None:
    user = User.objects.filter(grants__role=role).order_by("pk").first()
    assert user is not None
    client.force_login(user)
    waiting, opened, seen = ["/longgang/"], Counter(), set()
    while waiting:
        link = waiting.pop(0)
        name = resolve(urlsplit(link).path).view_name
        if link in seen or opened[name] >= PER_VIEW or "sign-out" in link:
            continue
        seen.add(link)
        opened[name] += 1
        response = client.get(link, follow=True)
        assert response.status_code == 200, link
        if "html" in response.headers["Content-Type"]:
            waiting += [each.replace("&amp;", "&") for each in links_of(response.content.decode())]
    assert opened


def test_the_script_names_only_files_that_are_there() -> None:
    assert {path.stem for path in Path(SCRIPT).glob("*.csv")} == {
        "people",
        "periods",
        "values",
        "forms",
        "remarks",
        "corrections",
        "evidence",
        "notes",
        "outline",
        "self_reports",
    }
