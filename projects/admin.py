from django.contrib import admin

from audit.recorded_admin import RecordedAdmin
from projects.models import MajorProject, Milestone


@admin.register(MajorProject)
class MajorProjectAdmin(RecordedAdmin):
    list_display = ["number", "name", "group", "plan", "investment_printed", "provenance"]
    list_display_links = ["name"]
    list_filter = ["plan"]
    search_fields = ["name", "group", "content"]


@admin.register(Milestone)
class MilestoneAdmin(RecordedAdmin):
    list_display = ["number", "title", "project", "due_printed", "due_on", "reached_on"]
    list_display_links = ["title"]
    list_filter = ["project__plan"]
    search_fields = ["title", "project__name"]
