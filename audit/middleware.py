from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from audit.models import Door
from audit.recording import door_of_request, id_of_request


class RequestMiddleware:
    """Tell the history through which door a request came, and its number; who and why are told by each verb."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_root = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = door_of_request.set(Door.ADMIN if request.path.startswith(self.admin_root) else Door.PAGE)
        number = id_of_request.set(str(uuid4()))
        try:
            return self.get_response(request)
        finally:
            door_of_request.reset(door)
            id_of_request.reset(number)
