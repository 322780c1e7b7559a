"""The steps of the image, without an engine: what the Dockerfile runs, on a copy of the checkout, then the commands of the
compose file with production settings and the two database roles."""

import json
import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from config.local_services.ports import free_port
from config.run import health
from drills.conftest import PROJECT
from tests.running import until

pytestmark = pytest.mark.timeout(600)
OF_THE_SYSTEM = ("useradd", "rm -rf")  # steps that change the image's own system, or only make it smaller


def run_steps(text: str) -> list[str]:
    """Return the RUN lines of a Dockerfile that build the application."""
    joined = text.replace("\\\n", " ")
    steps = re.findall(r"^RUN (.+)$", joined, re.MULTILINE)
    return [step for step in steps if not step.startswith(OF_THE_SYSTEM)]


def test_the_steps_of_the_image_end_in_a_healthy_system(
    place: Path, environment: dict[str, str], start: Callable[..., subprocess.Popen[str]]
) -> None:
    copy = place / "image"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(copy)], check=True)
    dockerfile = (copy / "Dockerfile").read_text()
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if ".venv" not in part)
    build = {**environment, "PATH": path}
    build.pop("STATIC_ROOT")
    for step in run_steps(dockerfile):
        subprocess.run(["/bin/sh", "-c", step], cwd=copy, env=build, check=True, timeout=400)

    servers = start("-c", "import os, sys\nfrom config.local_services import services\nwith services():\n"
                    " print(os.environ['DATABASE_URL'], os.environ['OWNER_DATABASE_URL'], os.environ['REDIS_URL'], flush=True)\n"
                    " sys.stdin.read()")  # fmt: skip
    database, owner, broker = servers.stdout.readline().split()
    port = free_port()
    inside = build | {
        "PATH": f"{copy}/.venv/bin{os.pathsep}{path}",
        "SECRET_KEY": secrets.token_hex(24),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BIND": f"127.0.0.1:{port}",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
    }
    services = yaml.safe_load((copy / "docker-compose.yml").read_text())["services"]
    migrate = shlex.split(services["migrate"]["command"])
    subprocess.run(migrate, cwd=copy, env=inside | {"OWNER_DATABASE_URL": owner}, check=True, timeout=120)
    commands = [
        json.loads(re.search(r"^CMD (.+)$", dockerfile, re.MULTILINE)[1]),
        shlex.split(services["worker"]["command"]),
        shlex.split(services["beat"]["command"]),
    ]
    running = [subprocess.Popen(command, cwd=copy, env=inside, stderr=subprocess.DEVNULL) for command in commands]
    try:
        until(lambda: health(port) == {}, seconds=90)
        for name in ("web", "worker", "beat"):
            subprocess.run(services[name]["healthcheck"]["test"][1:], cwd=copy, env=inside, check=True, timeout=20)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)
