"""make bundle: everything that an installation without internet needs, in one file.

Wheels for x86_64 and aarch64 with glibc 2.28, for the Python that makes it; the files of the front-end packages that
are served; checksums. The index is asked under the hashes of requirements/base.txt.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from config.front_end import FILES
from config.local_services.folder import BASE_DIR

MACHINES = ("x86_64", "aarch64")
OLDEST_GLIBC = 28
DIST = BASE_DIR / "dist"


def platforms(machine: str) -> list[str]:
    """Return the names under which wheels for a machine are published, newest first."""
    names = [f"manylinux_2_{minor}_{machine}" for minor in range(OLDEST_GLIBC, 16, -1)]
    return [*names, f"manylinux2014_{machine}", f"manylinux_2_12_{machine}", f"manylinux2010_{machine}"]


def download_wheels(folder: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for machine in MACHINES:
        print(f"正在下载 {machine} 的软件包……", flush=True)
        wanted = [argument for name in platforms(machine) for argument in ("--platform", name)]
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq", "--no-deps"]
        subprocess.run(
            [
                *command, "--only-binary=:all:", "--require-hashes", f"--python-version={version}",
                "--implementation=cp", *wanted, "--dest", str(folder), "-r", "requirements/base.txt",
            ],
            check=True,
            cwd=BASE_DIR,
        )  # fmt: skip


def copy_front_end(folder: Path) -> None:
    packages = {"/".join(file.split("/")[: 2 if file.startswith("@") else 1]) for file in FILES.values()}
    licences = [
        str(path.relative_to(BASE_DIR / "node_modules"))
        for package in packages
        for path in (BASE_DIR / "node_modules" / package).glob("LICENSE*")
        if path.is_file()
    ]
    for file in [*FILES.values(), *licences]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BASE_DIR / "node_modules" / file, folder / file)


def write_checksums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def main() -> None:
    folder, file = DIST / "bundle", DIST / "bundle.tar"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    download_wheels(folder / "wheels")
    copy_front_end(folder / "node_modules")
    write_checksums(folder)
    with tarfile.open(file, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name)
    shutil.rmtree(folder)
    size = file.stat().st_size // 1_000_000
    python = platform.python_version().rsplit(".", 1)[0]
    print(f"离线安装包 {file.relative_to(BASE_DIR)}（{size} MB，Python {python}，{'、'.join(MACHINES)}）。")
    print(f"用法：make run BUNDLE={file.relative_to(BASE_DIR)}")


if __name__ == "__main__":
    main()
