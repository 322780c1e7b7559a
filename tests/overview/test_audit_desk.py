"""The auditor's desk: words in any order, understood part by part; the records that answer all of them."""

import os
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from django.utils.functional import cached_property
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import lists, sampled_from, text

from audit.models import Door, Entry
from audit.recording import record, recorded
from audit.subjects import Subject, model_of, register, registered
from overview.audit.asked import Kind, understood, without
from overview.audit.times import spans_in
from plans.models import Plan
from submissions.actions import (
    agree_to_correction,
    approve,
    ask_for_correction,
    return_for_correction,
    submit,
)
from submissions.models import Figure
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import saved, submitted
from tests.overview.pages import html_for, opened_by, signed_in

pytestmark = pytest.mark.django_db
DAY = date(2018, 7, 18)
EXAMPLES = int(os.environ.get("EXAMPLES", "10"))  # 200 and more by hand
PIECES = [*"0129年月日-至到/.起止 %'\\\x00，、", "退回", "指标", "9999", "0001", "以前", "今天", "Excel", "１２", "٣"]


@pytest.fixture
def returned():
    form = submitted(reporter(), "51")
    return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.get(): ["口径不符，请核实。"]})
    return form


def corrected(anna):
    """51 is approved; a correction of it to 52 is agreed to, typed and approved."""
    form = submitted(anna, "51")
    figure = form.figures.get()
    approve(form, by=reviewer(), round=1)
    form.refresh_from_db()
    agree_to_correction(ask_for_correction(form, by=anna, whole=True, reason="口径更正"), by=reviewer())
    saved(figure, "52", by=anna, explanation="已核对。")
    form.refresh_from_db()
    approve(submit(form, by=anna), by=reviewer(), round=2)
    return figure


def records(of, query: str, who=None) -> str:
    return opened_by(who or auditor(), f"/{of.code}/audit/?q={query}")


class TestUnderstanding:
    def kinds(self, of, text: str) -> dict[Kind, str]:
        return {term.kind: term.words for term in understood(of, text)}

    def test_tells_things_apart_in_any_order(self, returned) -> None:
        of, figure = returned.period.plan, returned.figures.get()
        expected = {
            Kind.INDICATOR: figure.indicator.name,
            Kind.ORGANISATION: returned.organisation.name,
            Kind.PERSON: returned.submitted_by.name,
            Kind.PERIOD: returned.period.name.replace(" ", ""),
            Kind.ACTION: "退回",
            Kind.TIME: "2018-01-01 至 2018-02-03",
            Kind.DOOR: "上传的 Excel",
            Kind.TEXT: "鲸鱼",
        }
        words = [value for kind, value in expected.items() if kind not in (Kind.TIME, Kind.DOOR)]
        text = " ".join([*words, "2018年1月1日至2月3日", "Excel"])
        assert self.kinds(of, text) == expected
        assert self.kinds(of, " ".join(reversed(text.split()))) == expected

    def test_takes_words_apart_that_are_glued_together(self) -> None:
        row = indicator(name="发明专利数")
        assert self.kinds(row.plan, "退回发明专利数") == {Kind.ACTION: "退回", Kind.INDICATOR: "发明专利数"}

    def test_takes_an_indicator_by_its_number(self) -> None:
        row = indicator()
        assert self.kinds(row.plan, f"指标{row.number}") == {Kind.INDICATOR: row.name}
        assert self.kinds(row.plan, f"指标 {row.number}") == {Kind.INDICATOR: row.name}

    def test_says_how_many_a_part_of_a_name_means(self) -> None:
        of = plan()
        for name in ("工业产值", "农业产值"):
            indicator(of=of, name=name)
        assert self.kinds(of, "产值") == {Kind.INDICATOR: "名称含“产值”的 2 个"}

    def test_leaves_out_one_part(self) -> None:
        of = plan()
        terms = understood(of, "鲸鱼 退回 2018-01-01至2018-02-01")
        assert [without(terms, term) for term in terms] == [
            "鲸鱼 退回",
            "2018-01-01至2018-02-01 退回",
            "2018-01-01至2018-02-01 鲸鱼",
        ]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2018-05-01至2018-07-18", date(2018, 5, 1), DAY),
        ("2018年5月1日至7月18日", date(2018, 5, 1), DAY),
        ("2018年5月", date(2018, 5, 1), date(2018, 5, 31)),
        ("2018年", date(2018, 1, 1), date(2018, 12, 31)),
        ("7月18日以来", DAY, None),
        ("2018-07-18以前", None, DAY),
        ("今天", DAY, DAY),
        ("昨天", date(2018, 7, 17), date(2018, 7, 17)),
        ("7月18日至5月1日", date(2018, 5, 1), DAY),
    ],
)
def test_times_are_read_as_people_write_them(text: str, since: date, until: date) -> None:
    rest, (span,) = spans_in(f"退回 {text}", DAY)
    assert (rest.strip(), span.since, span.until) == ("退回", since, until)


@pytest.mark.parametrize("text", ["2018-13-45", "2018年2月30日", "99999", "9999年12月31日", "0001年1月1日"])
def test_what_is_no_day_stays_a_word(text: str) -> None:
    assert spans_in(text, DAY) == (text, [])


