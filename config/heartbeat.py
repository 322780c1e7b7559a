"""Signs of life of the processes that answer no request: each leaves a key in the broker that soon expires."""

from typing import Any

import redis
from celery.signals import heartbeat_sent
from django.conf import settings

SECONDS = 30  # a process that is silent for so long counts as down; a worker signs every 2 s, beat every 5 s at most


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def key(process: str) -> str:
    return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}alive:{process}"


def sign(process: str) -> None:
    """Leave a sign of life. A lost broker is the health page's to tell, and no reason to stop the process."""
    try:
        with broker() as client:
            client.set(key(process), "1", ex=SECONDS)
    except redis.RedisError:
        pass


def forget(*processes: str) -> None:
    """Take back what earlier processes left, so that a sign means one that is running now."""
    with broker() as client:
        client.delete(*(key(process) for process in processes))


@heartbeat_sent.connect(dispatch_uid="config.heartbeat")
def worker_lives(**_: Any) -> None:
    sign("worker")
