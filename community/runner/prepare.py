"""What `make` does before anything runs: virtualenv, packages, translations, static files.

This is a script and not a module: it runs under the machine's own Python, before the virtualenv is
there, so it uses the standard library only. Every step is skipped when nothing it depends on has
changed; a fingerprint of that is written only after the step has succeeded. Paths are relative to
the repository, so that the folder may have any name.

    prepare.py run             what `make run` needs
    prepare.py test            the same, and what the tests need
    prepare.py scaled          the same, and beside it what PostgreSQL, Redis and S3 are asked with,
                               and traces are sent
    prepare.py browser         the same, and a browser, fonts and gettext
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
# Laid over the other, which stays as it is: the tests must pass where nothing of it is installed.
SCALED_VENV = Path(".venv-scaled")
BUILD = Path(".build")
LOCALE = Path("community/locale")
# Debian's packages, and a command, library or file that tells whether each is there.
# LightGBM's wheel is linked against GNU OpenMP and does not carry it.
SYSTEM_PACKAGES = {"libgomp1": "libgomp.so.1"}
BROWSER_PACKAGES = {
    "chromium": "chromium",
    "gettext": "xgettext",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
}


def main(purpose: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop("Rockpool needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ".")
    os.chdir(ROOT)
    BUILD.mkdir(exist_ok=True)
    with one_at_a_time():
        make_virtualenv()
        install("requirements.txt")
        if purpose != "run":
            install("requirements-dev.txt")
        if purpose == "scaled":
            make_scaled_virtualenv()
            for part in ("scaled", "scaled-dev", "telemetry"):
                install(f"requirements-{part}.txt", into=SCALED_VENV)
        install_debian_packages(missing(SYSTEM_PACKAGES))
        if purpose == "browser":
            install_debian_packages(missing(BROWSER_PACKAGES))
        compile_translations()
        collect_static()


def stop(text: str) -> NoReturn:
    print(f"\n{text}\n", file=sys.stderr)
    sys.exit(1)


def say(text: str) -> None:
    print(f"prepare | {text}", flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` in one folder take turns: the second finds everything done."""
    with open(BUILD / "prepare.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- fingerprints


def fingerprint(*parts: str, files: Iterable[Path] = ()) -> str:
    """One hash over words and over the content of files, each with its path."""
    digest = hashlib.sha256("\0".join(parts).encode())
    for path in sorted(files):
        digest.update(f"\0{path}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


# ---------------------------------------------------------------- Python packages


def make_virtualenv() -> None:
    """Make the virtualenv, or make it anew when its Python no longer runs."""
    if PYTHON.exists() and runs(PYTHON, "-I", "-c", "import pip"):
        return
    require_venv_module()
    make_anew(VENV)


def make_scaled_virtualenv() -> None:
    """A virtualenv that finds the packages of the other one too, so that none is there twice."""
    if runs(python_of(SCALED_VENV), "-I", "-c", "import pip, django"):
        return
    make_anew(SCALED_VENV)
    asked = [str(PYTHON), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    theirs = Path(subprocess.check_output(asked, text=True).strip())
    own = next(SCALED_VENV.absolute().glob("lib/python*/site-packages"))
    # Relative, so that the folder of the project may be moved.
    (own / "rockpool.pth").write_text(os.path.relpath(theirs, own) + "\n")


def make_anew(venv: Path) -> None:
    say(f"making the virtualenv {venv}")
    shutil.rmtree(venv, ignore_errors=True)
    # Python makes none in a folder whose name has a colon. Ours are only ever started as
    # `.venv/bin/python -m ...`, so they may be made elsewhere and moved.
    with tempfile.TemporaryDirectory(prefix="rockpool-") as elsewhere:
        made = Path(elsewhere, "venv") if os.pathsep in str(ROOT) else venv
        if subprocess.run([sys.executable, "-m", "venv", str(made)]).returncode:
            stop("The virtualenv could not be made; the lines above say why.")
        if made != venv:
            shutil.move(made, venv)


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def require_venv_module() -> None:
    """Debian keeps part of Python's own venv module in a package of its own."""
    if runs(Path(sys.executable), "-I", "-c", "import ensurepip, venv"):
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    install_debian_packages([version])


def install(requirements: str, *, into: Path = VENV) -> None:
    """Install a locked list of packages, each checked against its hash."""
    python = str(python_of(into))
    version = subprocess.check_output(
        [python, "-I", "-c", "import sys; print(sys.version)"], text=True
    )
    stamp = into / f".{requirements}.installed"
    mark = fingerprint(version, files=[Path(requirements)])
    if is_done(stamp, mark):
        return
    say(f"installing the packages of {requirements} (the first time takes about a minute)")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    options = ["--quiet", "--require-hashes", "--requirement", requirements]
    if subprocess.run([*pip, *options], env=quiet_environment()).returncode:
        stop(
            f"The packages of {requirements} could not be installed; the lines above say why. "
            "Check the network (a proxy goes into HTTPS_PROXY) and the free space, then try again."
        )
    stamp.write_text(mark)


def quiet_environment() -> dict[str, str]:
    """pip warns root about virtualenvs even inside one."""
    return {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_REQUIRE_VIRTUALENV": "0"}


def runs(command: Path, *arguments: str) -> bool:
    try:
        return subprocess.run([str(command), *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


# ---------------------------------------------------------------- Debian packages


def missing(packages: dict[str, str]) -> list[str]:
    return [name for name, sign in packages.items() if not is_there(sign)]


def is_there(sign: str) -> bool:
    if ".so" in sign:
        return can_load(sign)
    return Path(sign).exists() if sign.startswith("/") else shutil.which(sign) is not None


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_debian_packages(names: list[str]) -> None:
    """As root install them; else say what a person has to type."""
    if not names:
        return
    listed = " ".join(names)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        stop(
            f"These packages of the system are missing: {listed}. Install them first:\n"
            f"    sudo apt-get install {listed}"
        )
    say(f"installing {listed}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "--quiet", "--quiet", "--yes", "--no-install-recommends", "install", *names]
    if subprocess.run(get, env=environment, capture_output=True).returncode:
        # A fresh machine has no lists of packages yet.
        subprocess.run(["apt-get", "--quiet", "--quiet", "update"], env=environment)
        if subprocess.run(get, env=environment).returncode:
            stop(f"apt-get could not install {listed}; the lines above say why.")


# ---------------------------------------------------------------- translations and static files


def compile_translations() -> None:
    """Compile each .po that is newer than its .mo."""
    stale = [po for po in sorted(LOCALE.rglob("*.po")) if is_newer(po, po.with_suffix(".mo"))]
    for po in stale:
        language = po.parent.parent.name
        say(f"compiling the translation {language}")
        babel = [str(PYTHON), "-m", "babel.messages.frontend", "--quiet", "compile"]
        files = ["--input-file", str(po), "--output-file", str(po.with_suffix(".mo"))]
        if subprocess.run([*babel, *files, "--locale", language]).returncode:
            stop(f"The translation {po} could not be compiled; the lines above say why.")


def is_newer(source: Path, product: Path) -> bool:
    return not product.exists() or source.stat().st_mtime > product.stat().st_mtime


def collect_static() -> None:
    """Gather, name by content and compress what the web serves, when any of it has changed."""
    stamp = BUILD / "static.done"
    mark = fingerprint(files=static_inputs())
    if is_done(stamp, mark) and (BUILD / "static").is_dir():
        return
    say("collecting and compressing the static files")
    # This needs neither data nor the real key, and what production demands does not matter.
    scratch = {
        "ROCKPOOL_ENV": "development",
        "ROCKPOOL_DATA": str(BUILD.absolute()),
        "ROCKPOOL_SECRET_KEY": secrets.token_hex(),
    }
    environment = {**os.environ, **scratch}
    # The API's documentation is drawn by Swagger; compressing the other viewer takes ten seconds.
    options = ["--no-input", "--verbosity", "0", "--ignore", "redoc"]
    command = [str(PYTHON), "manage.py", "collectstatic", *options]
    if subprocess.run(command, env=environment).returncode:
        stop("The static files could not be collected; the lines above say why.")
    stamp.write_text(mark)


def static_inputs() -> list[Path]:
    """Our own static files, the list of packages (theirs), and the settings that shape both."""
    own = [path for path in Path("static").rglob("*") if path.is_file()]
    rooms = [
        path
        for room in ("accounts", "community", "feeds")
        for path in Path(room).glob("**/static/**/*")
    ]
    return [
        *own,
        *filter(Path.is_file, rooms),
        Path("requirements.txt"),
        Path("community/settings.py"),
    ]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
