"""Who held which role on a day, for those who audit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from audit.clock import today
from organisations.models import User
from organisations.permissions import is_auditor, is_security_auditor
from organisations.roles_on import roles_on
from organisations.views.doors import PersonRequest, only


def _audits(user: User) -> bool:
    return is_auditor(user) or is_security_auditor(user)


@require_safe
@only(_audits)
def roles_of_a_day(request: PersonRequest) -> HttpResponse:
    """Show the roles of ``?day=``, today where it is absent or no day."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    day = asked if asked is not None and 1900 < asked.year < 9999 else today()
    found = roles_on(day)
    people = {held.grant.user_id for rows in found.values() for held in rows}
    context = {
        "day": day,
        "is_past": day < today(),
        "roles": list(found.items()),
        "people": len(people),
        "wrong": request.GET.get("day", "") if request.GET.get("day") and asked is None else "",
    }
    return render(request, "organisations/roles_on.html", context)
