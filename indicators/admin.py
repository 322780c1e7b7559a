from django.contrib import admin

from audit.recorded_admin import RecordedAdmin
from indicators.models import AnnualTarget, DocumentedValue, Indicator, IndicatorCategory, IndicatorPart


@admin.register(IndicatorCategory)
class IndicatorCategoryAdmin(RecordedAdmin):
    list_display = ["number", "title", "plan", "provenance"]
    list_display_links = ["title"]
    list_filter = ["plan"]
    search_fields = ["title", "plan__name"]


@admin.register(Indicator)
class IndicatorAdmin(RecordedAdmin):
    """An indicator is dropped by marking it as no longer counted, never deleted."""

    list_display = ["number", "name", "unit", "base_printed", "target_printed", "attribute", "frequency", "is_counted"]
    list_display_links = ["name"]
    list_filter = ["plan", "category", "attribute", "kind", "frequency", "is_counted", "provenance"]
    search_fields = ["name", "body_name", "definition"]


@admin.register(IndicatorPart)
class IndicatorPartAdmin(RecordedAdmin):
    list_display = ["indicator", "number", "name", "unit", "may_be_added"]
    list_filter = ["indicator__plan"]
    search_fields = ["name", "indicator__name"]


@admin.register(AnnualTarget)
class AnnualTargetAdmin(RecordedAdmin):
    list_display = ["indicator", "year", "printed", "value", "provenance"]
    list_filter = ["indicator__plan", "year"]
    search_fields = ["indicator__name"]


@admin.register(DocumentedValue)
class DocumentedValueAdmin(RecordedAdmin):
    list_display = ["indicator", "year", "occasion", "printed", "value", "as_of_printed", "provenance"]
    list_filter = ["indicator__plan", "year", "occasion", "provenance"]
    search_fields = ["indicator__name", "printed", "explanation"]
