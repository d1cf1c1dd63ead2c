"""The process in which an untrusted picture is decoded: small, limited, and without Django.

Started by `pictures`. Arguments: the kind of picture, source file, target folder, limits as JSON.
Answers with one JSON object on standard output: `{"picture": ...}`, `{"refused": code}` or
`{"errno": number}`; any other end is a fault.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> None:
    kind, source, target_dir, limits = arguments
    _limit_self(**json.loads(limits))
    json.dump(_answer(kind, Path(source), Path(target_dir)), sys.stdout)


def _limit_self(*, cpu: int, address_space: int, file_size: int) -> None:
    """Before anything is opened: seconds of processor, bytes of memory, bytes per written file."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(kind: str, source: Path, target_dir: Path) -> dict[str, Any]:
    from community.media.errors import PictureRefused

    try:
        return {"picture": _prepare(kind, source, target_dir)}
    except PictureRefused as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "too_many_pixels"}
    except OSError as error:
        if error.errno is None:
            raise
        return {"errno": error.errno}


def _prepare(kind: str, source: Path, target_dir: Path) -> dict[str, Any]:
    """Imports stand here so that they, too, happen under the limits."""
    from community.media.decode import decode_upright
    from community.media.limits import AVATAR_SIDES, RENDITION_WIDTHS
    from community.media.renditions import write_avatar, write_renditions

    if kind == "avatar":
        image = decode_upright(source, width=AVATAR_SIDES[-1])
        return write_avatar(image, target_dir).as_json()
    image = decode_upright(source, width=RENDITION_WIDTHS[-1])
    return write_renditions(image, target_dir).as_json()
