"""Whether one process works, for a container's health check: python -m config.probe web|worker|beat"""

import json
import os
import sys
import urllib.error
import urllib.request

import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.heartbeat import broker, key


def web() -> str:
    """Return the state of the database as the web process sees it; another process that is down is not its fault."""
    port = os.environ.get("BIND", "127.0.0.1:8000").rsplit(":", 1)[1]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=8) as answer:
            states = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 503:
            return f"HTTP {error.code}"
        states = json.load(error)
    except OSError as error:
        return str(error)
    return str(states["database"])


def background(process: str) -> str:
    try:
        with broker() as client:
            return "ok" if client.exists(key(process)) else "没有心跳"
    except redis.RedisError as error:
        return str(error)


if __name__ == "__main__":
    state = web() if sys.argv[1] == "web" else background(sys.argv[1])
    sys.exit(0 if state == "ok" else state)
