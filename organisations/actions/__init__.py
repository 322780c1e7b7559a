"""What is done to people: each verb asks permission, writes, and leaves its entry."""

from organisations.actions.accounts import (
    NewPerson,
    create_user,
    deactivate,
    load_people,
    reactivate,
    reset_password,
)
from organisations.actions.contacts import erase_contact_details, reveal_contact_details
from organisations.actions.first import give_one_time_password, make_first_accounts
from organisations.actions.handover import hand_over_work
from organisations.actions.passwords import change_password
from organisations.actions.roles import grant_role, unlock, withdraw_role
from organisations.actions.trail import clear_expired_trail, export_security_trail

__all__ = [
    "NewPerson",
    "change_password",
    "clear_expired_trail",
    "create_user",
    "deactivate",
    "erase_contact_details",
    "export_security_trail",
    "give_one_time_password",
    "grant_role",
    "hand_over_work",
    "load_people",
    "make_first_accounts",
    "reactivate",
    "reset_password",
    "reveal_contact_details",
    "unlock",
    "withdraw_role",
]
