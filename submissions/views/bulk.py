"""Approving several forms of the queue at once: first the list of them, then the decision."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.permissions import is_reviewer, require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.models import CellState, Figure, ProgressNote, Submission
from submissions.queries.queue import Chosen, Queued, queued, waiting
from submissions.states import ReviewStep
from submissions.views.queue import chosen_in

AT_MOST = 100


@dataclass(frozen=True)
class Offered:
    """A ticked form, and how much its approval would publish."""

    queued: Queued
    values: int
    notes: int

    @property
    def key(self) -> str:
        return self.queued.key

    @property
    def is_first(self) -> bool:
        """Whether it would only be passed on to its final review."""
        return self.queued.form.review_step == ReviewStep.FIRST


@require_POST
@plan_page
def approve(request: PlanRequest) -> HttpResponse:
    """List the ticked forms that may be approved unread; confirmed, approve them, and name those that couldn't be."""
    require(is_reviewer, request.user)
    chosen = chosen_in(request, [])
    back = reverse("submissions:queue", kwargs={"plan": request.plan.code}) + chosen.address()
    ticked = _ticked(request)
    if request.POST.get("confirmed") != "1" and ticked:
        forms = offered(request, list(ticked))
        page = {"plan": request.plan, "forms": forms, "left": len(ticked) - len(forms), "back": back}
        final = [each for each in forms if not each.is_first]
        page |= {"values": sum(each.values for each in final), "notes": sum(each.notes for each in final)}
        page |= {"passing": len(forms) - len(final), "publishing": len(final)}
        return render(request, "submissions/publish_many.html", page)
    rows = Submission.objects.filter(period__plan=request.plan, pk__in=ticked).order_by("submitted_at", "id")
    try:
        found = actions.approve_clean([(form, *ticked[form.pk]) for form in rows], by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(back)
    if found.done:
        messages.success(request, f"{len(found.done)} 张填报表已全部通过并发布。")
    if found.passed:
        messages.success(request, f"{len(found.passed)} 张填报表已通过初审，待另一位审核人终审。")
    for form, why in found.left:
        messages.error(request, f"{form}没有通过：{why}")
    return redirect(back)


def offered(request: PlanRequest, keys: list[int]) -> list[Offered]:
    """The ticked forms that wait for this reviewer and in which nothing is odd, with what they would publish."""
    rows = waiting(request.user, request.plan, Chosen()).filter(pk__in=keys)
    forms = [each for each in queued(list(rows.values_list("pk", flat=True)), request.user) if not each.oddities]
    shown = [each.form.pk for each in forms]
    figures = Figure.objects.filter(submission__in=shown, is_owed=True, state=CellState.SUBMITTED)
    notes = ProgressNote.objects.filter(submission__in=shown, is_owed=True, is_published=False)
    values = _counted(figures.values_list("submission_id", flat=True))
    words = _counted(notes.values_list("submission_id", flat=True))
    return [Offered(each, values.get(each.form.pk, 0), words.get(each.form.pk, 0)) for each in forms]


def _counted(keys: QuerySet[Any, int]) -> dict[int, int]:
    return dict(Counter(keys.order_by()))


def _ticked(request: PlanRequest) -> dict[int, tuple[int, str]]:
    """The forms that were ticked with the round and the level that were seen: ``KEY-ROUND-STEP`` each."""
    found = {}
    for word in request.POST.getlist("form")[:AT_MOST]:
        key, _, rest = word.partition("-")
        round, _, step = rest.partition("-")
        if key.isdecimal() and round.isdecimal() and len(key) < 19 and len(round) < 5:
            found[int(key)] = (int(round), step)
    return found
