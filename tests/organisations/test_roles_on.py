"""Who held which role on a day."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from audit.clock import set_to, today
from audit.recording import recorded
from config.settings import TIME_ZONE
from organisations.actions import grant_role, withdraw_role
from organisations.models import Role, User
from organisations.roles_on import roles_on
from tests.audit.guarded import switch_guards
from tests.factories.organisations import auditor, organisation, person
from tests.organisations.test_pages import as_, text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def guards_are_off(django_db_setup: None) -> Iterator[None]:
    """The database takes no role of another moment than now."""
    switch_guards("DISABLE")
    yield
    switch_guards("ENABLE")


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(TIME_ZONE))


@pytest.fixture
def anna() -> User:
    """Reviewer from the evening of 3 March until the morning of 5 May 2023."""
    who, by = person(name="甲", at=organisation(name="某局")), person(Role.SECURITY_ADMINISTRATOR)
    with set_to(at(2023, 3, 3, 23, 59)):
        grant = grant_role(who, Role.REVIEWER, by=by, reason="任命")
    with set_to(at(2023, 5, 5, 0, 1)):
        withdraw_role(grant, by=by, reason="免职")
    return who


def held(*day: int) -> list[str]:
    return [each.name for each in roles_on(date(*day)).get(Role.REVIEWER, [])]


class TestRolesOn:
    @pytest.mark.parametrize(
        ("day", "names"),
        [
            ((2023, 3, 2), []),
            ((2023, 3, 3), ["甲"]),
            ((2023, 4, 1), ["甲"]),
            ((2023, 5, 5), ["甲"]),
            ((2023, 5, 6), []),
        ],
    )
    def test_first_and_last_day_count(self, anna: User, day: tuple[int, ...], names: list[str]) -> None:
        assert held(*day) == names

    def test_a_role_that_goes_on_is_held_today(self) -> None:
        who = auditor(name="乙")
        (row,) = roles_on(today())[Role.AUDITOR]
        assert (row.name, row.organisation, row.until) == ("乙", who.organisation.name, None)

    def test_names_are_those_of_the_day(self, anna: User) -> None:
        with recorded(by=None, reason="改名"):
            User.objects.filter(pk=anna.pk).update(name="甲甲", organisation=organisation(name="另一局"))
        (row,) = roles_on(date(2023, 4, 1))[Role.REVIEWER]
        # history began later than the day: its first version is what is known
        assert (row.name, row.organisation) == ("甲", "某局")

    def test_somebody_who_left_held_what_they_held(self, anna: User) -> None:
        with recorded(by=None, reason="离任"):
            User.objects.filter(pk=anna.pk).update(is_active=False)
        assert held(2023, 4, 1) == ["甲"]

    def test_the_number_of_queries_does_not_grow(self, django_assert_num_queries: object) -> None:
        for _ in range(5):
            person(Role.REVIEWER)
        with django_assert_num_queries(5):
            roles_on(today())


class TestThePage:
    @pytest.fixture
    def by(self) -> Client:
        return as_(auditor())

    def test_it_shows_the_day_of_the_address(self, anna: User, by: Client) -> None:
        page = text(by.get("/roles-on/?day=2023-04-01"))
        assert "2023年4月1日谁有什么角色" in page
        assert "2023-03-03 23:59" in page
        assert "2023-05-05 00:01" in page
        assert "甲" not in text(by.get("/roles-on/?day=2023-05-06"))

    def test_without_a_day_it_shows_today(self, by: Client) -> None:
        assert "审计员" in text(by.get("/roles-on/"))

    @pytest.mark.parametrize("day", ["x", "2023-02-30", "0001-01-01", "9999-12-31", "\x00"])
    def test_what_is_no_day_shows_today(self, by: Client, day: str) -> None:
        assert by.get("/roles-on/", {"day": day}).status_code == 200

    def test_a_security_auditor_reads_it_too(self) -> None:
        assert as_(person(Role.SECURITY_AUDITOR)).get("/roles-on/").status_code == 200

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR])
    def test_to_others_it_is_not_there(self, role: str) -> None:
        assert as_(person(role)).get("/roles-on/").status_code == 404
