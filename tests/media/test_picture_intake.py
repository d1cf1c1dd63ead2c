"""The check in the request: by content, from the header, with a code a person can act on."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from community.media.errors import REFUSAL_CODES, PictureRefused
from community.media.facts import PictureFacts
from community.media.intake import inspect_upload
from community.media.limits import MAX_FRAMES, MAX_UPLOAD_BYTES
from community.media.refusals import REFUSALS

pytestmark = pytest.mark.letter("E5")


def inspect(data: bytes, name: str = "picture.jpg") -> PictureFacts:
    return inspect_upload(io.BytesIO(data), name=name)


def refusal(data: bytes, name: str = "picture.jpg") -> str:
    with pytest.raises(PictureRefused) as refused:
        inspect(data, name)
    return refused.value.code


def png_chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def png_of(width: int, height: int, *extra: bytes, depth: int = 1) -> bytes:
    """A PNG that declares its size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            png_chunk(b"IHDR", header),
            *extra,
            png_chunk(b"IDAT", pixels),
            png_chunk(b"IEND", b""),
        )
    )


def animation(frames: int) -> bytes:
    """A GIF of one-pixel frames, written block by block."""
    head = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + bytes(3) + b"\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b";"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
HOSTILE = {
    "nothing at all": (b"", "empty"),
    "svg": (SVG, "wrong_type"),
    "svg after a byte order mark and spaces": (b"\xef\xbb\xbf \n" + SVG, "wrong_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "wrong_type"),
    "text renamed .jpg": (b"just some words, not a picture", "not_a_picture"),
    "psd": (b"8BPS\0\1" + bytes(60), "wrong_type"),
    "tiff, little endian": (b"II*\0" + bytes(60), "wrong_type"),
    "tiff, big endian": (b"MM\0*" + bytes(60), "wrong_type"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "wrong_type"),
    "pdf": (b"%PDF-1.7\n", "wrong_type"),
    "bmp": (b"BM" + bytes(60), "wrong_type"),
    "zip": (b"PK\x03\x04" + bytes(60), "wrong_type"),
    "mp4": (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + bytes(60), "wrong_type"),
    "avi beside webp": (b"RIFF\x10\0\0\0AVI LIST", "wrong_type"),
    "gif that is also a script": (b"GIF89a/*" + bytes(5) + b"*/=1;alert(1)//", "truncated"),
    "bare jpeg marker": (b"\xff\xd8\xff", "truncated"),
    "jpeg header alone": (b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0", "truncated"),
    "png cut in its header": (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0", "truncated"),
    "webp cut in its header": (b"RIFF\xff\0\0\0WEBPVP8 \xff\0\0\0", "truncated"),
    "heic without a picture": (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "truncated"),
    "avif without a picture": (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "truncated"),
    "decompression bomb": (png_of(20_000, 20_000), "too_many_pixels"),
    "between Pillow's warning and its error": (png_of(13_000, 13_000), "too_many_pixels"),
    "60 megapixels": (png_of(10_000, 6_000), "too_many_pixels"),
    "one pixel high": (png_of(30_000, 1), "too_many_pixels"),
    "no width": (png_of(0, 10), "truncated"),
    "300 frames": (animation(300), "too_many_frames"),
    "png that declares 100,000 frames": (
        png_of(8, 8, png_chunk(b"acTL", struct.pack(">II", 100_000, 0))),
        "too_many_frames",
    ),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize("name", ["photo.jpg", "photo.html", "../../etc/passwd", ""])
def test_a_name_changes_nothing(name: str) -> None:
    assert refusal(SVG, name) == "wrong_type"
    assert inspect(png_of(8, 8), name).format == "PNG"


def test_a_compressed_text_chunk_cannot_fill_the_memory() -> None:
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(40_000_000), 9))
    assert refusal(png_of(8, 8, bomb)) == "truncated"


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("a file of this size is not read")

    with pytest.raises(PictureRefused, match="too_large"):
        inspect_upload(Unreadable(bytes(MAX_UPLOAD_BYTES + 1)), name="big.png")


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
def test_every_allowed_format_is_known_by_its_content(
    format_name: str, scene: Image.Image, saved: Callable[..., bytes]
) -> None:
    facts = inspect(saved(scene, format_name), "anything.txt")
    assert facts == PictureFacts(format_name, 600, 400, 1)


def test_the_file_is_left_at_its_beginning() -> None:
    file = io.BytesIO(png_of(8, 8))
    inspect_upload(file, name="a.png")
    assert file.tell() == 0
    assert not file.closed


def test_the_largest_legal_picture_and_animation_pass() -> None:
    assert inspect(png_of(10_000, 5_000)).width == 10_000
    assert inspect(animation(MAX_FRAMES)).frames == MAX_FRAMES


def test_counting_frames_agrees_with_pillow(
    scene: Image.Image, saved: Callable[..., bytes]
) -> None:
    others = [scene.rotate(angle) for angle in range(5, 40, 5)]
    data = saved(scene, "GIF", save_all=True, append_images=others, loop=0, comment=b"hello")
    assert inspect(data).frames == Image.open(io.BytesIO(data)).n_frames == 8


def test_a_phone_jpeg_with_a_second_picture_is_an_ordinary_jpeg(
    scene: Image.Image, saved: Callable[..., bytes]
) -> None:
    data = saved(scene, "MPO", save_all=True, append_images=[scene])
    assert inspect(data) == PictureFacts("JPEG", 600, 400, 1)


@pytest.mark.parametrize("code", REFUSAL_CODES)
def test_every_refusal_tells_the_person_what_to_do(code: str) -> None:
    message = str(PictureRefused(code).message)  # type: ignore[arg-type]
    assert message.count(".") >= 2 or "," in message
    assert "{" not in message


def test_no_message_is_without_a_code() -> None:
    assert set(REFUSALS) == set(REFUSAL_CODES)
