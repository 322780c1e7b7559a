"""The form's page, and saving from it without a script."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.clock import set_to
from indicators.models import IndicatorPart, QuantityKind
from organisations.models import User
from submissions.actions import Sent, return_for_correction, save_figures, submit
from submissions.form_rows import saved_at
from submissions.models import Answer, Figure, Submission
from submissions.views.form import MANY
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, organisation, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import note_in, opened, published, saved, submitted

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


def address(form: Submission, name: str = "form", **more: object) -> str:
    parts = {"plan": form.period.plan.code, "period": form.period.code, "organisation": form.organisation.code}
    return reverse(f"submissions:{name}", kwargs=parts | more)


def as_person(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    return opened(indicator(lead=by.organisation, name="企业数", unit="家", kind=QuantityKind.STOCK))


@pytest.fixture
def cell(form: Submission) -> Figure:
    return form.figures.get()


@pytest.fixture
def client(by: User) -> Client:
    return as_person(by)


def text(answer: object) -> str:
    return answer.content.decode()


class TestOldExplanation:
    @pytest.fixture
    def changed(self, cell: Figure, by: User) -> Figure:
        """A cell whose odd value was explained, and then changed."""
        published(cell.indicator, "10", as_of=cell.period.ends_on.replace(year=2017), by=by.organisation)
        saved(cell, "5000", by=by, explanation="新建园区投产。")
        return saved(cell, "6000", by=by, explanation="新建园区投产。")

    def test_it_is_shown_and_confirmed_with_one_press(self, client: Client, changed: Figure) -> None:
        page = text(client.get(address(changed.submission)))
        assert "原说明“新建园区投产。”是为修改前的数值写的" in page
        (rule,) = set(re.findall(r'name="rule" value="(\w+)"', page))
        there = address(changed.submission, "explain_finding", figure=changed.pk)
        answer = client.post(there, {"rule": rule, "reason": "新建园区投产。"}, **SCRIPT)
        assert answer.status_code == 204
        assert "原说明仍适用" not in text(client.get(address(changed.submission)))

    def test_a_script_is_told_what_was_refused(self, client: Client, changed: Figure) -> None:
        there = address(changed.submission, "explain_finding", figure=changed.pk)
        answer = client.post(there, {"rule": "no_such", "reason": "x"}, **SCRIPT)
        assert (answer.status_code, "已不存在" in answer.json()["words"]) == (422, True)


class TestPage:
    def test_it_says_what_is_still_to_do(self, client: Client, form: Submission) -> None:
        page = text(client.get(address(form)))
        assert "还有 1 项要处理" in page
        assert "1 项待填" in page

    def test_the_last_published_value_stands_beside_the_field(
        self, client: Client, form: Submission, by: User
    ) -> None:
        known = form.figures.get().indicator
        earlier = published(known, "1234", as_of=form.period.ends_on.replace(year=2017), by=by.organisation)
        page = text(client.get(address(form)))
        assert earlier.value == 1234
        assert "1,234" in page
        assert "与上期相同" in page

    def test_the_explanation_of_the_last_period_is_a_starting_point(
        self, client: Client, form: Submission, by: User
    ) -> None:
        cell, words = form.figures.get(), "口径不变"
        last = form.period.ends_on.replace(year=2017)
        published(cell.indicator, "1234", as_of=last, by=by.organisation, explanation=words)
        assert 'data-carry="口径不变"' in text(client.get(address(form)))
        assert sent(client, cell, value_text="5", explanation=words)["is_carried"] is True
        assert sent(client, cell, revision=1, value_text="5", explanation="口径有变")["is_carried"] is False

    def test_the_reasons_of_a_return_are_shown_in_full(self, by: User) -> None:
        form = submitted(by)
        figure = form.figures.get()
        return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实口径", "缺名单"]})
        page = text(as_person(by).get(address(form)))
        assert "退回理由（2 条）" in page
        assert "请核实口径" in page
        assert "缺名单" in page

    def test_a_submitted_form_is_only_read(self, by: User) -> None:
        page = text(as_person(by).get(address(submitted(by))))
        assert "已提交，不可改" in page
        assert "检查并提交" not in page
        assert 'name="value_text"' not in page

    @pytest.mark.parametrize("who", [reviewer, auditor])
    def test_others_who_may_see_it_only_read_it(self, form: Submission, who: type) -> None:
        assert 'name="value_text"' not in text(as_person(who()).get(address(form)))

    def test_somebody_elses_form_is_not_there(self, form: Submission) -> None:
        assert as_person(reporter()).get(address(form)).status_code == 404

    @pytest.mark.parametrize("count", [1, 30])
    def test_the_number_of_queries_does_not_grow(
        self, by: User, count: int, django_assert_max_num_queries: object
    ) -> None:
        client, place = as_person(by), address(form_with(by, count))
        client.get(place)
        with django_assert_max_num_queries(12 + FRAME):
            client.get(place)


FRAME = 5  # what every page asks: session, person, roles, plan, notices


def form_with(by: User, count: int) -> Submission:
    """A form of so many cells, each of them filled."""
    of = plan()
    form = opened(*[indicator(of=of, lead=by.organisation) for _ in range(count)])
    cells = [Sent(cell.pk, 0, {"value_text": "5"}) for cell in form.figures.all()]
    save_figures(form, by=by, cells=cells)
    return form


class TestLongPage:
    def test_its_head_is_sent_before_its_rows_are_read(self, by: User, django_assert_max_num_queries: object) -> None:
        client, place = as_person(by), address(form_with(by, MANY + 1))
        client.get(place)
        with django_assert_max_num_queries(3 + FRAME):
            parts = iter(client.get(place))
            head = next(parts).decode()
        assert "form_saving.js" in head
        assert "data-cell" not in head
        with django_assert_max_num_queries(12):
            rest = b"".join(parts).decode()
        assert rest.count('name="value_text"') == MANY + 1
        assert rest.rstrip().endswith("</html>")


class TestBesideTheNumber:
    def test_what_is_said_beside_it_is_folded_until_something_is_said(
        self, client: Client, cell: Figure, by: User
    ) -> None:
        place = address(cell.submission)
        assert '<details class="more">' in text(client.get(place))
        saved(cell, "5", by=by, data_source="统计月报")
        assert '<details class="more" open>' in text(client.get(place))

    def test_it_is_saved(self, client: Client, cell: Figure) -> None:
        typed = {"value_text": "12", "last_year_text": "1,000", "data_source": "统计月报", "expectation": "no"}
        client.post(address(cell.submission, "save_cell", figure=cell.pk), {"revision": 0} | typed)
        cell.refresh_from_db()
        assert (cell.last_year_value, cell.data_source, cell.expectation) == (1000, "统计月报", "no")

    def test_ones_own_number_of_last_year_stands_in_its_column(self, client: Client, cell: Figure) -> None:
        told = sent(client, cell, revision=0, value_text="12", last_year_text="1000")
        assert told["last_year"].strip() == "1,000"

    def test_a_conflict_says_what_differs(self, client: Client, cell: Figure, by: User) -> None:
        saved(cell, "78", by=reporter(at=by.organisation, name="填报人乙"), expectation="yes")
        told = sent(client, cell, revision=0, value_text="78", expectation="no")["told"]
        assert "预计能否如期完成：填报人乙保存的是“预计能完成”，你输入的是“预计难完成”" in told

    def test_once_it_is_sent_it_is_only_read(self, by: User) -> None:
        form = opened(indicator(lead=by.organisation, unit="家"))
        saved(form.figures.get(), "5", by=by, last_year_text="4", data_source="统计月报")
        submit(form, by=by)
        page = text(as_person(by).get(address(form)))
        assert "上年同期数（可比口径）：4 家" in page
        assert 'name="data_source"' not in page


class TestSaveCellWithoutScript:
    def save(self, client: Client, cell: Figure, **fields: object) -> object:
        return client.post(
            address(cell.submission, "save_cell", figure=cell.pk), {"revision": cell.revision, **fields}
        )

    def test_the_page_comes_back_to_the_cell(self, client: Client, cell: Figure) -> None:
        answer = self.save(client, cell, value_text="12")
        assert answer["Location"] == f"{address(cell.submission)}#cell-{cell.pk}"
        cell.refresh_from_db()
        assert cell.value == 12

    def test_what_was_refused_stands_in_its_field_with_the_reason(self, client: Client, cell: Figure) -> None:
        answer = self.save(client, cell, value_text="约12", explanation="待核")
        assert answer.status_code == 422
        assert 'value="约12"' in text(answer)
        assert "待核" in text(answer)
        assert "不是一个确定的数" in text(answer)

    def test_a_conflict_offers_both_values(self, client: Client, cell: Figure, by: User) -> None:
        saved(cell, "78", by=reporter(at=by.organisation, name="填报人乙"))
        answer = self.save(client, cell, value_text="76")
        assert answer.status_code == 409
        assert "保留填报人乙的 78" in text(answer)
        assert "改用我的 76" in text(answer)

    def test_a_field_that_the_page_does_not_show_keeps_what_is_saved(
        self, client: Client, cell: Figure, by: User
    ) -> None:
        saved(cell, "5", by=by, data_source="统计部门")
        cell.refresh_from_db()
        self.save(client, cell, value_text="6")
        cell.refresh_from_db()
        assert (cell.value, cell.data_source) == (6, "统计部门")

    def test_the_same_as_last_period_is_an_answer(self, client: Client, cell: Figure, by: User) -> None:
        published(cell.indicator, "1234", as_of=cell.period.ends_on.replace(year=2017), by=by.organisation)
        self.save(client, cell, answer="same", value_text="")
        cell.refresh_from_db()
        assert (cell.answer, cell.value, cell.is_same_as_before) == (Answer.VALUE, 1234, True)

    @pytest.mark.parametrize("kind", [QuantityKind.STOCK, QuantityKind.YEAR_TO_DATE])
    def test_but_only_of_a_stock_that_has_a_value_before(self, by: User, kind: str) -> None:
        cell = opened(indicator(lead=by.organisation, kind=kind)).figures.get()
        if kind != QuantityKind.STOCK:
            published(cell.indicator, "1234", as_of=cell.period.ends_on.replace(year=2017), by=by.organisation)
        answer = self.save(as_person(by), cell, answer="same")
        assert (answer.status_code, "请填本期的数" in text(answer)) == (422, True)

    def test_typing_another_number_takes_it_back(self, client: Client, cell: Figure, by: User) -> None:
        published(cell.indicator, "1234", as_of=cell.period.ends_on.replace(year=2017), by=by.organisation)
        for revision, typed in enumerate(({"answer": "same"}, {"explanation": "无变化"}, {"value_text": "1235"})):
            self.save(client, cell, **{"revision": revision, **typed})
            cell.refresh_from_db()
            assert cell.is_same_as_before == (revision < 2)

    def test_parts_are_saved_by_their_names(self, client: Client, cell: Figure) -> None:
        from audit.recording import recorded

        with recorded(by=None, reason="测试"):
            for number, name in enumerate(["甲类", "乙类"], start=1):
                IndicatorPart.objects.create(indicator=cell.indicator, number=number, name=name, unit="家")
        self.save(client, cell, value_text="9", part_0="7", part_1="2")
        cell.refresh_from_db()
        assert [(part["name"], part["value"]) for part in cell.parts] == [("甲类", "7"), ("乙类", "2")]

    @pytest.mark.parametrize("revision", ["", "x", "１", "-1", "9" * 40])
    def test_a_nonsensical_revision_overwrites_nothing(
        self, client: Client, cell: Figure, by: User, revision: str
    ) -> None:
        saved(cell, "78", by=by)
        self.save(client, cell, value_text="76", revision=revision)
        cell.refresh_from_db()
        assert cell.value == 78

    def test_another_forms_cell_is_not_there(self, client: Client, form: Submission, by: User) -> None:
        other = opened(indicator(lead=organisation())).figures.get()
        assert client.post(address(form, "save_cell", figure=other.pk), {"value_text": "1"}).status_code == 404


class TestSaveCellsByScript:
    def test_the_state_is_told_in_words(self, client: Client, cell: Figure) -> None:
        told = sent(client, cell, value_text="12")
        assert told["words"].startswith("已保存")
        assert (told["kind"], told["revision"], told["to_do"]) == ("saved", 1, "")

    def test_a_refusal_says_what_is_saved_and_what_was_wrong(self, client: Client, cell: Figure) -> None:
        told = sent(client, cell, value_text="约12")
        assert told["refusal"] == "error"
        assert "不是一个确定的数" in told["told"]

    def test_typed_markup_stays_text(self, client: Client, cell: Figure) -> None:
        told = sent(client, cell, value_text="<script>1</script>")["told"]
        assert "<script>" not in told
        assert "&lt;script&gt;" in told

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"cells": 1}', '{"cells": [{"figure": "x"}]}', "\xff"])
    def test_what_is_no_list_of_cells_is_refused(self, client: Client, form: Submission, body: str) -> None:
        answer = client.post(address(form, "save_cells"), body, content_type="application/json", **SCRIPT)
        assert answer.status_code == 422

    def test_another_forms_cell_is_not_there(self, client: Client, form: Submission) -> None:
        other = opened(indicator(lead=organisation())).figures.get()
        body = {"cells": [{"figure": other.pk, "revision": 0, "value_text": "1"}]}
        answer = client.post(address(form, "save_cells"), body, content_type="application/json", **SCRIPT)
        assert answer.status_code == 404

    def test_a_form_that_was_handed_in_is_told_as_such(self, client: Client, cell: Figure, by: User) -> None:
        submit(saved(cell, "5", by=by).submission, by=by)
        body = {"cells": [{"figure": cell.pk, "revision": 1, "value_text": "6"}]}
        answer = client.post(address(cell.submission, "save_cells"), body, content_type="application/json")
        assert (answer.status_code, "已提交" in answer.json()["words"]) == (422, True)


def sent(client: Client, cell: Figure, **fields: object) -> dict[str, object]:
    """What a script is told of one cell that it sends."""
    body = {"cells": [{"figure": cell.pk, "revision": cell.revision, **fields}]}
    answer = client.post(address(cell.submission, "save_cells"), body, content_type="application/json", **SCRIPT)
    assert answer.status_code == 200
    return answer.json()["cells"][0]


class TestNote:
    def test_it_is_saved(self, client: Client, form: Submission) -> None:
        note = note_in(form)
        place = address(form, "save_note", note=note.pk)
        told = client.post(place, {"revision": 0, "state": "on_course", "progress": "已开工"}, **SCRIPT).json()
        note.refresh_from_db()
        assert (note.progress, note.state) == ("已开工", "on_course")
        assert told["words"].startswith("已保存")

    def test_a_conflict_names_the_other_person(self, client: Client, form: Submission) -> None:
        note = note_in(form)
        place = address(form, "save_note", note=note.pk)
        client.post(place, {"revision": 0, "state": "on_course", "progress": "已开工"})
        answer = client.post(place, {"revision": 0, "state": "behind", "progress": "停工"}, **SCRIPT)
        assert answer.status_code == 409
        assert "两人填写不一致" in answer.json()["told"]

    @pytest.mark.parametrize("revision", ["9" * 5000, "", "x"])
    def test_a_nonsensical_revision_overwrites_nothing(self, client: Client, form: Submission, revision: str) -> None:
        note = note_in(form)
        place = address(form, "save_note", note=note.pk)
        answer = client.post(place, {"revision": revision, "state": "behind", "progress": "停工"}, **SCRIPT)
        note.refresh_from_db()
        assert (answer.status_code, note.progress) == (409, "")


class TestDownload:
    def test_a_file_is_handed_out_for_keeping_only(
        self, client: Client, cell: Figure, by: User, settings: object, tmp_path: object
    ) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        from submissions.actions import add_evidence

        settings.MEDIA_ROOT = tmp_path
        upload = SimpleUploadedFile("名单 一.pdf", b"%PDF-1.4\n%%EOF\n")
        kept = add_evidence(cell, by=by, upload=upload)
        answer = client.get(address(cell.submission, "evidence", pk=kept.pk))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content) == b"%PDF-1.4\n%%EOF\n"


def test_a_save_of_today_is_told_by_its_time_alone() -> None:
    moment = datetime(2018, 7, 12, 6, 32, tzinfo=UTC)
    with set_to(moment):
        assert saved_at(Figure(saved_at=moment)) == " 14:32"
        assert saved_at(Figure(saved_at=moment - timedelta(days=1))) == " 7月11日 14:32"
