from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from arithmetic.shown import number_on_screen
from audit.recorded_admin import RecordedAdmin, sheet_of
from indicators.models import AnnualTarget, DocumentedValue, Indicator, IndicatorCategory, IndicatorPart

Column = str | Callable[[models.Model], str]


class NumbersAdmin(RecordedAdmin):
    """Pages of a table with exact numbers: where these are only read, they stand as people write them.

    A sheet that is exported keeps the numbers themselves.
    """

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._as_read(name) for name in super().get_list_display(request)]

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [sheet_of(self.model, self.list_display)]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        names = list(super().get_readonly_fields(request, obj))
        return list(dict.fromkeys([*names, *(self._as_read(name) for name in names)]))

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        sets = super().get_fieldsets(request, obj)
        if self._writes(request, obj):
            return sets
        return [
            (title, options | {"fields": list(dict.fromkeys(map(self._as_read, options["fields"])))})
            for title, options in sets
        ]

    def _as_read(self, name: Column) -> Column:
        field = next((field for field in self.model._meta.fields if field.name == name), None)
        return number_column(field) if isinstance(field, models.DecimalField) else name


@cache
def number_column(field: "models.DecimalField[Any, Any]") -> Callable[[models.Model], str]:
    @admin.display(description=str(field.verbose_name), ordering=field.name)
    def number(row: models.Model) -> str:
        return number_on_screen(getattr(row, field.name))

    number.__name__ = field.name
    return number


@admin.register(IndicatorCategory)
class IndicatorCategoryAdmin(RecordedAdmin):
    list_display = ["number", "title", "plan", "provenance"]
    list_display_links = ["title"]
    list_filter = ["plan"]
    search_fields = ["title", "plan__name"]


@admin.register(Indicator)
class IndicatorAdmin(NumbersAdmin):
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
class AnnualTargetAdmin(NumbersAdmin):
    list_display = ["indicator", "year", "printed", "value", "provenance"]
    list_filter = ["indicator__plan", "year"]
    search_fields = ["indicator__name"]


@admin.register(DocumentedValue)
class DocumentedValueAdmin(NumbersAdmin):
    list_display = ["indicator", "year", "occasion", "printed", "value", "as_of_printed", "provenance"]
    list_filter = ["indicator__plan", "year", "occasion", "provenance"]
    search_fields = ["indicator__name", "printed", "explanation"]
