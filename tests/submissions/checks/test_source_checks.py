"""The organisation that has the data checks what another one reported (数据会审)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.moves import StaleState
from audit.recording import recorded
from organisations.models import Role, User
from responsibilities.models import Part, Responsibility
from submissions.actions import check_as_source, submit, withdraw
from submissions.checks import oddities_in
from submissions.models import Figure, SourceCheck
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.security import records
from tests.factories.submissions import opened, saved
from tests.submissions.pages import client_of, page, text

pytestmark = pytest.mark.django_db
RULE = "unchecked_by_source"


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def source() -> User:
    """A reporter of the organisation that has the data."""
    return person(Role.REPORTER, at=organisation(name="统计局"))


@pytest.fixture
def cell(by: User, source: User) -> Figure:
    """A handed-in figure that the source organisation has the data of."""
    row = indicator(lead=by.organisation)
    with recorded(by=None, reason="测试"):
        Responsibility.objects.create(
            plan=row.plan, organisation=source.organisation, part=Part.DATA_SOURCE, indicator=row
        )
    form = opened(row)
    saved(form.figures.get(), "60", by=by)
    submit(form, by=by)
    return form.figures.get()


def asked(cell: Figure) -> list[str]:
    return [each.message for each in oddities_in(cell.submission) if each.kind == RULE]


def checked(cell: Figure, by: User, **given: object) -> SourceCheck:
    return check_as_source(cell, by=by, **({"answer": "value", "value": Decimal(60), "agrees": True} | given))


class TestCheckAsSource:
    def test_until_then_the_value_is_marked_as_unchecked(self, cell: Figure, source: User) -> None:
        assert "统计局还没有核对" in asked(cell)[0]
        checked(cell, source)
        assert asked(cell) == []

    def test_where_it_differs_the_reviewer_reads_how(self, cell: Figure, source: User) -> None:
        checked(cell, source, agrees=False, remark="少计两家")
        assert "统计局认为有出入（少计两家）" in asked(cell)[0]

    def test_another_value_is_unchecked_again(self, cell: Figure, source: User, by: User) -> None:
        checked(cell, source)
        withdraw(cell.submission, by=by, reason="改正")
        saved(cell, "61", by=by)
        submit(cell.submission, by=by)
        assert len(asked(cell)) == 1

    def test_a_draft_is_not_theirs_to_check(self, cell: Figure, source: User, by: User) -> None:
        withdraw(cell.submission, by=by, reason="改正")
        assert asked(cell) == []
        with pytest.raises(StaleState):
            checked(cell, source)

    def test_only_what_was_seen_is_checked(self, cell: Figure, source: User) -> None:
        with pytest.raises(StaleState, match="有了修改"):
            checked(cell, source, value=Decimal(59))

    def test_a_difference_is_said(self, cell: Figure, source: User) -> None:
        with pytest.raises(ValidationError, match="出入在哪里"):
            checked(cell, source, agrees=False)

    def test_others_do_not_check(self, cell: Figure, by: User) -> None:
        for other in (by, reporter(), reviewer()):
            with pytest.raises(PermissionDenied):
                checked(cell, other)


class TestPage:
    def url(self, cell: Figure, name: str = "source_checks") -> str:
        args = [cell.period.plan.code] + ([cell.pk] if name == "check_as_source" else [])
        return reverse(f"submissions:{name}", args=args)

    def test_it_lists_what_waits(self, cell: Figure, source: User) -> None:
        shown = text(source, self.url(cell))
        assert "有 1 项数据待核对" in shown
        assert cell.indicator.name in shown

    def test_who_looks_at_what_others_handed_in_is_on_record(self, cell: Figure, source: User) -> None:
        text(source, self.url(cell))
        (record,) = records("data.view")
        assert record.about == "数据会审"

    def test_a_press_marks_it(self, cell: Figure, source: User) -> None:
        typed = {"answer": "value", "value": "60.000000", "decision": "agrees"}
        client_of(source).post(self.url(cell, "check_as_source"), typed)
        assert SourceCheck.objects.get().agrees
        assert "1 项数据都已核对" in text(source, self.url(cell))

    def test_others_find_nothing_there(self, cell: Figure, by: User) -> None:
        assert "没有待核对的数据" in text(by, self.url(cell))
        assert page(reviewer(), self.url(cell)).status_code == 404
        assert client_of(by).post(self.url(cell, "check_as_source"), {}).status_code == 404
