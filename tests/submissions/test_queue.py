"""The reviewers' queue: what waits, what is new to whom, and approving from it."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.clock import set_to
from organisations.models import Role, User
from plans.models import PeriodState, Plan
from submissions import actions
from submissions.models import PublishedValue, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import note_in, opened, saved
from tests.submissions.pages import client_of, of, page, queries, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def base() -> Plan:
    return plan()


def sent(base: Plan, *bodies: str, value: str = "50", **fields: object) -> list[Submission]:
    """A submitted form of each body for one period."""
    for name in bodies:
        indicator(of=base, lead=reporter(at=organisation(name=name)).organisation, **fields)
    forms = actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急")
    return [_sent(form, User.objects.get(organisation=form.organisation), value) for form in forms]


def _sent(form: Submission, by: User, value: str, **fields: object) -> Submission:
    for figure in form.figures.all():
        saved(figure, value, by=by, explanation="口径不同。", **fields)
    return actions.submit(form, by=by)


def queue(of_plan: Plan, query: str = "") -> str:
    return reverse("submissions:queue", args=[of_plan.code]) + query


def named(user: User, url: str) -> list[str]:
    """The organisations in the queue, in their order."""
    return re.findall(r'reviews/[^"]*"[^>]*>([^<]+)</a></th>', text(user, url))


def sent_again(form: Submission, value: str) -> Submission:
    """Return the form's first figure, change it and send it again."""
    first, by = form.figures.all()[0], User.objects.get(pk=form.submitted_by_id)
    actions.return_for_correction(form, by=reviewer(), round=form.round, remarks={first: ["请核实"]})
    saved(first, value, by=by, explanation="已核。")
    return actions.submit(form, by=by)


class TestNews:
    def test_what_nobody_looked_at_says_so(self, base: Plan) -> None:
        sent(base, "甲局")
        assert "未看过" in text(reviewer(), queue(base))

    def test_changes_are_counted_since_the_persons_own_last_look(self, base: Plan) -> None:
        (form,) = sent(base, "甲局")
        who, other = reviewer(), reviewer()
        page(who, of(form, "review"))
        assert "看后无变动" in text(who, queue(base))
        sent_again(form, "51")
        assert "看后有变动 1" in text(who, queue(base))
        assert "未看过" in text(other, queue(base))
        page(who, of(form, "review"))
        assert "看后无变动" in text(who, queue(base))

    def test_what_changed_since_the_return_is_counted_too(self, base: Plan) -> None:
        sent_again(sent(base, "甲局")[0], "51")
        assert "退回后有变动 1" in text(reviewer(), queue(base))

    def test_the_address_chooses_by_it(self, base: Plan) -> None:
        seen, _ = sent(base, "甲局", "乙局")
        who = reviewer()
        page(who, of(seen, "review"))
        assert named(who, queue(base, "?news=unseen")) == ["乙局"]
        assert named(who, queue(base, "?news=same")) == ["甲局"]
        assert named(who, queue(base, "?news=changed")) == []
        sent_again(seen, "51")
        assert named(who, queue(base, "?news=changed")) == ["甲局"]

    def test_a_leader_who_reads_along_leaves_no_look(self, base: Plan) -> None:
        (form,) = sent(base, "甲局")
        page(person(Role.LEADER), of(form, "review"))
        assert not form.looks.exists()


class TestOrder:
    def test_first_come_first_and_by_what_the_address_says(self, base: Plan) -> None:
        for name, position in (("甲局", 1), ("乙局", 2)):
            indicator(of=base, lead=organisation(name=name, position=position))
        forms = actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急")
        for form in reversed(forms):
            _sent(form, reporter(at=form.organisation), "50")
        assert named(reviewer(), queue(base)) == ["乙局", "甲局"]
        assert named(reviewer(), queue(base, "?sort=organisation")) == ["甲局", "乙局"]

    def test_what_changed_comes_first_when_asked(self, base: Plan) -> None:
        first, second = sent(base, "甲局", "乙局")
        who = reviewer()
        for form in (first, second):
            page(who, of(form, "review"))
        sent_again(second, "51")
        assert named(who, queue(base, "?sort=changed")) == ["乙局", "甲局"]

    def test_only_the_late_ones(self, base: Plan) -> None:
        by, other = reporter(), reporter()
        for each in (by, other):
            indicator(of=base, lead=each.organisation)
        forms = actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急")
        people = {each.organisation_id: each for each in (by, other)}
        with set_to(forms[0].deadline):
            _sent(forms[0], people[forms[0].organisation_id], "50")
        with set_to(forms[0].deadline + timedelta(days=1)):
            _sent(forms[1], people[forms[1].organisation_id], "50")
        assert named(reviewer(), queue(base, "?late=yes")) == [forms[1].organisation_name]

    def test_by_what_is_odd(self, base: Plan) -> None:
        sent(base, "甲局")
        sent(base, "乙局", target=5)
        for query, bodies in (
            ("?odd=yes", ["乙局"]),
            ("?odd=no", ["甲局", "甲局"]),
            ("?sort=odd", ["乙局", "甲局", "甲局"]),
        ):
            assert named(reviewer(), queue(base, query)) == bodies

    def test_a_word_that_is_none_is_ignored(self, base: Plan) -> None:
        sent(base, "甲局")
        assert named(reviewer(), queue(base, "?sort=burn&news=x&period=nope&kind=1&page=99")) == ["甲局"]

    def test_filtered_empty_it_says_so(self, base: Plan) -> None:
        sent(base, "甲局")
        assert "按这些条件没有待审的填报表" in text(reviewer(), queue(base, "?kind=street"))

    def test_the_form_keeps_the_queues_order_for_its_neighbours(self, base: Plan) -> None:
        sent(base, "甲局", "乙局")
        who = reviewer()
        first, second = Submission.objects.order_by("organisation__position", "organisation__code")
        shown = text(who, of(first, "review") + "?sort=organisation")
        assert f'data-next="{of(second, "review")}?sort=organisation"' in shown


