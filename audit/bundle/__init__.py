"""A trail as a signed bundle that a third party checks without our software."""

from audit.bundle.making import LIMIT, Disclosed, disclosed, make

__all__ = ["LIMIT", "Disclosed", "disclosed", "make"]
