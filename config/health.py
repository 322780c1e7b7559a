"""Whether the parts of the system work, for whoever watches over the machine."""

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.heartbeat import SECONDS, broker, key

OK = "ok"


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"连接不上数据库（{type(error).__name__}）"
    return OK


def broker_states() -> dict[str, str]:
    """Return the states of the broker, and of the worker and beat by their signs of life in it."""
    processes = ("worker", "beat")
    try:
        with broker() as client:
            signs = client.mget([key(process) for process in processes])
    except redis.RedisError as error:
        unknown = dict.fromkeys(processes, "消息队列不可用，无法得知")
        return {"broker": f"连接不上消息队列（{type(error).__name__}）"} | unknown
    silent = f"最近 {SECONDS} 秒没有心跳"
    return {"broker": OK} | {process: OK if sign else silent for process, sign in zip(processes, signs, strict=True)}


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when all four are ``ok``, else 503; the value is the reason then."""
    states = {"database": database_state()} | broker_states()
    all_ok = set(states.values()) == {OK}
    return JsonResponse(states, status=200 if all_ok else 503, json_dumps_params={"ensure_ascii": False})
