"""Which page an error becomes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refused request as if the page didn't exist: 403 would tell that somebody else's row does."""
    return page_not_found(request, exception)


class LostDatabaseMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
