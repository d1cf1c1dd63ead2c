"""From an uploaded file to renditions, through the limited child process."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms

from community.media import pictures
from community.media.errors import PictureFailed, PictureRefused
from community.media.facts import ProcessedPicture
from community.media.limits import ChildLimits
from community.media.pictures import process_avatar, process_picture
from community.media.renditions import fitting_widths

RED, LIME, BLUE, YELLOW = (254, 0, 0), (0, 255, 1), (0, 0, 254), (255, 255, 0)
Save = Callable[..., bytes]


@pytest.fixture
def process(tmp_path: Path, target: Path) -> Callable[..., ProcessedPicture]:
    """`process(data)` prepares the bytes of a file into `target`."""

    def run(data: bytes, **limits: object) -> ProcessedPicture:
        source = tmp_path / "source"
        source.write_bytes(data)
        return process_picture(source, target, limits=ChildLimits(**limits))  # type: ignore[arg-type]

    return run


def rendition(target: Path, picture: ProcessedPicture, format_name: str) -> Image.Image:
    """The largest of a format, decoded."""
    names = [r.filename for r in picture.renditions if r.format == format_name]
    return Image.open(target / names[-1]).convert("RGB")


def near(actual: object, wanted: tuple[int, ...], tolerance: int = 40) -> bool:
    assert isinstance(actual, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(actual, wanted, strict=True))


def leftovers(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.exists() else []


def test_a_picture_is_written_in_every_width_that_does_not_enlarge_it(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    picture = process(saved(scene.resize((1200, 800)), "JPEG"))
    sizes = [(r.width, r.height, r.format) for r in picture.renditions]
    expected = [(240, 160), (480, 320), (960, 640), (1200, 800)]
    assert sizes == [(*size, name) for size in expected for name in ("avif", "jpeg")]
    assert (picture.width, picture.height) == (1200, 800)
    assert sorted(r.filename for r in picture.renditions) == sorted(os.listdir(target))
    for written in picture.renditions:
        with Image.open(target / written.filename) as image:
            assert image.size == (written.width, written.height)
            assert image.format == written.format.upper()
        assert (target / written.filename).stat().st_size == written.bytes


def test_a_picture_smaller_than_every_width_keeps_its_own(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture]
) -> None:
    picture = process(saved(scene.resize((90, 60)), "PNG"))
    assert [(r.width, r.height) for r in picture.renditions] == [(90, 60)] * 2


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((4000, 3000), [240, 480, 960, 1600]),
        ((1600, 1200), [240, 480, 960, 1600]),
        ((1599, 1200), [240, 480, 960, 1599]),
        ((1000, 19_000), [240, 480]),
        ((240, 20_000), [240]),
        ((239, 20_000), [239]),
        ((20_000, 1), [240, 480, 960, 1600]),
        ((1, 1), [1]),
    ],
)
def test_widths_neither_enlarge_nor_make_a_huge_tall_picture(
    size: tuple[int, int], widths: list[int]
) -> None:
    assert fitting_widths(size) == widths


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_to_the_pixels(
    orientation: int,
    scene: Image.Image,
    saved: Save,
    process: Callable[..., ProcessedPicture],
    target: Path,
) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the inverse turn, Pillow's numbers
    stored = scene.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else scene
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = process(saved(stored, "JPEG", exif=exif, quality=95))
    assert (picture.width, picture.height) == (600, 400)
    upright = rendition(target, picture, "jpeg")
    corners = [upright.getpixel(place) for place in ((20, 20), (575, 20), (20, 375), (575, 375))]
    assert all(near(a, b) for a, b in zip(corners, (RED, LIME, BLUE, YELLOW), strict=True))


def test_a_portrait_heic_from_a_phone_stands_upright(
    scene: Image.Image, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    lying = scene.transpose(Image.Transpose.ROTATE_90)
    pillow_heif.from_pillow(lying).save(data, exif=exif.tobytes(), quality=90)
    picture = process(data.getvalue())
    assert (picture.width, picture.height) == (600, 400)
    assert near(rendition(target, picture, "avif").getpixel((20, 20)), RED)


def test_colours_of_every_kind_of_file_survive(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    palette = scene.quantize(16)
    files = [
        saved(scene.convert("CMYK"), "JPEG", quality=95),
        saved(palette, "PNG"),
        saved(palette, "GIF"),
        saved(scene, "WEBP", lossless=True),
        saved(scene, "AVIF", quality=90),
        saved(scene.convert("RGBA"), "PNG"),
    ]
    for data in files:
        picture = process(data)
        assert near(rendition(target, picture, "jpeg").getpixel((20, 20)), RED)
        assert near(rendition(target, picture, "avif").getpixel((575, 375)), YELLOW)


def test_sixteen_bit_grey_keeps_its_middle_grey(
    saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    grey = Image.new("I;16", (300, 200), 0x8000)
    picture = process(saved(grey, "PNG"))
    assert near(rendition(target, picture, "jpeg").getpixel((100, 100)), (128, 128, 128), 3)


def test_transparent_parts_become_white_in_a_palette_and_in_full_colour(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    clear = scene.convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 150, 100))
    for data in (saved(clear, "PNG"), saved(clear.quantize(32), "PNG"), saved(clear, "WEBP")):
        picture = process(data)
        for format_name in ("jpeg", "avif"):
            corner = rendition(target, picture, format_name).getpixel((20, 20))
            assert near(corner, (255, 255, 255), 6)


def test_only_the_first_frame_of_an_animation_is_kept(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    blank = Image.new("RGB", scene.size, "black")
    for format_name in ("GIF", "WEBP", "AVIF"):
        picture = process(saved(scene, format_name, save_all=True, append_images=[blank] * 3))
        with Image.open(target / picture.renditions[0].filename) as first:
            assert getattr(first, "n_frames", 1) == 1
        assert near(rendition(target, picture, "jpeg").getpixel((20, 20)), RED)


def test_an_icc_profile_is_applied_before_it_is_dropped(
    saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    green, blue = srgb.index(b"gXYZ") + 4, srgb.index(b"bXYZ") + 4
    srgb[green : green + 8], srgb[blue : blue + 8] = (
        srgb[blue : blue + 8],
        srgb[green : green + 8],
    )
    image = Image.new("RGB", (300, 200), (0, 255, 0))
    swapped = process(saved(image, "PNG", icc_profile=bytes(srgb)))
    assert near(rendition(target, swapped, "jpeg").getpixel((9, 9)), (0, 0, 255), 8)
    unfit = process(saved(image, "PNG", icc_profile=lab))
    assert near(rendition(target, unfit, "jpeg").getpixel((9, 9)), (0, 255, 0), 8)


def test_an_avatar_is_the_middle_square_in_both_sizes(
    scene: Image.Image, saved: Save, tmp_path: Path, target: Path
) -> None:
    source = tmp_path / "me"
    source.write_bytes(saved(scene, "PNG"))
    avatar = process_avatar(source, target)
    assert sorted(os.listdir(target)) == ["320.jpg", "320.webp", "96.jpg", "96.webp"]
    assert {(r.width, r.height) for r in avatar.renditions} == {(96, 96), (320, 320)}
    assert near(rendition(target, avatar, "webp").getpixel((160, 160)), (255, 255, 255), 8)


def test_a_truncated_picture_is_refused_and_leaves_nothing(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    for format_name in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"):
        data = saved(scene, format_name)
        with pytest.raises(PictureRefused, match="truncated"):
            process(data[: len(data) * 2 // 3])
        assert leftovers(target) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        (b"words", "not_a_picture"),
    ],
)
def test_the_child_checks_again_what_the_request_checked(
    data: bytes, code: str, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    with pytest.raises(PictureRefused, match=code):
        process(data)
    assert leftovers(target) == []


def test_memory_over_the_limit_is_refused_by_the_kernel_not_used(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    large = saved(Image.new("RGB", (6000, 6000), "teal"), "PNG", compress_level=1)
    enough_for_small = 300 * 1024 * 1024
    with pytest.raises(PictureRefused, match="too_many_pixels"):
        process(large, address_space=enough_for_small)
    assert leftovers(target) == []
    assert process(saved(scene, "PNG"), address_space=enough_for_small).width == 600


def test_a_child_over_its_wall_time_is_killed(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    with pytest.raises(PictureRefused, match="too_slow"):
        process(saved(scene, "PNG"), wall=timedelta(milliseconds=40))
    assert leftovers(target) == []


@pytest.mark.parametrize(
    ("script", "raised"),
    [
        ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass",
         (PictureRefused, "too_slow")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
         (PictureRefused, "not_a_picture")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", (PictureFailed, "-9")),
        ("raise RuntimeError('ours')", (PictureFailed, "ended with 1")),
        ("import json; print(json.dumps({'errno': 28}))", (OSError, "No space left")),
    ],
)  # fmt: skip
def test_each_way_a_child_can_end_becomes_one_error_and_no_file(
    script: str,
    raised: tuple[type[Exception], str],
    process: Callable[..., ProcessedPicture],
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half_done = "import sys, pathlib; pathlib.Path(sys.argv[4], '240.jpg').write_bytes(b'half')\n"
    monkeypatch.setattr(pictures, "_BOOT", half_done + script)
    with pytest.raises(raised[0], match=raised[1]):
        process(b"any")
    assert leftovers(target) == []


def test_a_file_that_grows_past_its_limit_stops_the_child(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    with pytest.raises(OSError, match="too large"):
        process(saved(scene, "PNG"), file_size=2000)
    assert leftovers(target) == []


def test_when_one_file_cannot_be_moved_none_is(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    (target / "480.avif").mkdir(parents=True)
    with pytest.raises(OSError):
        process(saved(scene, "PNG"))
    assert leftovers(target) == [target / "480.avif"]


def test_processing_again_replaces_the_files_and_sweeps_what_a_killed_worker_left(
    scene: Image.Image, saved: Save, process: Callable[..., ProcessedPicture], target: Path
) -> None:
    abandoned, in_use = target / ".incoming-dead", target / ".incoming-alive"
    for folder in (abandoned, in_use):
        folder.mkdir(parents=True)
        (folder / "240.jpg").write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    first = process(saved(scene, "PNG"))
    assert process(saved(scene, "PNG")) == first
    assert in_use.exists()
    assert not abandoned.exists()


def test_the_child_knows_neither_django_nor_the_environment() -> None:
    boot = pictures._BOOT.replace("main(sys.argv[2:])", "")
    code = boot + (
        "import os, community.media.decode, community.media.renditions\n"
        "heavy = {'django', 'celery', 'scipy', 'imagehash'} & set(sys.modules)\n"
        "print(sorted(heavy), sorted(set(os.environ) - {'LC_CTYPE'}))"
    )
    room = Path(pictures.__file__).parent.parent
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code, str(room)],
        env=pictures._ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == f"[] {sorted(pictures._ENVIRONMENT)}"
