"""Review: one form, the decision."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from organisations.models import Role
from organisations.permissions import is_reviewer, require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.actions.corrections import usual_deadline
from submissions.addresses import address
from submissions.models import Submission
from submissions.permissions import can_answer_correction, can_answer_extension, can_review, can_withdraw_approval
from submissions.queries.extensions import extensions_of
from submissions.queries.levels import way_of
from submissions.queries.previous import standing_values
from submissions.queries.queue import place_in_queue
from submissions.queries.review import Row, UnderReview, under_review
from submissions.queries.stamped import paper_of
from submissions.states import State
from submissions.views.addressed import form_or_404, note_view, told
from submissions.views.decision import (
    APPROVE,
    OFFERED,
    PASS,
    RETURN,
    RETURN_AND_PUBLISH,
    SEND_BACK,
    Choice,
    Typed,
    read,
)
from submissions.views.queue import chosen_in, require_reader


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def review(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """One form for its reviewer: what changed, what is odd, the rest; and the decision."""
    require_reader(request)
    submission = form_or_404(request.plan, period, organisation, request.user, paper=True)
    page = under_review(submission)
    if request.method != "POST":
        note_view(request.user, submission)
        answer = render(request, "submissions/review.html", _page(request, page, read(page, request.GET)))
        if is_reviewer(request.user):
            actions.look_at(submission, by=request.user)
        return answer
    require(can_review, request.user, submission)
    typed = read(page, request.POST)
    refusal = _refusal(submission, typed)
    if refusal:
        messages.error(request, refusal)
        return render(request, "submissions/review.html", _page(request, page, typed), status=422)
    if typed.publishes and not typed.is_confirmed:
        return render(request, "submissions/publish.html", _publication(page, typed))
    return _decide(request, submission, typed)


def _refusal(submission: Submission, typed: Typed) -> str:
    """Why the decision can't be taken as it was sent; the page keeps what was typed."""
    at = submission.review_step
    if not submission.is_with_group or submission.round != typed.round or (typed.step and typed.step != at):
        return ""  # the verb tells who was faster
    unsaid = [choice.name for choice in typed.ticked if not choice.reasons]
    if unsaid:
        return f"“{'”“'.join(unsaid)}”勾选了退回而没有理由。请为每一项至少选择或填写一条理由。"
    if typed.decision in (APPROVE, PASS) and typed.ticked:
        return f"已勾选退回 {len(typed.ticked)} 项，不能全部通过。请取消勾选，或选择退回。"
    if typed.decision == SEND_BACK and not typed.comment.strip():
        return "请在“对整张表的意见”中写明退回初审的理由。"
    is_explained = typed.ticked or (typed.returned_notes and typed.comment.strip())
    if typed.decision in (RETURN, RETURN_AND_PUBLISH) and not is_explained:
        return "请先勾选要退回的数据或进展说明，并选择理由。"
    return "" if typed.decision in OFFERED[at] else "请选择通过或退回。"


def _decide(request: PlanRequest, submission: Submission, typed: Typed) -> HttpResponse:
    by = request.user
    seen: dict[str, Any] = {"round": typed.round, "comment": typed.comment}
    try:
        if typed.decision == PASS:
            actions.pass_first_review(submission, by=by, **seen)
            done = f"{submission}已通过初审，待另一位审核人终审。"
        elif typed.decision == SEND_BACK:
            actions.send_to_first_review(submission, by=by, round=typed.round, reason=typed.comment)
            done = f"{submission}已退回初审。"
        elif typed.decision == APPROVE:
            actions.approve(submission, by=by, step=typed.step, **seen)
            done = f"{submission}已全部通过并发布。"
        else:
            publish_rest = typed.decision == RETURN_AND_PUBLISH
            actions.return_for_correction(
                submission, by=by, step=typed.step, remarks=typed.remarks, publish_rest=publish_rest, **seen
            )
            rest = (
                f"，其余 {len(typed.published) + len(typed.published_notes)} 项已通过并发布"
                if publish_rest
                else "，其余暂不发布"
            )
            done = f"{submission}已退回 {typed.returned_count} 项{rest}。"
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return redirect(address(submission, "review"))
    messages.success(request, done)
    chosen = chosen_in(request, [submission.period.code])
    return redirect(reverse("submissions:queue", kwargs={"plan": request.plan.code}) + chosen.address())


def _page(request: PlanRequest, page: UnderReview, typed: Typed) -> dict[str, Any]:
    form = page.form
    chosen = chosen_in(request, [form.period.code])
    place = place_in_queue(form, request.user, request.plan, chosen)
    may_decide = form.is_with_group and can_review(request.user, form)
    return {
        "plan": request.plan,
        "place": place,
        "chosen": chosen,
        "form": form,
        "way": way_of(form),
        "paper": paper_of(form),
        "step": form.review_step,
        "page": page,
        "typed": typed,
        "changed": _choices(typed, page.changed),
        "odd": _choices(typed, page.odd),
        "large": _choices(typed, page.large),
        "rest": _choices(typed, page.rest),
        "notes": [typed.of(row) for row in page.notes],
        "may_decide": may_decide,
        "had_a_hand": form.is_with_group and request.user.has_role(Role.REVIEWER) and not may_decide,
        "ticked": len(typed.ticked),
        "unticked": page.open_count - len(typed.ticked),
        "may_withdraw": form.state == State.APPROVED and can_withdraw_approval(request.user, form),
        "may_answer": page.correction is not None and can_answer_correction(request.user, page.correction),
        "corrected": _corrected(page),
        "due_on": usual_deadline(),
        "extensions": extensions_of(form),
        "may_extend": can_answer_extension(request.user, form),
    }


def _choices(typed: Typed, rows: Iterable[Row]) -> list[Choice]:
    return [typed.of(row) for row in rows]


def _corrected(page: UnderReview) -> list[Row]:
    """The rows that an open request for correction names."""
    named = set(page.correction.figures) if page.correction is not None else set()
    return [row for row in page.rows if row.figure.pk in named]


def _publication(page: UnderReview, typed: Typed) -> dict[str, Any]:
    """What the decision would publish, beside what stands published, and what it would return."""
    standing = standing_values(page.form)
    return {
        "plan": page.form.period.plan,
        "form": page.form,
        "typed": typed,
        "notes": typed.published_notes,
        "published": [(row, standing.get(row.figure.pk)) for row in typed.published],
        "published_count": len(typed.published) + len(typed.published_notes),
        "returned": typed.ticked,
    }


@require_POST
@plan_page
def withdraw_approval(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    require_reader(request)
    submission = form_or_404(request.plan, period, organisation, request.user)
    reason = request.POST.get("reason", "")
    again = "，初审、终审重新办理" if submission.steps_in_group == 2 else ""
    done = f"已撤销通过。这次发布的值不再有效，填报表回到“已提交”{again}。"
    told(request, lambda: actions.withdraw_approval(submission, by=request.user, reason=reason), done)
    return redirect(address(submission, "review"))
