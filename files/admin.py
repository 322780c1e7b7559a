from django.contrib import admin

from audit.recorded_admin import ReadOnlyAdmin
from files.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "content_type", "size", "uploaded_by", "uploaded_at", "scan", "publication"]
    list_filter = ["scan", "content_type", "publication", "uploaded_at"]
    search_fields = ["name", "sha256", "uploaded_by__name"]
