"""Stops the servers when the last who used them was killed and couldn't."""

import fcntl
import os
import time

from config.local_services import SERVERS, stop_if_unused
from config.local_services.folder import locked, one_at_a_time

SECONDS = 1


def main() -> None:
    alone = locked("keeper", fcntl.LOCK_EX)
    if alone is None:
        return
    alone.truncate(0)
    alone.write(str(os.getpid()))
    alone.flush()
    os.nice(10)
    while any(server.running() for server in SERVERS.values()):
        with one_at_a_time():
            if stop_if_unused():
                break
        time.sleep(SECONDS)
    alone.close()


if __name__ == "__main__":
    main()
