"""The one base of every table's administration pages."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import ModelResource, Resource, modelresource_factory
from import_export.widgets import Widget
from simple_history.admin import SimpleHistoryAdmin
from tablib import Dataset

from audit.guards import instead_of_deleting
from audit.models import Door
from audit.recording import REASON_LIMIT, record, recorded
from audit.security import note
from audit.spreadsheets import inert, inert_rows

REASON = "change_reason"


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that asks why; the reason stays in history."""

    change_reason = forms.CharField(
        label="变更理由",
        max_length=REASON_LIMIT,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="写明为何修改，例如文件名称和文号。理由长期保留在变更历史中。",
        error_messages={"required": "请填写变更理由。"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "：", **options})
        numbers = {name: value for name, value in self.initial.items() if isinstance(value, Decimal)}
        self.initial.update({name: without_trailing_zeros(value) for name, value in numbers.items()})


def without_trailing_zeros(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class ReasonActionForm(ActionForm):
    """The bar above a list: which action, and why (the actions that need no reason ignore it)."""

    reason = forms.CharField(label="理由", required=False, max_length=2000)


class LabelledDateTime(AdminSplitDateTime):
    """Django's two fields for a moment, each with its name for those who don't see the words before it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("日期", "时间"), strict=True):
            widget.attrs["aria-label"] = name


class RecordedAdmin(ExportMixin, SimpleHistoryAdmin):
    """Pages of a table that is edited here: each save is one change, with its actor and a typed reason.

    Nothing is deleted: every row leaves traces, and what is over is ended by its last day. Foreign keys are searched,
    not listed; versions are only read; a list is exported with its own columns and filters, which is recorded too.
    Permissions come from roles by the back end.
    """

    form = ReasonedForm
    formfield_overrides = {models.DateTimeField: {"widget": LabelledDateTime}}
    list_per_page = 50
    list_select_related: bool | list[str] = True
    show_full_result_count = False
    actions_selection_counter = True
    action_form = ReasonActionForm
    export_form_class = ExportForm
    formats = [XLSX, CSV]
    event_of_reading = ""  # of the security trail, where it matters who looked: "data.view", "history.read"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.note_reading(request)
        return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.note_reading(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]

    def note_reading(self, request: HttpRequest, key: str | None = None) -> None:
        """Leave a record of who opened a list (with its filters) or a row."""
        if not self.event_of_reading or request.method != "GET" or not self.has_view_permission(request):
            return
        row = self.get_object(request, key) if key else None
        about = f"{self.opts.verbose_name} {row}" if row is not None else f"{self.opts.verbose_name}列表"
        detail = {"words": "后台管理", "query": request.GET.urlencode()}
        note(self.event_of_reading, by=request.user, about=about, detail=detail)  # type: ignore[arg-type]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filter by what the list shows only: Django takes every column of the table, and whoever asks often enough what
        a password's hash or the key of a session begins with, has it."""
        filters = [each.split(LOOKUP_SEP)[0] for each in self.get_list_filter(request) if isinstance(each, str)]
        shown = {*self.get_list_display(request), *filters, self.opts.pk.name}
        name = lookup.split(LOOKUP_SEP)[0]
        is_hidden = name not in shown and name in {field.name for field in self.opts.get_fields()}
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [
            field.name
            for field in self.model._meta.get_fields()
            if isinstance(field, models.ForeignKey) and field.related_model in self.admin_site._registry
        ]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *of: Any, **told: Any) -> HttpResponse:
        return super().render_change_form(  # type: ignore[no-any-return]
            request, context | {"instead_of_deleting": instead_of_deleting(self.model)}, *of, **told
        )

    # ---------------------------------------------------------------- the reason stands last on the form
    def _writes(self, request: HttpRequest, obj: models.Model | None) -> bool:
        if getattr(request, "reads_version", False):
            return False
        if obj is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        sets = [
            (name, options | {"fields": [field for field in options["fields"] if field != REASON]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [*sets, (None, {"fields": [REASON]})] if self._writes(request, obj) else sets

    # ---------------------------------------------------------------- one change for the row and its inlines
    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """Wait: ``save_related``, which the admin calls next, writes the row and its inlines in one change."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with recorded(by=request.user, reason=form.cleaned_data[REASON], door=Door.ADMIN):  # type: ignore[arg-type]
            self.write(request, form.instance, change)
            super().save_related(request, form, formsets, change)
            fields = [name for name in form.changed_data if name != REASON]
            record("row.change" if change else "row.add", form.instance, fields=fields)

    def write(self, request: HttpRequest, row: models.Model, change: bool) -> None:
        """Save the row, inside the open change."""
        row.save()

    # ---------------------------------------------------------------- versions are read, never written
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404  # an untracked table
        self.note_reading(request, object_id)
        return super().history_view(request, object_id, extra_context)  # type: ignore[no-any-return]

    def get_history_queryset(self, request: HttpRequest, *of: Any) -> models.QuerySet[Any]:
        versions: models.QuerySet[Any] = super().get_history_queryset(request, *of)
        return versions.select_related("change")

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one version. The library saves a POST to this address over the live row: it is refused here."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404
        self.note_reading(request, object_id)
        request.reads_version = True  # type: ignore[attr-defined]
        return super().history_form_view(request, object_id, version_id, extra_context)  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        if not getattr(request, "reads_version", False):
            return super().get_readonly_fields(request, obj)
        return [field.name for field in self.model._meta.fields if field.editable and not field.primary_key]

    # ---------------------------------------------------------------- the list, exported
    def get_export_resource_classes(self, request: HttpRequest) -> list[type[Resource]]:
        return [sheet_of(self.model, self.get_list_display(request))]

    def get_data_for_export(self, request: HttpRequest, queryset: Any, **options: Any) -> Dataset:
        data = super().get_data_for_export(request, queryset, **options)
        return Dataset(*inert_rows(data), headers=[inert(title) for title in data.headers], title=data.title)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **options: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **options)
        with recorded(by=request.user, reason="导出列表", door=Door.ADMIN):  # type: ignore[arg-type]
            table = ContentType.objects.get_for_model(self.model)
            record("list.export", table, rows=queryset.count(), filters=request.GET.urlencode())
        return data


def sheet_of(model: type[models.Model], columns: Sequence[Any]) -> type[Resource]:
    """Return the sheet of a list: its columns as a person reads them, with their titles."""
    fields = {}
    for name in columns:
        title = label_for_field(name, model)
        field = next((each for each in model._meta.fields if each.name == name), None)
        if field is None or field.is_relation:
            fields[name] = Field(name, title, widget=Widget())
        elif field.choices:
            fields[name] = Field(f"get_{name}_display", title, widget=Widget())
        else:
            fields[name] = Field(name, title, widget=ModelResource.widget_from_django_field(field)())
    options = {"fields": tuple(fields)}
    return modelresource_factory(model, meta_options=options, custom_fields=fields)  # type: ignore[no-any-return]


class ReadOnlyAdmin(RecordedAdmin):
    """Pages of a table that only verbs write: rows with states, decisions, history."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def offered(verb: Callable[..., Any], title: str, *, asks_reason: bool = False) -> Callable[..., None]:
    """Offer a verb as an action of a list; each chosen row by itself, each refusal told in its own words."""

    @admin.action(description=title, permissions=["view"])
    def act(pages: RecordedAdmin, request: HttpRequest, rows: models.QuerySet[Any]) -> None:
        why = {"reason": request.POST.get("reason", "")} if asks_reason else {}
        for row in rows:
            try:
                verb(row, by=request.user, **why)
            except PermissionDenied:
                messages.error(request, f"{row}：你没有办理此事的权限。")
            except ValidationError as refusal:
                messages.error(request, f"{row}：{''.join(refusal.messages)}")
            else:
                messages.success(request, f"{row}：已{title}。")

    act.__name__ = verb.__name__
    return act
