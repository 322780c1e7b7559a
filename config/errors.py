"""Which page an error becomes."""

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.defaults import page_not_found

from organisations.middleware import way_back
from organisations.typed import typed_texts

LOST = (OperationalError, InterfaceError)
AT_ONCE = {"40P01", "40001"}  # a deadlock, a serialization failure: PostgreSQL gave way to another transaction


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refused request as if the page didn't exist: 403 would tell that somebody else's row does."""
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody foresaw; one of a lost database has a page of its own."""
    error = sys.exc_info()[1]
    if isinstance(error, LOST):
        return without_database(request, error)
    page = render_to_string("500.html", {"typed": typed_texts(request), "number": number_to_report()})
    return HttpResponse(page, status=500)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token doesn't hold, most often for a sign-in in another window; shows back what was typed."""
    page = {"typed": typed_texts(request), "again": way_back(request)}
    return render(request, "403_csrf.html", page, status=403)


def number_to_report() -> str:
    """A number to read over the telephone: when it happened."""
    return f"E-{timezone.localtime():%m%d-%H%M}"


def without_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer where the database took nothing: somebody else wrote the same at that moment, or it is away."""
    if getattr(error.__cause__, "sqlstate", None) in AT_ONCE:
        return saved_at_once(request)
    return lost_database(request)


def saved_at_once(request: HttpRequest) -> HttpResponse:
    """Say that two people saved at one moment, that this one is to be sent again, and show what was typed."""
    told = {"again": way_back(request), "typed": typed_texts(request), "number": number_to_report()}
    page = render_to_string("saved_at_once.html", told)
    return HttpResponse(page, status=503, headers={"Retry-After": "1"})


def lost_database(request: HttpRequest) -> HttpResponse:
    """Say that the database is away and that nothing typed is lost; needs neither database nor session.

    A page that was read is tried again by itself; a form that was sent is not sent twice.
    """
    is_read = request.method in ("GET", "HEAD")
    page = render_to_string(
        "lost_database.html",
        {
            "again": request.get_full_path() if is_read else request.path,
            "is_read": is_read,
            "typed": typed_texts(request),
            "number": number_to_report(),
        },
    )
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})


class LostDatabaseMiddleware:
    """Turn a lost database into its page, wherever it was noticed: in a view, or in a session's own read or write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 500 and not database_answers():
            return lost_database(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return without_database(request, exception) if isinstance(exception, LOST) else None


class OnlySentMiddleware:
    """Answer an address that only takes what a form sends, opened by itself, with a page instead of a blank one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        page = render_to_string("405.html", request=request)
        return HttpResponse(page, status=response.status_code, headers={"Allow": response["Allow"]})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except LOST:
        return False
    return True
