"""Lists of forms: one's own organisation's, or all for the working group."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from plans.pages import PlanRequest, plan_page
from submissions.models import Submission


@require_GET
@plan_page
def forms(request: PlanRequest) -> HttpResponse:
    found = Submission.objects.for_user(request.user).filter(period__plan=request.plan)
    return HttpResponse("\n".join(map(str, found)))