class TestTheRecords:
    def test_are_found_by_every_word_in_any_order(self, returned) -> None:
        name = returned.figures.get().indicator.name
        for query in (f"退回 {name}", f"{name} 退回"):
            assert "口径不符，请核实。" in records(returned.period.plan, query)

    def test_show_old_and_new_who_why_and_which_review(self) -> None:
        anna = reporter()
        figure = corrected(anna)
        text = records(figure.period.plan, f"指标{figure.indicator.number} 改动数值")
        assert "由 51 → 改为 52" in text
        assert f"由 {anna.name}·{anna.organisation.name}" in text
        assert "因 口径更正" in text
        assert "经 审核第 2 次通过" in text

    def test_show_what_was_agreed_to_beside_what_was_typed(self) -> None:
        figure = corrected(reporter())
        text = records(figure.period.plan, f"指标{figure.indicator.number}")
        steps = ["修订数 52", "由 51 → 改为 52", "同意更正申请", "初步核算数 51"]
        places = [text.index(step) for step in steps]
        assert places == sorted(places)

    def test_are_bounded_by_days(self, returned) -> None:
        assert "没有找到记录" in records(returned.period.plan, "退回 2000-01-01以前")
        assert "口径不符" in records(returned.period.plan, "退回 今天")

    def test_are_found_by_door(self, returned) -> None:
        with recorded(by=None, reason="另一条门", door=Door.WORKBOOK):
            record("figure.save", returned.figures.get(), before="51", after="52")
        text = records(returned.period.plan, "Excel")
        assert "另一条门" not in text  # what was typed is told with why it was typed: the return before it
        assert "1 条记录" in text

    def test_are_found_by_the_name_that_an_organisation_had(self, returned) -> None:
        anna = returned.submitted_by
        with recorded(by=None, reason="更名"):
            anna.organisation.name = "新名字单位"
            anna.organisation.save()
        assert "填报数值" in records(returned.period.plan, "新名字单位 填写")

    def test_tell_of_a_number_that_was_written_without_a_record(self, returned) -> None:
        figure = returned.figures.get()
        with recorded(by=None, reason="手工修复"):
            Figure.objects.filter(pk=figure.pk).update(value=Decimal(99), value_printed="99")
        text = records(figure.period.plan, f"指标{figure.indicator.number} 改动数值")
        assert "没有办理记录" in text
        assert "由 51 → 改为 99" in text
        assert "手工修复" in text

    def test_lead_to_the_page_of_what_they_speak_of(self, returned) -> None:
        of, row = returned.period.plan, returned.figures.get().indicator
        html = html_for(auditor(), f"/{of.code}/audit/?q=退回")
        assert f"/{of.code}/indicators/{row.number}/trace/?organisation={returned.organisation.code}" in html

    def test_of_another_plan_are_not_shown(self, returned) -> None:
        assert "没有找到记录" in records(plan(), "退回")

    def test_tell_nothing_of_accounts_and_roles(self, returned) -> None:
        with recorded(by=None, reason="新任审核人"):
            record("role.grant", reviewer().grants.get())
        assert "没有找到记录" in records(returned.period.plan, "授予角色")

    def test_that_answer_nothing_say_which_part(self, returned) -> None:
        text = records(returned.period.plan, "退回 鲸鱼")
        assert "“鲸鱼”还没有任何记录" in text
        assert "动作“退回”还没有" not in text

    def test_stand_fifty_a_page_under_their_months(self, returned) -> None:
        with recorded(by=None, reason="很多"):
            for number in range(60):
                record("figure.save", returned.figures.get(), before=str(number), after=str(number + 1))
        text = records(returned.period.plan, "改动数值")
        assert "第 1 页，共 2 页" in text
        assert text.count("号变更") == 50

    def test_cost_the_same_however_many(self, returned, django_assert_max_num_queries) -> None:
        with recorded(by=None, reason="很多"):
            for number in range(40):
                record("figure.save", returned.figures.get(), before=str(number), after=str(number + 1))
        with django_assert_max_num_queries(62):
            records(returned.period.plan, f"指标{returned.figures.get().indicator.number}")

    @pytest.mark.parametrize(
        "query",
        [
            *("%00", "%00退回", "%25", "'", "_", "%F0%A0%80%80", "指标", "指标9999", "a" * 500, "至", "2018-"),
            *("9999年12月31日", "0001年1月1日", "0000-00", "9999年", "0001年至9999年"),
        ],
    )
    def test_take_whatever_is_typed(self, query: str) -> None:
        assert "审计工作台" in records(plan(), query)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(query=text() | lists(sampled_from(PIECES), max_size=9).map("".join))
    def test_take_any_string(self, query: str) -> None:
        of, who = self.asked_by
        answer = who.get(f"/{of.code}/audit/", {"q": query.encode("utf-8", "surrogatepass")})
        assert answer.status_code == 200

    @cached_property
    def asked_by(self) -> tuple[Plan, Client]:
        return plan(), signed_in(auditor())

    def test_are_exemplified_before_anything_is_asked(self) -> None:
        assert "例如" in records(plan(), "")

    def test_are_only_for_auditors(self) -> None:
        opened_by(reviewer(), f"/{plan().code}/audit/?q=退回", status=404)


class TestSubjects:
    def test_are_registered_for_every_table_that_entries_of_business_speak_of(self, returned) -> None:
        corrected(reporter())
        known = {model_of(subject) for subject in registered().values()}
        rooms = {
            "plans",
            "tasks",
            "projects",
            "indicators",
            "responsibilities",
            "submissions",
            "evaluation",
            "reports",
        }
        spoken = {entry.subject_type.model_class() for entry in Entry.objects.select_related("subject_type")}
        assert {model for model in spoken if model._meta.app_label in rooms} <= known

    def test_lead_along_paths_that_are_there(self) -> None:
        for subject in registered().values():
            model = apps.get_model(subject.model)
            paths = [path for path in subject.about.values() if isinstance(path, str)]
            list(model._default_manager.values_list(*paths, *subject.parts.values(), *subject.query.values())[:1])
            for table, column in subject.beside:
                apps.get_model(table)._meta.get_field(column)

    def test_are_registered_once(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            register(Subject("plans.Plan", {}))
