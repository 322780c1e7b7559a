"""What is done to people: each verb asks permission, writes, and leaves its entry."""

from organisations.actions.passwords import change_password

__all__ = ["change_password"]
