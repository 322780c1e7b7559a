"""What the pages of the three administrators begin with, and how a verb's refusal is told."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse

from organisations.models import User


class PersonRequest(HttpRequest):
    """A request of a signed-in person."""

    user: User


def only(predicate: Callable[[User], bool]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Show a page to those of whom the predicate holds; to everybody else it isn't there."""

    def door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: Any, **parts: Any) -> HttpResponse:
            if not predicate(request.user):
                raise Http404
            return view(request, **parts)

        return login_required(page)

    return door


def told(request: HttpRequest, form: Form, verb: Callable[[dict[str, Any]], str]) -> bool:
    """Run one verb on what was typed, and say what came of it; ``verb`` returns the words of success."""
    if not form.is_valid():
        wrong = [f"{form[name].label}：{'；'.join(map(str, errors))}" for name, errors in form.errors.items()]
        return _refused(request, wrong)
    try:
        words = verb(form.cleaned_data)
    except ValidationError as refusal:
        return _refused(request, refusal.messages)
    messages.success(request, words)
    return True


def _refused(request: HttpRequest, wrong: Iterable[str]) -> bool:
    for words in wrong:
        messages.error(request, words)
    return False
