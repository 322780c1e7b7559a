"""Telephone and mail, which history doesn't keep: seen in full on purpose and on record, and erased for good."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.recording import record, recorded
from audit.security import note
from organisations.contact import ContactDetails
from organisations.models import Organisation, User
from organisations.permissions import (
    can_see_contact_of,
    can_see_contact_of_organisation,
    is_system_administrator,
    require,
)


def reveal_contact_details(of: User | Organisation, *, by: User) -> ContactDetails:
    """Return telephone and mail in full; that somebody saw them is kept in the security trail.

    Raises:
        PermissionDenied: `by` may not see them.
    """
    if isinstance(of, User):
        require(can_see_contact_of, by, of)
        found = ContactDetails(of.phone, of.email)
    else:
        require(can_see_contact_of_organisation, by, of)
        found = ContactDetails(of.contact_phone)
    with transaction.atomic():
        note("contact.reveal", by=by, about=str(of))
    return found


def erase_contact_details(of: User | Organisation, *, by: User, reason: str) -> None:
    """Erase telephone and mail of a person, or an organisation's telephone; names stay, in history too.

    A person's number is erased where an organisation has it for its contact as well.

    Raises:
        PermissionDenied: `by` is no system administrator.
        ValidationError: there is nothing to erase.
    """
    require(is_system_administrator, by)
    with recorded(by=by, reason=reason):
        if isinstance(of, User):
            _erase_person(User.objects.select_for_update().get(pk=of.pk))
        else:
            _erase_organisation(Organisation.objects.select_for_update().get(pk=of.pk))


def _erase_person(person: User) -> None:
    if not (person.phone or person.email):
        raise ValidationError(f"{person.name}没有登记联系方式。")
    if person.phone:
        copies = Organisation.objects.select_for_update().filter(contact=person.name, contact_phone=person.phone)
        for organisation in copies:
            _erase_organisation(organisation)
    person.phone = person.email = ""
    person.save(update_fields=["phone", "email"])
    record("user.erase_contact_details", person)


def _erase_organisation(organisation: Organisation) -> None:
    if not organisation.contact_phone:
        raise ValidationError(f"{organisation.name}没有登记联络电话。")
    organisation.contact_phone = ""
    organisation.save(update_fields=["contact_phone"])
    record("organisation.erase_contact_details", organisation)
