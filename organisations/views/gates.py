"""The gates: sign in, sign out, change password; and what a page's script asks about its session."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from organisations import sessions
from organisations.actions import change_password as change
from organisations.forms import ChangePasswordForm, SignInForm
from organisations.lockout import minutes_of_lock
from organisations.middleware import safe_way
from organisations.models import User


def way_on(request: HttpRequest) -> str:
    """Return where ``next`` leads: within this site only, else to the first page."""
    return safe_way(request, request.POST.get("next") or request.GET.get("next") or "")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(way_on(request))
    form = SignInForm(request.POST or None)
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            user = sessions.sign_in(request, **form.cleaned_data)
        except sessions.SignInRefused as refusal:
            refused = refusal
        else:
            messages.info(request, last_sign_in_in_words(user))
            return redirect(way_on(request))
    if form.is_bound:
        focus = "password" if form["username"].value() else "username"
        form.fields[focus].widget.attrs |= {"autofocus": True, "aria-describedby": "refusal"}
    context: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "ended": sessions.told_end(request),
        "next": way_on(request),
        "limit": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": minutes_of_lock(),
        "idle_minutes": settings.IDLE_MINUTES,
    }
    status = 422 if form.is_bound else 200
    return render(request, "organisations/sign_in.html", context, status=status)


def last_sign_in_in_words(user: User) -> str:
    if user.previous_sign_in is None:
        return "这是你第一次登录。"
    at = timezone.localtime(user.previous_sign_in)
    words = f"上次登录：{at.year}年{at.month}月{at.day}日 {at:%H:%M}，地址 {user.previous_address or '不详'}。"
    failures = sessions.failures_since_last_sign_in(user)
    return f"{words}其后有 {failures} 次密码输错，如非本人所为，请告知安全管理员。" if failures else words


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request)
    messages.info(request, "已退出登录。")
    return redirect("sign_in")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sessions.prove(request, user.username, form.cleaned_data["old"], "原密码不对")
            user = change(user, by=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except sessions.SignInRefused as refusal:
            form.add_error("old", refusal.messages)
        except ValidationError as refusal:
            for field, errors in refusal.message_dict.items():
                form.add_error(field, errors)
        else:
            sessions.keep_session(request, user)
            messages.success(request, "密码已修改。")
            return redirect(way_on(request))
    context = {"form": form, "forced": user.must_change_password, "next": way_on(request), "rules": password_rules()}
    return render(request, "organisations/change_password.html", context, status=422 if form.is_bound else 200)


def password_rules() -> list[str]:
    """Return the rules in words, as the settings say them."""
    return password_validators_help_texts()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Tell a page's script how long the session lasts; a POST says that the person is there, and extends it."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"signed_in": False, "why": "signed_out", "words": "", **sessions.told_end(request)})
    return JsonResponse({"signed_in": True, "person": user.pk, "seconds_left": sessions.seconds_left(request)})
