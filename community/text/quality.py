"""How ready a note is to be shown to strangers, on named dimensions, each with its reason.

The total decides how large the first pool is and whether there is one; the reasons are for
the author. Codes are stable. ``REASONS`` gives their sentences in English, as msgids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from community.text import quality_pictures as pictures_rules
from community.text import quality_text as text_rules
from community.text.quality_likeness import Repeats, judge_originality
from community.text.quality_pictures import PictureMeasures
from community.text.quality_text import Finding

__all__ = [
    "REASONS", "WEIGHTS", "Dimension", "PictureMeasures", "QualityReport", "Repeats", "report_of",
    "score_text",
]  # fmt: skip

WEIGHTS: Mapping[str, float] = {
    "title": 0.14,
    "body": 0.14,
    "variety": 0.06,
    "originality": 0.12,
    "spam": 0.18,
    "picture_count": 0.10,
    "resolution": 0.06,
    "sharpness": 0.06,
    "light": 0.03,
    "contrast": 0.02,
    "detail": 0.02,
    "tags": 0.04,
    "place": 0.03,
}


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return sentence


# code -> (reason, advice). An empty advice: nothing to mend.
REASONS: dict[str, tuple[str, str]] = {
    "title_missing": (_("The note has no title."), _("Add a title that says what it is about.")),
    "title_short": (_("The title is very short."), _("Say in a few more words what it is about.")),
    "title_long": (
        _("The title is long and will be cut."),
        _("Shorten it to 40 characters or fewer."),
    ),
    "title_shouts": (
        _("The title shouts."),
        _("Use fewer capitals, exclamation marks and question marks."),
    ),
    "title_good": (_("The title has a good length."), ""),
    "body_missing": (_("There is no text."), _("Tell a little: what, where, how it was.")),
    "body_short": (
        _("The text is short."),
        _("A few more sentences help others decide to open it."),
    ),
    "body_good": (_("The text has substance."), ""),
    "words_repeated": (_("The same words come again and again."), _("Say it once, then say more.")),
    "words_varied": (_("The text is varied."), ""),
    "spam_contact": (
        _("The text contains a phone number or messenger id."),
        _("Remove contact details; people can write to you here."),
    ),
    "spam_links": (_("There are many links."), _("Keep the one or two links that matter.")),
    "spam_repeats": (_("A phrase is repeated over and over."), _("Remove the repetitions.")),
    "spam_tags": (_("Tags crowd out the text."), _("Keep the tags that fit best, ten at most.")),
    "spam_none": (_("Nothing looks like advertising."), ""),
    "text_copied": (
        _("The text is very like an earlier note by somebody else."),
        _("Tell it in your own words, or share the other note instead."),
    ),
    "text_repeated": (
        _("The text is very like an earlier note of yours."),
        _("Tell what is new, or edit the earlier note instead."),
    ),
    "pictures_copied": (
        _("Pictures are very like those of an earlier note by somebody else."),
        _("Show pictures of your own."),
    ),
    "pictures_repeated": (
        _("Pictures are very like those of an earlier note of yours."),
        _("Choose pictures that you have not shown yet."),
    ),
    "originality_good": (_("No earlier note is like it."), ""),
    "pictures_missing": (
        _("There is no picture."),
        _("Add a picture; notes with one are opened more."),
    ),
    "pictures_few": (_("There are few pictures."), _("Three or more pictures tell more.")),
    "pictures_good": (_("There are several pictures."), ""),
    "picture_is_text_card": (
        _("The cover is a text card."),
        _("A photograph of your own shows more."),
    ),
    "picture_small": (_("The pictures are small."), _("Upload them at least 720 pixels wide.")),
    "picture_large_enough": (_("The pictures are large enough."), ""),
    "picture_blurry": (
        _("The pictures are blurry."),
        _("Choose sharper ones or hold the camera still."),
    ),
    "picture_sharp": (_("The pictures are sharp."), ""),
    "picture_dark": (_("The pictures are dark."), _("Brighten them or take them in better light.")),
    "picture_bright": (_("The pictures are washed out."), _("Lower the exposure.")),
    "picture_flat": (_("The pictures have little contrast."), _("Raise the contrast a little.")),
    "picture_well_lit": (_("The pictures are well lit."), ""),
    "picture_contrasty": (_("The pictures have enough contrast."), ""),
    "picture_empty": (
        _("The pictures show very little."),
        _("Choose pictures with something to see."),
    ),
    "picture_detailed": (_("The pictures show something."), ""),
    "tags_missing": (
        _("There are no tags."),
        _("Add three tags so that people can find the note."),
    ),
    "tags_few": (_("There are few tags."), _("Three tags or more help people find the note.")),
    "tags_many": (_("There are too many tags."), _("Keep the tags that fit best, ten at most.")),
    "tags_good": (_("The tags help people find the note."), ""),
    "place_missing": (_("No place is given."), _("Add the place to be shown to people nearby.")),
    "place_good": (_("The place is given."), ""),
}


class Dimension(NamedTuple):
    """One aspect: its score from 0 to 1 and the code of the reason (and advice)."""

    name: str
    score: float
    code: str


@dataclass(frozen=True, slots=True)
class QualityReport:
    """``total`` is the weighted mean of the dimensions, 0 to 1."""

    total: float
    dimensions: tuple[Dimension, ...]
    weights: Mapping[str, float]

    def to_mend(self) -> list[Dimension]:
        """The dimensions with an advice, the one that costs most first, each advice once."""
        mendable = [d for d in self.dimensions if REASONS[d.code][1] and self.gain(d) > 0]
        once: dict[str, Dimension] = {}
        for dimension in sorted(mendable, key=self.gain, reverse=True):
            once.setdefault(dimension.code, dimension)
        return list(once.values())

    def gain(self, dimension: Dimension) -> float:
        """By how much the total would rise if this dimension were perfect."""
        weighed = sum(self.weights.get(d.name, 0.0) for d in self.dimensions)
        return (1 - dimension.score) * self.weights.get(dimension.name, 0.0) / weighed

    def score_of(self, name: str) -> float:
        """The score of a dimension; 1 for one that was not judged."""
        return next((d.score for d in self.dimensions if d.name == name), 1.0)


def score_text(
    title: str,
    body: str,
    tags: Sequence[str],
    pictures: Sequence[PictureMeasures],
    place: bool,
    repeats: Repeats = Repeats(),  # noqa: B008 (immutable)
    *,
    weights: Mapping[str, float] = WEIGHTS,
) -> QualityReport:
    """Judge every dimension and weigh them; a dimension without a weight counts nothing.

    Raises ``ValueError`` if no dimension has a positive weight.
    """
    findings = {
        "title": text_rules.judge_title(title),
        "body": text_rules.judge_body_length(body),
        "variety": text_rules.judge_variety(body),
        "originality": judge_originality(repeats),
        "spam": text_rules.judge_spam(title, body, tags),
        "picture_count": pictures_rules.judge_count(pictures),
        "resolution": pictures_rules.judge_resolution(pictures),
        "sharpness": pictures_rules.judge_sharpness(pictures),
        "light": pictures_rules.judge_light(pictures),
        "contrast": pictures_rules.judge_contrast(pictures),
        "detail": pictures_rules.judge_detail(pictures),
        "tags": text_rules.judge_tags(tags),
        "place": Finding(1.0, "place_good") if place else Finding(0.0, "place_missing"),
    }
    dimensions = [Dimension(name, *finding) for name, finding in findings.items()]
    return report_of(dimensions, weights=weights)


def report_of(
    dimensions: Sequence[Dimension], *, weights: Mapping[str, float] = WEIGHTS
) -> QualityReport:
    """Weigh dimensions that were judged before. Raises ``ValueError`` likewise."""
    return QualityReport(_weighted_mean(dimensions, weights), tuple(dimensions), weights)


def _weighted_mean(dimensions: Sequence[Dimension], weights: Mapping[str, float]) -> float:
    total_weight = sum(weights.get(dimension.name, 0.0) for dimension in dimensions)
    if total_weight <= 0:
        raise ValueError("at least one dimension needs a positive weight")
    weighted = sum(dimension.score * weights.get(dimension.name, 0.0) for dimension in dimensions)
    return min(1.0, max(0.0, weighted / total_weight))
