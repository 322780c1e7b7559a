"""A long page whose head is sent before its rows are read: a browser sets it, and fetches what it needs, meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import Context, RequestContext
from django.template.loader import get_template

MARK = "<!-- rows -->"
"""Stands in the template where its head ends; nothing before it may depend on what ``late`` reads."""


def in_two_parts(
    request: HttpRequest, template: str, early: Mapping[str, Any], late: Callable[[], Mapping[str, Any]]
) -> StreamingHttpResponse:
    """Render the page's head with ``early``, and once that is on its way the rest with what ``late`` reads as well.

    While the head is made ``is_head`` is true: what asks the database after the mark stands aside then.
    """
    get_token(request)  # its cookie can't follow when the head is on its way
    page: Any = get_template(template)
    context = RequestContext(request, dict(early))
    with context.bind_template(page.template):
        given = context.flatten()
    head = page.template.render(Context(given | {"is_head": True})).partition(MARK)[0]

    def parts() -> Iterator[str]:
        yield head
        yield page.template.render(Context(given | dict(late()))).partition(MARK)[2]

    return StreamingHttpResponse(parts())
