"""Sections are written on their pages; here they are only read."""

from django.contrib import admin

from audit.recorded_admin import ReadOnlyAdmin
from reports.models import Quotation, Section


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    list_display = [
        "title",
        "evaluation",
        "position",
        "is_written_by_people",
        "is_placeholder",
        "saved_by",
        "saved_at",
    ]
    list_filter = ["evaluation", "is_placeholder"]
    search_fields = ["title", "body", "evaluation__name"]


@admin.register(Quotation)
class QuotationAdmin(ReadOnlyAdmin):
    list_display = ["section", "organisation_name", "period_name", "title", "round", "revision", "by", "at"]
    list_filter = ["section__evaluation"]
    search_fields = ["organisation_name", "title", "text"]
