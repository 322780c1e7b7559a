from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from audit.addresses import address_of, address_of_request
from audit.models import Door
from audit.recording import door_of_request, id_of_request


class RequestMiddleware:
    """Tell the trails through which door a request came, from where, and its number; each verb tells who and why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_root = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = door_of_request.set(Door.ADMIN if request.path.startswith(self.admin_root) else Door.PAGE)
        number = id_of_request.set(str(uuid4()))
        address = address_of_request.set(address_of(request))
        try:
            return self.get_response(request)
        finally:
            door_of_request.reset(door)
            id_of_request.reset(number)
            address_of_request.reset(address)
