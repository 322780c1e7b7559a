"""Organisations and people; roles are granted by their verb alone; the trail of sign-ins is read here."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.http import HttpRequest

from audit.recorded_admin import ReadOnlyAdmin, RecordedAdmin
from organisations.models import Handover, Organisation, RoleGrant, User


@admin.register(Organisation)
class OrganisationAdmin(RecordedAdmin):
    """A merged or renamed organisation gets its last day and its successor, and stays."""

    list_display = ["name", "code", "kind", "contact", "needs_confirmation", "successor", "valid_to"]
    list_filter = ["kind", "needs_confirmation", "provenance"]
    search_fields = ["name", "short_name", "code", "contact"]


@admin.register(User)
class UserAdmin(RecordedAdmin):
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
