"""Organisations and people; roles are granted by their verb alone; the trail of sign-ins is read here."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from audit.recorded_admin import ReadOnlyAdmin, ReasonedForm, RecordedAdmin
from organisations.contact import masked_mail, masked_phone
from organisations.models import Handover, Organisation, RoleGrant, User

MASKS = {"phone": masked_phone, "email": masked_mail, "contact_phone": masked_phone}


class ContactForm(ReasonedForm):
    """A form that never shows a number or an address that is there: a new one is typed, or the old one stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, mask in MASKS.items():
            kept = mask(getattr(self.instance, name, ""))
            if name in self.fields and kept:
                self.initial[name] = ""
                words = "现为 {}。填写新的即更改，留空不改；<a href='{}'>查看完整的，或清除</a>。"
                self.fields[name].help_text = format_html(words, kept, self.page_of_contact())

    def page_of_contact(self) -> str:
        """Where it is seen in full, and erased."""
        name = "person" if isinstance(self.instance, User) else "organisation_contact"
        return reverse(name, args=[self.instance.pk])

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        for name in MASKS:
            if name in data and not data[name]:
                data[name] = getattr(self.instance, name)
        return data


class ContactAdmin(RecordedAdmin):
    """Pages of a table with telephone or mail: who may only look sees them masked, and so does whoever changes them."""

    form = ContactForm

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = super().get_fields(request, obj)
        return names if self._writes(request, obj) else [f"{name}_shown" if name in MASKS else name for name in names]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(f"{name}_shown" for name in MASKS)]

    @admin.display(description="电话")
    def phone_shown(self, row: User) -> str:
        return masked_phone(row.phone)

    @admin.display(description="电子邮箱")
    def email_shown(self, row: User) -> str:
        return masked_mail(row.email)

    @admin.display(description="联络电话")
    def contact_phone_shown(self, row: Organisation) -> str:
        return masked_phone(row.contact_phone)


@admin.register(Organisation)
class OrganisationAdmin(ContactAdmin):
    """A merged or renamed organisation gets its last day and its successor, and stays."""

    list_display = ["name", "code", "kind", "contact", "needs_confirmation", "successor", "valid_to"]
    list_filter = ["kind", "needs_confirmation", "provenance"]
    search_fields = ["name", "short_name", "code", "contact"]
    fields = [
        "code",
        "name",
        "short_name",
        "kind",
        "position",
        "contact",
        "contact_phone",
        "needs_confirmation",
        "successor",
        "valid_from",
        "valid_to",
        "provenance",
    ]


@admin.register(User)
class UserAdmin(ContactAdmin):
    """A person's name, organisation and addresses. Accounts are made, closed and handed over on the pages of people,
    where a one-time password is given; no password is seen here."""

    list_display = ["username", "name", "organisation", "is_active", "left_on", "must_change_password"]
    list_filter = ["is_active", "organisation"]
    search_fields = ["username", "name", "organisation__name"]
    fields = ["username", "name", "organisation", "email", "phone", "is_active", "left_on"]
    readonly_fields = ["username", "is_active", "left_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "granted_by", "granted_at", "withdrawn_by", "withdrawn_at"]
    list_filter = ["role", "withdrawn_at"]
    search_fields = ["user__name", "user__username"]


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    list_display = ["from_user", "to_user", "at"]
    search_fields = ["from_user__name", "to_user__name"]


class SignInAdmin(ReadOnlyAdmin):
    list_display = ["username", "ip_address", "attempt_time", "path_info"]
    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address"]


admin.site.register([AccessAttempt, AccessFailureLog, AccessLog], SignInAdmin)
