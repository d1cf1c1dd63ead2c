"""`python -m community.runner`: check, lock, open the community, run until Ctrl-C."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading

from django.core.exceptions import ImproperlyConfigured

from community.secret_key import read_or_create

from .announcing import announce_when_well
from .checks import CannotStart, check_folder, check_port, check_python, check_space
from .console import say, say_trouble
from .folder import FolderLock
from .options import Options, parse
from .services import services_of
from .supervisor import KeepsDying, Supervisor
from .undertaker import Undertaker

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
# A connection and its database files for every slow client, with room to spare.
OPEN_FILES = 16_384
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    if options.stop_with_parent:
        stop_with_parent()
    try:
        check_python()
        check_folder(options.data)
        check_space(options.data)
        lock = FolderLock(options.data)
        lock.take(port=options.port)
        check_port(options.host, options.port)
        return run(options)
    except ImproperlyConfigured as error:
        say_trouble(f"A setting is missing or wrong. {error}")
        return 1
    except (CannotStart, KeepsDying) as error:
        say_trouble(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def run(options: Options) -> int:
    """Open the community and keep it open; the exit code."""
    environment = environment_for(options)
    undertaker = Undertaker()
    code = open_community(options, environment, undertaker)
    if code == 0:
        allow_many_connections()
        supervisor = Supervisor(services_of(options), environment, undertaker)
        supervisor.listen_to_signals()
        announce = threading.Thread(target=announce_when_well, args=(options,), daemon=True)
        announce.start()
        try:
            supervisor.run()
        finally:
            supervisor.undertaker.dismiss()
        say("stopped; everything is kept in " + str(options.data))
    else:
        undertaker.dismiss()
    return code


def environment_for(options: Options) -> dict[str, str]:
    """What every process of this Rockpool is told. Its key is made here, before anyone needs it."""
    chosen = {
        "ROCKPOOL_DATA": str(options.data),
        "ROCKPOOL_PORT": str(options.port),
        "DJANGO_SETTINGS_MODULE": "community.settings",
        "PYTHONUNBUFFERED": "1",
        # Django's checks of the code are for `make test`; here they only make each start slower.
        "CELERY_SKIP_CHECKS": "true",
    }
    environment = {**os.environ, **chosen}
    production = environment.get("ROCKPOOL_ENV") == "production"
    if not production and not environment.get("ROCKPOOL_SECRET_KEY"):
        read_or_create(options.data)
    return environment


def open_community(options: Options, environment: dict[str, str], undertaker: Undertaker) -> int:
    """Run `opening` in a process and session of its own; its exit code."""
    command = [sys.executable, "-m", "community.runner.opening"]
    process = subprocess.Popen(
        [*command, "--demo"] if options.demo else command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    undertaker.watch(process.pid)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        undertaker.forget(process.pid)


def allow_many_connections() -> None:
    """Raise this process's limit of open files, which its children inherit, as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))


def stop_with_parent() -> None:
    """Be sent SIGTERM when `make` is killed, even by kill -9."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
