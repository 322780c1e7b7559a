"""What is done to people: each verb asks permission, writes, and leaves its entry."""

from organisations.actions.accounts import (
    NewPerson,
    create_user,
    deactivate,
    load_people,
    reactivate,
    reset_password,
)
from organisations.actions.first import give_one_time_password, make_first_accounts
from organisations.actions.handover import hand_over_work
from organisations.actions.passwords import change_password
from organisations.actions.roles import grant_role, unlock, withdraw_role

__all__ = [
    "NewPerson",
    "change_password",
    "create_user",
    "deactivate",
    "give_one_time_password",
    "grant_role",
    "hand_over_work",
    "load_people",
    "make_first_accounts",
    "reactivate",
    "reset_password",
    "unlock",
    "withdraw_role",
]
