"""Telephone and mail: masked on every page, seen in full on record, erased for good; history never had them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.recording import entries_of, recorded
from organisations.actions import erase_contact_details, reveal_contact_details
from organisations.contact import masked_mail, masked_phone
from organisations.models import Organisation, Role, User
from submissions.addresses import address
from tests.factories.organisations import (
    auditor,
    leader,
    organisation,
    person,
    reporter,
    reviewer,
    system_administrator,
)
from tests.factories.security import records
from tests.factories.submissions import submitted
from tests.organisations.test_pages import as_, text

PHONE, MAIL = "13812345678", "zhangsan@example.org"
MASKED = "138****5678"


def reachable(**fields: object) -> User:
    return person(Role.REPORTER, name="张三", phone=PHONE, email=MAIL, **fields)


def with_contact(**fields: object) -> Organisation:
    return organisation(contact="李四", contact_phone=PHONE, **fields)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        (PHONE, MASKED),
        ("138 1234 5678", MASKED),
        ("0755-28921234", "075****1234"),
        ("28921234", "28****34"),
        ("12345", "****"),
        ("无", "****"),
        ("", ""),
    ],
)
def test_a_number_is_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(("mail", "shown"), [(MAIL, "z***@example.org"), ("", ""), ("x", "***"), ("@x", "***")])
def test_an_address_of_mail_is_masked(mail: str, shown: str) -> None:
    assert masked_mail(mail) == shown


@pytest.mark.django_db
class TestReveal:
    def test_a_system_administrator_sees_a_persons_in_full_and_on_record(self) -> None:
        by, who = system_administrator(), reachable()
        found = reveal_contact_details(who, by=by)
        assert (found.phone, found.email) == (PHONE, MAIL)
        assert [(row.event, row.name, row.about) for row in records()] == [("contact.reveal", by.name, "张三")]
        assert PHONE not in str(records()[0].detail)

    @pytest.mark.parametrize("who", [reviewer, auditor, leader])
    def test_nobody_else_sees_a_persons(self, who: object) -> None:
        with pytest.raises(PermissionDenied):
            reveal_contact_details(reachable(), by=who())
        assert records() == []

    def test_whoever_has_business_sees_an_organisations(self) -> None:
        assert reveal_contact_details(with_contact(), by=reporter()).phone == PHONE
        with pytest.raises(PermissionDenied):
            reveal_contact_details(with_contact(), by=person(Role.SECURITY_AUDITOR))


@pytest.mark.django_db
class TestErase:
    def test_history_still_names_the_person(self) -> None:
        who, by = reachable(), system_administrator()
        versions = who.history.count()
        erase_contact_details(who, by=by, reason="本人申请")
        who.refresh_from_db()
        assert (who.phone, who.email, who.name) == ("", "", "张三")
        assert who.history.count() == versions
        assert who.history.first().name == "张三"
        entry = entries_of(who).first()
        assert (entry.event, entry.subject_label, entry.change.reason) == (
            "user.erase_contact_details",
            "张三",
            "本人申请",
        )
        assert [row.event for row in records()] == ["user.erase_contact_details"]

    def test_the_copy_at_the_organisation_goes_too(self) -> None:
        home = organisation(contact="张三", contact_phone=PHONE)
        other = organisation(contact="李四", contact_phone=PHONE)
        erase_contact_details(reachable(at=home), by=system_administrator(), reason="本人申请")
        assert [Organisation.objects.get(pk=each.pk).contact_phone for each in (home, other)] == ["", PHONE]

    def test_no_table_holds_the_number_any_more(self) -> None:
        home = with_contact()
        erase_contact_details(home, by=system_administrator(), reason="离任")
        with connection.cursor() as cursor:
            for table in ("organisations_organisation", "organisations_historicalorganisation", "audit_entry"):
                cursor.execute(f"SELECT count(*) FROM {table} row WHERE row::text LIKE %s", [f"%{PHONE}%"])
                assert (table, cursor.fetchone()[0]) == (table, 0)

    @pytest.mark.parametrize("who", [reviewer, auditor, reporter])
    def test_only_a_system_administrator_erases(self, who: object) -> None:
        with pytest.raises(PermissionDenied):
            erase_contact_details(reachable(), by=who(), reason="试")

    def test_it_needs_a_reason(self) -> None:
        who = reachable()
        with pytest.raises(ValidationError, match="请填写理由"):
            erase_contact_details(who, by=system_administrator(), reason=" ")
        who.refresh_from_db()
        assert who.phone == PHONE

    def test_twice_is_refused(self) -> None:
        who, by = reachable(), system_administrator()
        erase_contact_details(who, by=by, reason="本人申请")
        with pytest.raises(ValidationError, match="没有登记联系方式"):
            erase_contact_details(who, by=by, reason="再来")


@pytest.mark.django_db
class TestPages:
    def test_a_persons_page_masks_until_it_is_asked(self) -> None:
        who, by = reachable(), as_(system_administrator())
        page = text(by.get(f"/people/{who.pk}/"))
        assert MASKED in page
        assert "z***@example.org" in page
        assert PHONE not in page
        assert MAIL not in page
        full = by.post(f"/people/{who.pk}/contact/")
        assert PHONE in text(full)
        assert "no-store" in full["Cache-Control"]
        assert PHONE not in text(by.get(f"/people/{who.pk}/"))

    def test_a_person_is_erased_on_their_page(self) -> None:
        who, by = reachable(), as_(system_administrator())
        assert "联系方式已清除" in text(by.post(f"/people/{who.pk}/erase-contact/", {"reason": "申请"}, follow=True))
        assert "未填电话" in text(by.get(f"/people/{who.pk}/"))

    def test_an_organisations_page_masks_until_it_is_asked(self) -> None:
        row, by = with_contact(), as_(reporter())
        url = reverse("organisation_contact", args=[row.pk])
        page = text(by.get(url))
        assert MASKED in page
        assert PHONE not in page
        assert "清除联络电话" not in page
        assert PHONE in text(by.post(url))

    def test_an_organisations_number_is_erased_on_its_page(self) -> None:
        row, by = with_contact(), as_(system_administrator())
        by.post(reverse("erase_organisation_contact", args=[row.pk]), {"reason": "离任"})
        row.refresh_from_db()
        assert (row.contact, row.contact_phone) == ("李四", "")

    def test_no_page_of_business_shows_a_number(self) -> None:
        home = with_contact(name="某某局")
        form = submitted(reporter(at=home), "51")
        plan = form.period.plan.code
        pages = [
            f"/{plan}/",
            f"/{plan}/help/",
            f"/{plan}/search/?q=某某局",
            address(form, "review"),
            address(form, "form"),
        ]
        for who in (reviewer(at=home), reporter(at=home), auditor(at=home), leader(at=home)):
            for page in pages:
                answer = as_(who).get(page)
                assert PHONE not in answer.content.decode(), (page, who)
        assert MASKED in text(as_(reporter(at=home)).get(f"/{plan}/help/"))
        assert MASKED in text(as_(reviewer()).get(f"/{plan}/search/?q=某某局"))


@pytest.mark.django_db
class TestAdministration:
    def page(self, by: Client, row: User | Organisation, name: str = "change") -> str:
        return text(by.get(self.address(row, name)))

    def address(self, row: User | Organisation, name: str = "change") -> str:
        return reverse(f"admin:organisations_{row._meta.model_name}_{name}", args=[row.pk])

    @pytest.mark.parametrize("who", [reviewer, auditor, system_administrator])
    @pytest.mark.parametrize("make", [reachable, with_contact])
    def test_no_row_shows_a_number(self, who: object, make: object) -> None:
        page = self.page(as_(who()), make())
        assert MASKED in page
        assert PHONE not in page
        assert MAIL not in page

    @pytest.mark.parametrize("who", [auditor, system_administrator])
    @pytest.mark.parametrize("make", [reachable, with_contact])
    def test_no_version_shows_a_number(self, who: object, make: object) -> None:
        row = make()
        version = row.history.first()
        by = as_(who())
        url = reverse(f"admin:organisations_{row._meta.model_name}_simple_history", args=[row.pk, version.history_id])
        for page in (text(by.get(url)), self.page(by, row, "history")):
            assert PHONE not in page
            assert MAIL not in page

    def test_what_is_left_blank_stays_and_what_is_typed_is_taken(self) -> None:
        row, by = with_contact(), as_(system_administrator())
        sent = {"code": row.code, "name": "新名称", "kind": row.kind, "position": row.position, "contact": "李四"}
        sent |= {"provenance": row.provenance, "change_reason": "更正", "contact_phone": ""}
        assert by.post(self.address(row), sent).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.contact_phone) == ("新名称", PHONE)
        assert entries_of(row).first().detail["fields"] == ["name"]
        by.post(self.address(row), sent | {"contact_phone": "0755-28920000"})
        row.refresh_from_db()
        assert row.contact_phone == "0755-28920000"

    def test_no_list_that_is_handed_out_has_a_number(self) -> None:
        reachable(at=with_contact())
        by = as_(system_administrator())
        for table in ("user", "organisation"):
            answer = by.post(reverse(f"admin:organisations_{table}_export"), {"format": "1", "resource": "0"})
            assert PHONE not in answer.content.decode()


@pytest.mark.django_db
def test_a_change_of_the_number_alone_leaves_no_version() -> None:
    row = with_contact()
    before = row.history.count()
    with recorded(by=None, reason="测试"):
        Organisation.objects.filter(pk=row.pk).update(contact_phone="110")
    assert row.history.count() == before
