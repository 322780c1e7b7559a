from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from plans.pages import PlanRequest, plan_page
from reminders.actions import mark_read
from reminders.models import Notice


@require_safe
@plan_page
def notices(request: PlanRequest) -> HttpResponse:
    """Show a person's own notices of the plan, newest first."""
    rows = Notice.objects.for_user(request.user).filter(plan=request.plan)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    unread = rows.filter(read_at=None).count()
    return render(request, "reminders/notices.html", {"page": page, "unread": unread, "plan": request.plan})


@require_POST
@plan_page
def read(request: PlanRequest) -> HttpResponse:
    mark_read(request.user)
    return redirect("reminders:notices", plan=request.plan.code)
