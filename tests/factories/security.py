"""The security trail, as a test reads it."""

from audit.models import SecurityRecord
from organisations.models import Role
from organisations.security_trail import SecurityTrail
from tests.factories.organisations import person


def records(*events: str) -> list[SecurityRecord]:
    """All records, or those of some events, the oldest first, as a security auditor reads them."""
    found = SecurityTrail(person(Role.SECURITY_AUDITOR))[0:1000]
    return [row for row in reversed(found) if not events or row.event in events]
