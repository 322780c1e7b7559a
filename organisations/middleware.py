from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from organisations.models import User
from organisations.sessions import end_if_over, note_action, told_end
from organisations.typed import typed_texts

SIGN_IN_FIRST = "登录已失效，请重新登录。没有保存的内容仍在本页。"


class SessionRulesMiddleware:
    """One live session, thirty minutes without a person's own action, forced change of a first password.

    A request that a script sends without the person having done anything carries ``X-Background: 1``, and does not
    extend the session. A script whose session is over gets 401 and JSON (``why``, ``words``, ``sign_in``), and an
    htmx one the event ``session-ended`` as well; a page is led to sign-in, and back afterwards; one that sent typed text is shown it first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.session, self.sign_in, self.change_password = map(reverse, ("session", "sign_in", "change_password"))
        self.always_open = {self.session, self.sign_in, self.change_password, reverse("sign_out")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            if end_if_over(request, user):
                if request.path not in self.always_open or request.path == self.change_password:
                    return self._lead_to_sign_in(request)
            elif user.must_change_password and request.path not in self.always_open:
                return self._lead_to_new_password(request)
            elif not self._is_background(request):
                note_action(request)
        answer = self.get_response(request)
        return self._lead_to_sign_in(request) if self._asks_to_sign_in(answer) else answer

    def _is_background(self, request: HttpRequest) -> bool:
        return bool(request.headers.get("X-Background")) or (request.path == self.session and request.method != "POST")

    def _asks_to_sign_in(self, answer: HttpResponse) -> bool:
        return answer.status_code == 302 and answer["Location"].startswith(f"{self.sign_in}?next=")

    def _lead_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        back = way_back(request)
        sign_in = f"{self.sign_in}?{urlencode({'next': back})}"
        if not is_by_script(request):
            typed = typed_texts(request)
            if not typed:
                return redirect_to_login(back)
            words = told_end(request).get("words", "请重新登录后再办理。")
            page = {"typed": typed, "sign_in": sign_in, "words": words}
            return render(request, "organisations/signed_out.html", page, status=401)
        words = {"signed_in": False, "why": "signed_out", "words": SIGN_IN_FIRST, **told_end(request)}
        answer = JsonResponse({**words, "sign_in": sign_in}, status=401)
        answer["HX-Trigger"] = "session-ended"
        return answer

    def _lead_to_new_password(self, request: HttpRequest) -> HttpResponse:
        if not is_by_script(request):
            return redirect(f"{self.change_password}?{urlencode({'next': way_back(request)})}")
        answer = JsonResponse({"signed_in": True, "why": "first_password", "words": "请先修改密码。"}, status=401)
        answer["HX-Redirect"] = self.change_password
        return answer


def is_by_script(request: HttpRequest) -> bool:
    """Tell whether a page's script sent the request, and not the browser for a page of its own."""
    headers = request.headers
    return bool(headers.get("HX-Request") or headers.get("X-Background") or headers.get("Sec-Fetch-Dest") == "empty")


def way_back(request: HttpRequest) -> str:
    """Return the page to come back to after signing in: this one, or that from which a form or a script was sent."""
    if request.method in ("GET", "HEAD") and not is_by_script(request):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    return safe_way(request, came_from)


def safe_way(request: HttpRequest, way: str) -> str:
    """Return the path of an address of this site; of anything else, the first page."""
    if url_has_allowed_host_and_scheme(way, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(way)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if path.startswith("/") and url_has_allowed_host_and_scheme(path, None):
            return path
    return resolve_url(settings.LOGIN_REDIRECT_URL)
