"""What can be said about the quality of a note's pictures from a few measures of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from community.text.quality_text import Finding

# A text card drawn by the server is neither praised nor blamed.
NEUTRAL = Finding(0.6, "picture_is_text_card")
BELOW_THIS_IT_SHOWS = 0.6

ENOUGH_PICTURES = 3
SHORT_SIDE = 720  # pixels
SHARP = 100.0
DARK, BRIGHT, WHITE = 60.0, 200.0, 255.0
CONTRASTY = 40.0
DETAILED = 5.0


@dataclass(frozen=True, slots=True)
class PictureMeasures:
    """Measured on the luma of the picture scaled to about 512 px, values 0 to 255.

    ``width`` and ``height`` in pixels as uploaded; ``sharpness`` the variance of the Laplacian;
    ``brightness`` the mean; ``contrast`` the standard deviation; ``entropy`` of the histogram in
    bits (0 to 8).
    """

    width: int
    height: int
    sharpness: float
    brightness: float
    contrast: float
    entropy: float
    is_text_card: bool = False


def judge_count(pictures: Sequence[PictureMeasures]) -> Finding:
    """Three photographs tell a story; one is a start."""
    if not pictures:
        return Finding(0.0, "pictures_missing")
    photographs = _photographs(pictures)
    if not photographs:
        return NEUTRAL
    score = min(1.0, 0.4 + 0.2 * len(photographs))
    return Finding(score, "pictures_good" if score == 1 else "pictures_few")


def judge_resolution(pictures: Sequence[PictureMeasures]) -> Finding:
    """The shorter side against 720 pixels."""
    return _mean(pictures, _resolution, "picture_large_enough", "picture_small")


def judge_sharpness(pictures: Sequence[PictureMeasures]) -> Finding:
    """Variance of the Laplacian (Pech-Pacheco 2000) against 100, where blur begins to show."""
    return _mean(pictures, lambda p: p.sharpness / SHARP, "picture_sharp", "picture_blurry")


def judge_light(pictures: Sequence[PictureMeasures]) -> Finding:
    """Neither dark nor washed out; the code names the commoner fault."""
    finding = _mean(pictures, _exposure, "picture_well_lit", "picture_dark")
    if finding.code != "picture_dark":
        return finding
    photographs = _photographs(pictures)
    bright = sum(picture.brightness > BRIGHT for picture in photographs)
    dark = sum(picture.brightness < DARK for picture in photographs)
    return Finding(finding.score, "picture_bright") if bright > dark else finding


def judge_contrast(pictures: Sequence[PictureMeasures]) -> Finding:
    """Standard deviation of the luma against 40."""
    return _mean(pictures, lambda p: p.contrast / CONTRASTY, "picture_contrasty", "picture_flat")


def judge_detail(pictures: Sequence[PictureMeasures]) -> Finding:
    """Entropy of the histogram: a plain surface shows nothing."""
    return _mean(pictures, lambda p: p.entropy / DETAILED, "picture_detailed", "picture_empty")


def _photographs(pictures: Sequence[PictureMeasures]) -> list[PictureMeasures]:
    return [picture for picture in pictures if not picture.is_text_card]


def _mean(
    pictures: Sequence[PictureMeasures],
    measure: Callable[[PictureMeasures], float],
    good: str,
    bad: str,
) -> Finding:
    photographs = _photographs(pictures)
    if not photographs:
        return NEUTRAL if pictures else Finding(0.0, "pictures_missing")
    # In this order what is no number counts nothing.
    score = fmean(min(1.0, max(0.0, measure(picture))) for picture in photographs)
    return Finding(score, good if score >= BELOW_THIS_IT_SHOWS else bad)


def _resolution(picture: PictureMeasures) -> float:
    return min(picture.width, picture.height) / SHORT_SIDE


def _exposure(picture: PictureMeasures) -> float:
    return min(picture.brightness / DARK, (WHITE - picture.brightness) / (WHITE - BRIGHT), 1.0)
