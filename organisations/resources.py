"""Organisations as a sheet, and what every sheet's resource has in common."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import Widget

from organisations.models import Organisation


class Typed(Widget):
    """A cell that the reading of the workbook has made a typed value of already; out it goes in words."""

    def __init__(self, labels: Mapping[Any, str] | None = None) -> None:
        super().__init__()
        self.labels = labels or {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.labels.get(value, value) if self.labels else written(value)


class Reference(Widget):
    """A cell that names another row of the same plan by its own key."""

    def __init__(self, find: Callable[[Any, Any], models.Model], key: Callable[[Any], Any]) -> None:
        super().__init__()
        self.find = find
        self.key = key

    def clean(self, value: Any, row: Any = None, plan: Any = None, **kwargs: Any) -> models.Model | None:
        return None if value in (None, "") else self.find(plan, value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else self.key(value)


def written(value: Any) -> Any:
    """Return a value as a sheet shows it: 是 and 否, exact numbers, ISO days, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else value


class SheetResource(ModelResource):
    """A sheet of a plan's workbook: its heads are the words of the columns, its rows are found by ``natural_key``.

    Rows come in as typed values (``workbooks`` reads them); ``plan`` is given to ``import_data``.
    """

    natural_key: ClassVar[tuple[str, ...]] = ()
    references: ClassVar[Mapping[str, Reference]] = {}

    class Meta:
        skip_unchanged = True
        skip_html_diff = True
        clean_model_instances = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan: Any = None
        for name, field in self.fields.items():
            self._dress(name, field)

    def _dress(self, name: str, field: Field) -> None:
        column = self._meta.model._meta.get_field(name)
        field.attribute, field.column_name = name, str(column.verbose_name)
        field.widget = self.references.get(name) or Typed(dict(getattr(column, "flatchoices", None) or []))

    @property
    def is_of_a_plan(self) -> bool:
        return any(field.name == "plan" for field in self._meta.model._meta.fields)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.plan = kwargs.get("plan")

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave the sequences alone: keys come from the database, and its role owns none of them."""

    def get_instance(self, instance_loader: Any, row: Any) -> models.Model | None:
        key = {name: self.fields[name].clean(row, plan=self.plan) for name in self.natural_key}
        if self.is_of_a_plan:
            key["plan"] = self.plan
        found: models.Model | None = self._meta.model._default_manager.filter(**key).first()
        return found

    def init_instance(self, row: Any = None) -> models.Model:
        instance: models.Model = self._meta.model()
        if self.is_of_a_plan:
            instance.plan = self.plan  # type: ignore[attr-defined]
        return instance


def organisation_named(plan: Any, code: str) -> Organisation:
    return Organisation.objects.get(code=code)


ORGANISATION = Reference(organisation_named, lambda organisation: organisation.code)


class OrganisationResource(SheetResource):
    natural_key = ("code",)
    references = {"successor": ORGANISATION}

    class Meta(SheetResource.Meta):
        model = Organisation
        import_id_fields = ("code",)
        fields = (
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
        )
