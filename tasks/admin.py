from django.contrib import admin

from audit.recorded_admin import RecordedAdmin
from tasks.models import KeyTask, TaskChapter


@admin.register(TaskChapter)
class TaskChapterAdmin(RecordedAdmin):
    list_display = ["number", "title", "plan", "provenance"]
    list_display_links = ["title"]
    list_filter = ["plan"]
    search_fields = ["title", "plan__name"]


@admin.register(KeyTask)
class KeyTaskAdmin(RecordedAdmin):
    list_display = ["number", "title", "chapter", "provenance"]
    list_display_links = ["title"]
    list_filter = ["chapter__plan"]
    search_fields = ["title", "content", "chapter__title"]
