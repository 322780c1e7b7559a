"""A backup, and the way back on another machine."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)
Manage = Callable[..., subprocess.CompletedProcess[str]]

KEEP_A_FILE = """
from django.core.files.uploadedfile import SimpleUploadedFile
from audit.models import Door
from audit.recording import recorded
from files.actions import store
from organisations.models import Organisation, User
with recorded(by=None, reason="drill", door=Door.COMMAND):
    somebody = User.objects.create(username="drill", name="drill", organisation=Organisation.objects.first())
store(SimpleUploadedFile("a.pdf", b"%PDF-1.4\\n%%EOF\\n"), by=somebody)
"""
COUNTS = """
import hashlib
from pathlib import Path
from django.apps import apps
from django.conf import settings
from files.models import StoredFile
rows = sorted((model._meta.label, model.objects.using("owner").count()) for model in apps.get_models())
print([row for row in rows if row[0] not in ("sessions.Session",)])
def under(folder): return {path.name: path.read_text("latin-1") for path in Path(folder).iterdir()}
print(under(settings.SIGNING_KEY_DIR), under(settings.ANCHOR_DIR))
print([(Path(settings.MEDIA_ROOT) / file.path).read_bytes() for file in StoredFile.objects.all()], settings.SECRET_KEY)
"""


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_everything_comes_back_on_another_machine(manage: Manage, place: Path) -> None:
    copy, elsewhere = place / "copy.tar", {"DATA_DIR": str(place / "other")}
    done(manage("migrate"))
    done(manage("load_plan", "data/longgang"))
    done(manage("shell", "-c", KEEP_A_FILE))
    done(manage("signing_key"))
    line = done(manage("take_anchor"))
    before = done(manage("shell", "-v", "0", "-c", COUNTS))
    done(manage("backup", "--to", str(copy)))
    assert {path.stat().st_mode & 0o777 for path in (copy, place / "copy.tar.keys")} == {0o600}

    done(manage("restore", str(copy), "--keys", f"{copy}.keys", **elsewhere))
    assert done(manage("shell", "-v", "0", "-c", COUNTS, **elsewhere)) == before
    (anchor,) = (place / "other" / "anchors").glob("*.anchor")
    assert anchor.read_text().strip() in line
    done(manage("verify_history", "--anchor", str(anchor), **elsewhere))
    done(manage("take_anchor", "--occasion", "restored", **elsewhere))  # by the same key, which the history knows
    (private,) = (place / "other" / "signing").glob("*.private.pem")
    assert private.stat().st_mode & 0o777 == 0o600
    before = done(manage("shell", "-v", "0", "-c", COUNTS, **elsewhere))
    # the application's role has its rights again, and no more
    as_application = "from audit.models import Change; Change.objects.update(reason=1)"
    assert "permission denied" in manage("shell", "-c", as_application, **elsewhere).stderr

    refused = manage("restore", str(copy), **elsewhere)
    assert (refused.returncode, "数据库已有数据" in refused.stderr) == (1, True)
    done(manage("restore", str(copy), "--replace", **elsewhere))
    assert done(manage("shell", "-v", "0", "-c", COUNTS, **elsewhere)) == before

    damaged = bytearray(copy.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    copy.write_bytes(damaged)
    refused = manage("restore", str(copy), "--replace", **elsewhere)
    assert (refused.returncode, "已损坏" in refused.stderr) == (1, True)
    assert done(manage("shell", "-v", "0", "-c", COUNTS, **elsewhere)) == before