class TestFlat:
    def test_the_queries_do_not_grow_with_forms(self, base: Plan) -> None:
        who = reviewer()
        sent(base, "甲局", "乙局")
        few = queries(who, queue(base))
        sent(base, *[f"第{number}局" for number in range(6)])
        assert queries(who, queue(base)) == few <= 12


class TestApprovingSeveral:
    def post(self, base: Plan, *forms: Submission, by: User | None = None, **more: str):
        client = client_of(by or reviewer())
        keys = [f"{form.pk}-{form.round}" for form in forms]
        return client.post(reverse("submissions:approve_many", args=[base.code]), {"form": keys} | more, follow=True)

    def test_first_it_lists_them_with_the_number_of_values(self, base: Plan) -> None:
        forms = sent(base, "甲局", "乙局")
        shown = self.post(base, *forms).content.decode()
        assert "核对将通过的 2 张填报表" in shown
        assert "共 2 项数据" in shown
        assert not PublishedValue.objects.exists()

    def test_confirmed_each_is_published_in_a_change_of_its_own(self, base: Plan) -> None:
        forms = sent(base, "甲局", "乙局")
        shown = self.post(base, *forms, confirmed="1").content.decode()
        assert "2 张填报表已全部通过并发布" in shown
        assert {form.state for form in Submission.objects.all()} == {"approved"}
        assert len({value.review.entry.change_id for value in PublishedValue.objects.all()}) == 2

    def test_one_with_a_warning_is_not_among_them(self, base: Plan) -> None:
        (form,) = sent(base, "甲局", target=5)
        assert 'name="form"' not in text(reviewer(), queue(base))
        shown = self.post(base, form).content.decode()
        assert "另有 1 张不能批量通过" in shown
        shown = self.post(base, form, confirmed="1").content.decode()
        assert "没有通过：有疑点，请打开逐项审核。" in shown
        assert Submission.objects.get().state == "submitted"

    def test_what_could_not_be_approved_is_named_and_keeps_no_other(self, base: Plan) -> None:
        first, second = sent(base, "甲局", "乙局")
        actions.withdraw(first, by=first.submitted_by, reason="补充")
        shown = self.post(base, first, second, confirmed="1").content.decode()
        assert "1 张填报表已全部通过并发布" in shown
        assert f"{first}没有通过" in shown
        assert [form.state for form in Submission.objects.order_by("pk")] == ["draft", "approved"]

    def test_one_that_came_in_again_meanwhile_is_left(self, base: Plan) -> None:
        (form,) = sent(base, "甲局")
        sent_again(form, "51")
        assert "重新提交了" in self.post(base, form, confirmed="1").content.decode()

    def test_ones_own_is_left(self, base: Plan) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        form = opened(indicator(of=base, lead=both.organisation))
        _sent(form, both, "50")
        form.refresh_from_db()
        assert "没有通过：你参与过其他环节" in self.post(base, form, by=both, confirmed="1").content.decode()

    def test_nothing_ticked_is_said(self, base: Plan) -> None:
        assert "请先勾选要通过的填报表" in self.post(base).content.decode()

    def test_notes_are_published_with_it(self, base: Plan) -> None:
        by = reporter()
        form = opened(indicator(of=base, lead=by.organisation))
        note = note_in(form)
        actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        form = _sent(form, by, "50")
        assert "1 份进展说明" in self.post(base, form).content.decode()
        found = actions.approve_clean([(form, 1, "only")], by=reviewer())
        assert (len(found.done), found.left) == (1, [])
        note.refresh_from_db()
        assert note.is_published

    def test_the_verb_wants_something_to_do(self) -> None:
        with pytest.raises(ValidationError, match="请先勾选"):
            actions.approve_clean([], by=reviewer())
