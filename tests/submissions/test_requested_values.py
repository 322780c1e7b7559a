"""A request for correction names the new values, and its organisation takes them over."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from audit.clock import now
from audit.models import Entry
from audit.moves import StaleState
from audit.recording import Refused, recorded
from organisations.models import User
from submissions import actions
from submissions.actions import Unclear, Wanted
from submissions.models import Correction, Evidence, Figure, RequestedValue, Submission
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import submitted
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db

SCAN = b"%PDF-1.7\n%%EOF"


def approved(by: User, *values: str) -> Submission:
    form = submitted(by, *values)
    actions.approve(form, by=reviewer(), round=1)
    return Submission.objects.get(pk=form.pk)


def first(form: Submission) -> Figure:
    return form.figures.order_by("indicator__number")[0]


def ask(form: Submission, by: User, *texts: str, **words: object) -> Correction:
    keys = form.figures.order_by("indicator__number").values_list("pk", flat=True)
    values = [Wanted(key, given) for key, given in zip(keys, texts, strict=False)]
    return actions.ask_for_correction(form, **({"by": by, "values": values, "reason": "笔误"} | words))


def agreed(form: Submission, by: User, *texts: str) -> Submission:
    actions.agree_to_correction(ask(form, by, *texts), by=reviewer())
    return Submission.objects.get(pk=form.pk)


def seen(form: Submission) -> dict[int, int]:
    return {each.pk: each.figure.revision for each in RequestedValue.objects.filter(figure__submission=form)}


class TestAsk:
    def test_the_new_value_stands_beside_the_published_one(self) -> None:
        by = reporter()
        (value,) = ask(approved(by, "40"), by, "１,２34.5").values.all()
        assert (value.published.value, value.value, value.difference) == (40, Decimal("1234.5"), "+1,194.5")

    def test_only_what_was_typed_is_asked_for(self) -> None:
        by = reporter()
        form = approved(by, "40", "50", "60")
        assert ask(form, by, "", "51", " ").figures == [form.figures.all()[1].pk]

    def test_a_zero_is_a_new_value(self) -> None:
        by = reporter()
        (value,) = ask(approved(by, "40"), by, "0").values.all()
        assert (value.answer, value.value) == ("zero", 0)

    def test_the_words_for_no_data_take_the_reason(self) -> None:
        by = reporter()
        (value,) = ask(approved(by, "40"), by, "无数据", reason="统计口径取消").values.all()
        assert (value.answer, value.value, value.no_data_reason) == ("no_data", None, "统计口径取消")

    def test_a_new_as_of_date_alone_is_a_correction(self) -> None:
        by = reporter()
        form = approved(by, "40")
        key = first(form).pk
        (value,) = ask(form, by, values=[Wanted(key, as_of_text="2023年5月")]).values.all()
        assert (value.value, value.as_of_printed) == (40, "2023年5月")

    @pytest.mark.parametrize("same", ["40", "40.0", "４０"])
    def test_the_published_value_is_no_new_one(self, same: str) -> None:
        by = reporter()
        with pytest.raises(Unclear, match="与已发布的相同"):
            ask(approved(by, "40"), by, same)

    def test_what_is_no_number_is_refused_for_its_figure(self) -> None:
        by = reporter()
        form = approved(by, "40")
        with pytest.raises(Unclear) as refused:
            ask(form, by, "约四十")
        assert list(refused.value.by_figure) == [first(form).pk]

    def test_a_writing_that_could_mean_something_else_is_agreed_to_first(self) -> None:
        by = reporter()
        form = approved(by, "40")
        with pytest.raises(Unclear):
            ask(form, by, "1.2万")
        key = first(form).pk
        assert ask(form, by, values=[Wanted(key, "1.2万", confirmed=True)]).values.get().value == 12000

    def test_a_figure_of_another_form_is_refused(self) -> None:
        by = reporter()
        other = first(approved(reporter(), "7"))
        with pytest.raises(ValidationError, match="不是“已通过”"):
            ask(approved(by, "40"), by, values=[Wanted(other.pk, "8")])

    def test_a_whole_form_names_no_values(self) -> None:
        by = reporter()
        asked = ask(approved(by, "40", "50"), by, "41", whole=True)
        assert (asked.scope, len(asked.figures), asked.values.count()) == ("form", 2, 0)

    def test_files_prove_it(self) -> None:
        by = reporter()
        asked = ask(approved(by), by, "41", evidence=[SimpleUploadedFile("台账.pdf", SCAN)])
        assert [str(each) for each in asked.evidence.all()] == ["台账.pdf"]

    def test_a_file_that_is_not_taken_refuses_the_request(self) -> None:
        by = reporter()
        with pytest.raises(ValidationError, match="不是可以接收的类型"):
            ask(approved(by), by, "41", evidence=[SimpleUploadedFile("台账.pdf", b"MZ")])
        assert not Correction.objects.exists()

    def test_files_of_a_request_stay(self) -> None:
        by = reporter()
        ask(approved(by), by, "41", evidence=[SimpleUploadedFile("台账.pdf", SCAN)])
        with pytest.raises(StaleState, match="不能移除"):
            actions.remove_evidence(Evidence.objects.get(), by=by)

    def test_history_names_old_and_new(self) -> None:
        by = reporter()
        ask(approved(by, "40"), by, "41")
        (told,) = Entry.objects.get(event="correction.ask").detail["values"]
        assert (told["before"], told["after"]) == ("40", "41")


class TestTheDatabase:
    def test_a_request_for_single_figures_names_each_value(self) -> None:
        by = reporter()
        form = approved(by)
        given = {"figures": [first(form).pk], "scope": "cells", "asked_by": by, "asked_at": now()}
        with pytest.raises(Refused, match="每一项都须写明新值"), recorded(by=by, reason="测试"):  # noqa: PT012
            Correction.objects.create(submission=form, reason="笔误", **given)
            connection.cursor().execute("SET CONSTRAINTS audit_guard_end IMMEDIATE")

    def test_a_new_value_differs_from_the_published_one(self) -> None:
        by = reporter()
        form = approved(by, "40", "50")
        value = ask(form, by, "41").values.get()
        value.pk, value.value, value._state.adding = None, 50, True
        value.figure = form.figures.all()[1]
        value.published = value.figure.published_values.get()
        with pytest.raises(Refused, match="须与这一项现在的已发布值不同"), recorded(by=by, reason="测试"):
            value.save(force_insert=True)

    def test_what_was_asked_for_does_not_change(self) -> None:
        by = reporter()
        ask(approved(by), by, "41")
        with pytest.raises(Refused, match="新值不能改变"), recorded(by=by, reason="测试"):
            RequestedValue.objects.update(value=43)


class TestTake:
    def test_agreed_to_nothing_is_typed_yet(self) -> None:
        by = reporter()
        form = agreed(approved(by, "40"), by, "41")
        assert (first(form).value, first(form).saved_by) == (40, by)

    def test_its_organisation_fills_the_new_values_in(self) -> None:
        by = reporter()
        form = agreed(approved(by, "40", "50"), by, "41", "无数据")
        actions.take_requested(form, by=by, seen=seen(form))
        cells = form.figures.order_by("indicator__number")
        assert [(cell.answer, cell.value) for cell in cells] == [("value", 41), ("no_data", None)]

    def test_a_new_as_of_date_comes_along(self) -> None:
        by = reporter()
        form = approved(by, "40")
        asked = ask(form, by, values=[Wanted(first(form).pk, "41", "2023年5月")])
        actions.agree_to_correction(asked, by=reviewer())
        actions.take_requested(form, by=by, seen=seen(form))
        assert first(form).as_of_printed == "2023年5月"

    def test_what_a_colleague_changed_meanwhile_is_kept(self) -> None:
        by = reporter()
        form = agreed(approved(by, "40"), by, "41")
        before = seen(form)
        actions.save_figure(first(form), by=by, revision=first(form).revision, answer="value", value_text="43")
        (outcome,) = actions.take_requested(form, by=by, seen=before)
        assert isinstance(outcome.refusal, actions.CellConflict)
        assert first(form).value == 43

    def test_the_working_group_does_not_fill_them_in(self) -> None:
        by = reporter()
        form = agreed(approved(by), by, "41")
        with pytest.raises(PermissionDenied):
            actions.take_requested(form, by=reviewer(), seen=seen(form))

    def test_before_an_answer_there_is_nothing_to_fill_in(self) -> None:
        by = reporter()
        form = approved(by)
        ask(form, by, "41")
        with pytest.raises(StaleState):
            actions.take_requested(form, by=by, seen=seen(form))


class TestPages:
    def test_a_reporter_types_new_values_and_attaches_files(self) -> None:
        by = reporter()
        form = approved(by, "40")
        assert "新值" in text(by, of(form, "ask_for_correction"))
        key = first(form).pk
        sent = {f"value-{key}": "41", "reason": "笔误", "evidence": [SimpleUploadedFile("台账.pdf", SCAN)]}
        client_of(by).post(of(form, "ask_for_correction"), sent)
        asked = Correction.objects.get()
        assert (asked.values.get().value, asked.evidence.count()) == (41, 1)

    def test_a_refusal_stands_under_its_figure_and_keeps_what_was_typed(self) -> None:
        by = reporter()
        form = approved(by, "40")
        key = first(form).pk
        answered = client_of(by).post(of(form, "ask_for_correction"), {f"value-{key}": "1.2万", "reason": "笔误"})
        shown = answered.content.decode()
        assert answered.status_code == 422
        for words in ("请确认：", 'value="1.2万"', f'name="confirmed-{key}"'):
            assert words in shown

    def test_what_was_agreed_to_counts_for_that_text_only(self) -> None:
        by = reporter()
        form = approved(by, "40")
        key = first(form).pk
        sent = {f"value-{key}": "1.3万", f"confirmed-{key}": "1.2万", "reason": "笔误"}
        assert client_of(by).post(of(form, "ask_for_correction"), sent).status_code == 422

    def test_the_reviewer_sees_old_new_difference_reason_and_files(self) -> None:
        by = reporter()
        form = approved(by, "40")
        ask(form, by, "41.5", evidence=[SimpleUploadedFile("台账.pdf", SCAN)])
        shown = text(reviewer(), of(form, "review"))
        for word in ("40", "41.5", "+1.5", "笔误", "台账.pdf"):
            assert word in shown

    def test_the_reporter_fills_them_in_with_one_press(self) -> None:
        by = reporter()
        form = agreed(approved(by, "40"), by, "41")
        assert "更正申请中有 1 个新值还没有填入" in text(by, of(form, "form"))
        (pair,) = seen(form).items()
        client_of(by).post(of(form, "take_requested"), {"take": f"{pair[0]}@{pair[1]}"})
        assert first(form).value == 41
        assert "还没有填入" not in text(by, of(form, "form"))

    def test_the_reviewer_sees_where_the_form_says_something_else(self) -> None:
        by = reporter()
        form = agreed(approved(by, "40"), by, "41")
        actions.save_figure(first(form), by=by, revision=first(form).revision, answer="value", value_text="43")
        actions.submit(form, by=by)
        assert "与申请的新值不同" in text(reviewer(), of(form, "review"))

    def test_files_of_a_request_are_read_by_those_who_read_the_form(self) -> None:
        by = reporter()
        form = approved(by)
        asked = ask(form, by, "41", evidence=[SimpleUploadedFile("台账.pdf", SCAN)])
        url = f"{of(form, 'form')}evidence/{asked.evidence.get().pk}/"
        assert [client_of(user).get(url).status_code for user in (by, reviewer(), reporter())] == [200, 200, 404]
