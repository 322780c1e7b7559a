"""People with passwords, and how the tests sign them in."""

from django.contrib.auth.hashers import make_password
from django.test import Client

from organisations.models import Organisation, Role, User
from tests.factories.organisations import person

PASSWORD = "Right-7788-word"
HOME, ELSEWHERE = "10.0.0.1", "10.9.9.9"


def someone(*roles: str, at: Organisation | None = None, must_change: bool = False, **fields: object) -> User:
    user = person(*(roles or [Role.REPORTER]), at=at, password=make_password(PASSWORD), **fields)
    if must_change:
        require_change(user)
    return user


def require_change(user: User) -> None:
    from audit.recording import recorded

    with recorded(by=None, reason="测试"):
        User.objects.filter(pk=user.pk).update(must_change_password=True)


def client(address: str = HOME) -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(user: User | str, password: str = PASSWORD, *, by: Client | None = None, next: str = ""):
    """Post the sign-in form; returns the answer, whose ``client`` goes on."""
    name = user if isinstance(user, str) else user.username
    by = by or client()
    answer = by.post("/sign-in/", {"username": name, "password": password, "next": next})
    answer.client = by
    return answer


def signed_in(user: User, address: str = HOME) -> Client:
    by = client(address)
    assert sign_in(user, by=by).status_code == 302
    return by


def type_wrong(user: User | str, times: int, *, address: str = HOME) -> None:
    for _ in range(times):
        sign_in(user, "wrong", by=client(address))
