"""A consolidated workbook for many organisations: read, matched, proposed, answered row by row."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit.moves import StaleState
from background.actions import run_job
from background.models import BackgroundJob, JobProgress, JobState
from organisations.models import User
from plans.models import ReportingPeriod
from submissions.actions import close_period
from submissions.actions.consolidated import hand_out_consolidated, load_consolidated, work
from submissions.models import Figure, ProposedValue
from submissions.workbook.consolidated import HEADS, MESSAGES, Targets, book_in, match_lines
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved
from tests.running import Worker, until
from workbooks.parser import parse
from workbooks.reading import found_sheets

pytestmark = pytest.mark.django_db
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def two_forms(*writers: User) -> list[Figure]:
    """A figure of 亿元 for each of the writers' organisations, in one open period."""
    of = plan()
    rows = [indicator(of=of, lead=writer.organisation, unit="亿元") for writer in writers]
    form = opened(*rows)
    found = Figure.objects.filter(period=form.period).select_related("indicator", "organisation", "period__plan")
    return list(found.order_by("indicator__number"))


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def figures(writer: User) -> list[Figure]:
    return two_forms(writer, reporter())


def row_of(figure: Figure, value: object, **said: object) -> list[object]:
    told = {
        "organisation": figure.organisation.name,
        "period": figure.period.name,
        "number": figure.indicator.number,
        "name": figure.indicator.name,
        "unit": "亿元",
        "value_text": value,
    }
    return [(told | said).get(name) for name in HEADS]


def book(to: Path, *rows: list[object]) -> Path:
    workbook = Workbook()
    for row in [["汇总"], list(HEADS.values()), *rows]:
        workbook.active.append(row)
    path = to / "汇总.xlsx"
    workbook.save(path)
    return path


def messages_of(of: ReportingPeriod, path: Path) -> list[str]:
    """What is said of each row before anything is proposed; empty for a row that will be."""
    found = book_in(found_sheets(parse(path)))
    match_lines(found, Targets(of))
    return [line.words for line in found.lines]


def asked(of: ReportingPeriod, path: Path, by: User) -> BackgroundJob:
    return load_consolidated(of, SimpleUploadedFile(path.name, path.read_bytes(), content_type=EXCEL), by=by)


def done(of: ReportingPeriod, path: Path, by: User | None = None) -> BackgroundJob:
    job = asked(of, path, by or reviewer())
    run_job(job.pk)
    job.refresh_from_db()
    return job


def result_of(job: BackgroundJob, settings) -> Worksheet:
    return load_workbook(BytesIO((Path(settings.MEDIA_ROOT) / job.result.path).read_bytes())).active


def results(job: BackgroundJob, settings) -> list[str]:
    page = result_of(job, settings)
    place = [cell.value for cell in page[2]].index(MESSAGES)
    return [row[place] for row in page.iter_rows(min_row=3, values_only=True)]


class TestMatching:
    def said(self, figure: Figure, tmp_path: Path, value: object = 9.43, **said: object) -> str:
        (words,) = messages_of(figure.period, book(tmp_path, row_of(figure, value, **said)))
        return words

    def test_a_row_is_found_by_its_organisation_and_what_is_seen(self, figures: list[Figure], tmp_path: Path) -> None:
        assert self.said(figures[0], tmp_path) == ""
        assert self.said(figures[0], tmp_path, number=None) == ""
        assert self.said(figures[0], tmp_path, organisation=f" {figures[0].organisation.name} ") == ""

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"organisation": "没有的局"}, "没有填报表"),
            ({"organisation": None}, "没有写填报单位"),
            ({"name": "没有的指标"}, "没有“没有的指标”"),
            ({"number": 999}, "不是同一项指标"),
            ({"period": "2001年第一季度"}, "报告期是“2001年第一季度”"),
            ({"value_text": None}, "是空的"),
            ({"value_text": "无数据"}, "没有写原因"),
            ({"value_text": "=1+1"}, "公式"),
        ],
    )
    def test_a_row_that_means_nothing_sure_says_why(
        self, figures: list[Figure], tmp_path: Path, said: dict[str, object], words: str
    ) -> None:
        assert words in self.said(figures[0], tmp_path, **said)

    def test_an_indicator_of_another_organisation_is_not_taken(self, figures: list[Figure], tmp_path: Path) -> None:
        assert "没有" in self.said(figures[0], tmp_path, organisation=figures[1].organisation.name)

    def test_two_rows_of_one_figure_are_taken_by_none(self, figures: list[Figure], tmp_path: Path) -> None:
        path = book(tmp_path, row_of(figures[0], 1), row_of(figures[0], 2), row_of(figures[1], 3))
        assert [bool(words) for words in messages_of(figures[0].period, path)] == [True, True, False]

    def test_the_same_row_twice_counts_once(self, figures: list[Figure], tmp_path: Path) -> None:
        path = book(tmp_path, row_of(figures[0], 1), row_of(figures[0], 1))
        assert [bool(words) for words in messages_of(figures[0].period, path)] == [False, True]


