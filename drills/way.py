"""The way of the whole system that ``make run`` starts on an empty data folder."""

import json
import subprocess
from collections.abc import Callable

from config.local_services.ports import free_port
from tests.browser.whole_way import Way, way_at

FIND = "import json; from tests.browser.whole_way import found_way; print('found', json.dumps(found_way()))"
Manage = Callable[..., subprocess.CompletedProcess[str]]


def way_on_a_new_system(start: Callable[..., subprocess.Popen[str]], manage: Manage, password: str) -> Way:
    """Start everything, with the demonstration under this password, and find the way in it."""
    run = start("-m", "config.run", PORT=str(free_port()), DEMO_PASSWORD=password)
    assert run.stdout is not None
    said = []
    for line in run.stdout:
        said.append(line)
        if line.startswith("就绪"):
            found = manage("shell", "--no-imports", "-c", FIND).stdout
            return way_at(line.split()[1], json.loads(found.split("found ", 1)[1]))
    raise AssertionError("".join(said))
