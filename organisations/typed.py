"""What a person typed into a form that could not be taken: shown back to the person, so that nothing is lost."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

# What a page sends by itself: keys, words of choices.
_NOT_TYPED = re.compile(r"[a-z_]*|on|\d{0,19}")
_NUMBERS_ARE_TYPED = re.compile(r".*_text$")
_NEVER_SHOWN = re.compile(r"csrfmiddlewaretoken|next|username|.*password.*")


def typed_texts(request: HttpRequest) -> list[str]:
    """Return the texts of the form that was sent, in their order; none of a form that another site sent."""
    if request.method != "POST" or not _from_here(request):
        return []
    return [text for name, texts in _sent(request).lists() for text in texts if _is_typed(name, text)]


def _sent(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return QueryDict()


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _is_typed(name: str, text: str) -> bool:
    if _NEVER_SHOWN.fullmatch(name) or not text.strip():
        return False
    return bool(_NUMBERS_ARE_TYPED.fullmatch(name)) or not _NOT_TYPED.fullmatch(text)
