"""From which address a request comes, as counted for locks and kept in trails."""

from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

address_of_request: ContextVar[str | None] = ContextVar("address_of_request", default=None)


def address_of(request: HttpRequest) -> str | None:
    """Return the visitor's address.

    Behind ``TRUSTED_PROXIES`` proxies of one's own, each adds one address to X-Forwarded-For, the outermost first;
    what stands left of those was written by the visitor, and is not believed.
    """
    proxies: int = settings.TRUSTED_PROXIES
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    told = forwarded[-proxies] if proxies and len(forwarded) >= proxies else direct
    return told if _is_address(told) else direct or None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
