from django.contrib import admin

from audit.models import Change, Entry
from audit.recorded_admin import ReadOnlyAdmin


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    event_of_reading = "history.read"
    list_display = ["id", "at", "actor_name", "actor_organisation", "door", "reason"]
    list_filter = ["door", "at"]
    search_fields = ["actor_name", "actor_organisation", "reason", "request"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    event_of_reading = "history.read"
    list_display = ["id", "change", "event", "subject_type", "subject_label"]
    list_filter = ["subject_type"]
    search_fields = ["event", "subject_label", "change__actor_name", "change__reason"]