class TestLoad:
    def test_each_row_becomes_a_proposal_or_says_why_not(
        self, figures: list[Figure], writer: User, tmp_path: Path, settings
    ) -> None:
        saved(figures[0], "8", by=writer)
        path = book(tmp_path, row_of(figures[0], 9), row_of(figures[1], 9.43), row_of(figures[1], 1, name="别的"))
        job = done(figures[0].period, path)
        assert job.state == JobState.DONE
        assert "共 3 行，载入 1 项" in job.outcome
        assert ProposedValue.objects.get().text == "9.43"
        told = results(job, settings)
        assert [words[:5] for words in told] == ["单位已填报", "已载入，待", "这个单位本"]
        assert Figure.objects.get(pk=figures[0].pk).shown == "8"

    def test_the_same_file_twice_changes_nothing(self, figures: list[Figure], tmp_path: Path) -> None:
        path, by = book(tmp_path, row_of(figures[0], 9)), reviewer()
        done(figures[0].period, path, by)
        assert "载入 0 项" in done(figures[0].period, path, by).outcome
        assert ProposedValue.objects.count() == 1

    def test_the_result_holds_no_formula(self, figures: list[Figure], tmp_path: Path, settings) -> None:
        path = book(tmp_path, row_of(figures[0], 9, explanation="'=1+1"))
        job = done(figures[0].period, path)
        page = result_of(job, settings)
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]

    def test_what_is_no_consolidated_workbook_is_told_in_words(self, figures: list[Figure], tmp_path: Path) -> None:
        workbook = Workbook()
        workbook.active.append(["别的"])
        workbook.save(tmp_path / "x.xlsx")
        job = done(figures[0].period, tmp_path / "x.xlsx")
        assert (job.state, job.result) == (JobState.FAILED, None)
        assert "“填报单位”" in job.outcome

    def test_another_kind_of_file_is_refused_at_once(self, figures: list[Figure]) -> None:
        with pytest.raises(ValidationError, match="xlsx"):
            load_consolidated(figures[0].period, SimpleUploadedFile("x.xlsx", b"%PDF-1.4\n%%EOF\n"), by=reviewer())

    def test_only_the_working_group_loads(self, figures: list[Figure], writer: User, tmp_path: Path) -> None:
        with pytest.raises(PermissionDenied):
            asked(figures[0].period, book(tmp_path), writer)

    def test_a_closed_period_takes_none(self, figures: list[Figure], tmp_path: Path) -> None:
        close_period(figures[0].period, by=reviewer(), reason="到期")
        with pytest.raises(StaleState):
            asked(figures[0].period, book(tmp_path), reviewer())

    def test_progress_is_told_and_a_cancelled_load_keeps_what_it_wrote(
        self, figures: list[Figure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("submissions.actions.consolidated.BATCH", 1)
        by, told = reviewer(), []
        job = asked(figures[0].period, book(tmp_path, row_of(figures[0], 9), row_of(figures[1], 9)), by)

        def progress(some: int, total: int) -> None:
            told.append((some, total))
            if some == 1:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            work(job, progress)
        assert told == [(0, 0), (0, 2), (1, 2)]
        assert ProposedValue.objects.count() == 1


class TestTemplate:
    def test_it_lists_what_is_still_to_fill_in_and_comes_back(
        self, figures: list[Figure], writer: User, tmp_path: Path
    ) -> None:
        saved(figures[0], "8", by=writer)
        path = tmp_path / "空表.xlsx"
        path.write_bytes(hand_out_consolidated(figures[0].period, by=reviewer()))
        (row,) = load_workbook(path).active.iter_rows(min_row=2, values_only=True)
        assert row[0] == figures[1].organisation.name
        assert messages_of(figures[1].period, path) == ["“本期”是空的，没有载入。"]


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_loads_it(tmp_path: Path, settings, broker: None) -> None:
    figures = two_forms(reporter(), reporter())
    path, by = book(tmp_path, row_of(figures[0], 9), row_of(figures[1], 9.43)), reviewer()
    worker = Worker(MEDIA_ROOT=str(settings.MEDIA_ROOT))
    try:
        job = asked(figures[0].period, path, by)
        until(
            lambda: BackgroundJob.objects.get(pk=job.pk).state not in (JobState.WAITING, JobState.RUNNING), seconds=60
        )
    finally:
        worker.stop()
    job.refresh_from_db()
    assert (job.state, JobProgress.objects.get(job=job).done) == (JobState.DONE, 2)
    assert ProposedValue.objects.count() == 2
    assert set(results(job, settings)) == {"已载入，待单位采用。"}
