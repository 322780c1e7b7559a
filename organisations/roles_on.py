"""Who held which role on a day, as it was known then."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from organisations.models import Organisation, Role, RoleGrant, User


@dataclass(frozen=True)
class Held:
    """A role held on the day: by whom, with the name and the organisation of that day; from when, until when."""

    grant: RoleGrant
    name: str
    organisation: str
    since: datetime
    until: datetime | None


def roles_on(day: date) -> dict[Role, list[Held]]:
    """Return what was held at any moment of a day, in the order of the roles; within one by organisation and name.

    Names and organisations come from the last versions up to the end of the day; where history is younger, from the
    first one.
    """
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = start + timedelta(days=1)
    grants = RoleGrant.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=start), granted_at__lt=end)
    rows = list(grants.select_related("user__organisation", "granted_by", "withdrawn_by").order_by("granted_at", "pk"))
    names = _as_it_was(User, {row.user_id for row in rows}, end)
    homes = _as_it_was(Organisation, {version.organisation_id for version in names.values()}, end)
    found: dict[Role, list[Held]] = {role: [] for role in Role}
    for row in rows:
        version = names.get(row.user_id)
        home = homes.get(version.organisation_id) if version is not None else None
        found[Role(row.role)].append(
            Held(
                row,
                version.name if version is not None else row.user.name,
                home.name if home is not None else row.user.organisation.name,
                row.granted_at,
                row.withdrawn_at,
            )
        )
    return {
        role: sorted(held, key=lambda each: (each.organisation, each.name, each.since))
        for role, held in found.items()
        if held
    }


def _as_it_was(model: type[Model], keys: set[int], end: datetime) -> dict[int, Any]:
    """The last version of each row before a moment, else its first one; by key."""
    versioned: Any = model
    history = versioned.history.filter(id__in=keys)
    first = history.order_by("id", "history_id").distinct("id")
    last = history.filter(history_date__lt=end).order_by("id", "-history_id").distinct("id")
    return {version.id: version for version in [*first, *last]}
