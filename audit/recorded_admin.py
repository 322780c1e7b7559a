"""The one base of every table's administration pages."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from simple_history.admin import SimpleHistoryAdmin

from audit.models import Door
from audit.recording import REASON_LIMIT, record, recorded

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


class ReasonActionForm(ActionForm):
    """The bar above a list: which action, and why (the actions that need no reason ignore it)."""

    reason = forms.CharField(label="理由", required=False, max_length=2000)


class RecordedAdmin(SimpleHistoryAdmin):
    """Pages of a table that is edited here: each save is one change, with its actor and a typed reason.

    Nothing is deleted unless the subclass sets ``may_be_deleted``; foreign keys are searched, not listed; versions
    are only read. Permissions come from roles by the back end.
    """

    form = ReasonedForm
    may_be_deleted = False
    list_per_page = 50
    list_select_related: bool | list[str] = True
    show_full_result_count = False
    actions_selection_counter = True
    action_form = ReasonActionForm

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [
            field.name
            for field in self.model._meta.get_fields()
            if isinstance(field, models.ForeignKey) and field.related_model in self.admin_site._registry
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = super().get_actions(request)
        offered.pop("delete_selected", None)  # deletes many rows without a reason
        return dict(offered)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_be_deleted and bool(super().has_delete_permission(request, obj))

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

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and not request.POST.get(REASON, "").strip():
            messages.error(request, "未删除：请填写变更理由。")
            return HttpResponseRedirect(request.get_full_path())
        return super().delete_view(request, object_id, extra_context)  # type: ignore[no-any-return]

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with recorded(by=request.user, reason=request.POST[REASON], door=Door.ADMIN):  # type: ignore[arg-type]
            record("row.delete", obj)
            obj.delete()

    # ---------------------------------------------------------------- versions are read, never written
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404  # an untracked table
        return super().history_view(request, object_id, extra_context)  # type: ignore[no-any-return]

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one version. The library saves a POST to this address over the live row: it is refused here."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404
        request.reads_version = True  # type: ignore[attr-defined]
        return super().history_form_view(request, object_id, version_id, extra_context)  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        if not getattr(request, "reads_version", False):
            return super().get_readonly_fields(request, obj)
        return [name for name in flatten_fieldsets(super().get_fieldsets(request, obj)) if name != REASON]


class ReadOnlyAdmin(RecordedAdmin):
    """Pages of a table that only verbs write: rows with states, decisions, history."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
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
