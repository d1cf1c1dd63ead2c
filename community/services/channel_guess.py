"""Guess the channel of a note from its words: learnt from the community's own notes on schedule."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from community.artefacts.store import Loaded
from community.models import Channel, Note
from community.text.channels import ChannelClassifier, TooLittle

KIND = "channels"
FEWEST_NOTES, MOST_NOTES = 100, 40_000
FEWEST_OF_A_CHANNEL = 5
# One account says at most so much about one channel.
MOST_OF_ONE = 40
HELD_OUT = 5  # one note in so many
BODY_READ = 500  # characters
# A guess is made where guesses this sure were right at least this often on notes held out.
RIGHT_OFTEN = 0.8
SUREST = 0.95


@dataclass(frozen=True, slots=True)
class Guess:
    channel: Channel
    chance: float


def guess_channel(*, title: str, body: str) -> Guess | None:
    """The open channel that these words belong to; None when unsure or nothing was learnt."""
    loaded = registry.in_force(KIND)
    text = text_of(title, body)
    if loaded is None or not text.strip():
        return None
    slug, chance = loaded.once("model", _model).guess(text)
    if chance < float(loaded.figures["sure_from"]):
        return None
    channel = Channel.objects.open().select_related("parent").filter(slug=slug).first()
    if channel is None or (channel.parent is not None and not channel.parent.is_open):
        return None
    return Guess(channel, chance)


def text_of(title: str, body: str) -> str:
    """The title counts twice: it says what a note is about."""
    return f"{title}\n{title}\n{body[:BODY_READ]}"


def _model(loaded: Loaded) -> ChannelClassifier:
    return ChannelClassifier.from_arrays(json.loads(loaded.texts["labels"]), loaded.arrays)


# ---------------------------------------------------------------- learning
def learn_channels(*, now: datetime) -> Artefact:
    """Learn from public notes, measure on some held out, put in force; or refuse with the reason.

    Refused: too few notes, one channel, or no better than always saying the largest channel.
    """
    texts, labels = _material()
    trained_on = {"notes": len(texts), "channels": len(set(labels))}
    if len(texts) < FEWEST_NOTES or len(set(labels)) < 2:
        reason = f"{FEWEST_NOTES} notes in two channels with {FEWEST_OF_A_CHANNEL} each are needed."
        return registry.refuse(KIND, reason=reason, trained_on=trained_on, now=now)
    try:
        figures = measured(texts, labels)
        model = ChannelClassifier.fit(texts, labels)
    except TooLittle as error:
        return registry.refuse(KIND, reason=str(error), trained_on=trained_on, now=now)
    if figures["accuracy"] <= figures["majority"]:
        reason = "On notes held out it is no better than always saying the largest channel."
        return registry.refuse(KIND, reason=reason, trained_on=trained_on, figures=figures, now=now)
    made = store.save(
        KIND,
        arrays=model.to_arrays(),
        texts={"labels": json.dumps(model.labels)},
        figures=figures,
        trained_on=trained_on,
        now=now,
    )
    return registry.publish(made, by=None, remark="better than the largest channel", now=now)


def _material() -> tuple[list[str], list[str]]:
    """Texts with their channels' slugs: each text once, at most MOST_OF_ONE of one author in one
    channel, channels with too few left out."""
    notes = Note.objects.visible_to(None).order_by("-published_at", "-pk")
    rows = notes.values_list("title", "body", "channel__slug", "author_id")[:MOST_NOTES]
    spoken: Counter[tuple[int, str]] = Counter()
    seen: set[str] = set()
    by_channel: dict[str, list[str]] = defaultdict(list)
    for title, body, slug, author in rows.iterator():
        text = text_of(title, body)
        if text not in seen and spoken[author, slug] < MOST_OF_ONE and text.strip():
            seen.add(text)
            spoken[author, slug] += 1
            by_channel[slug].append(text)
    kept = {slug: texts for slug, texts in by_channel.items() if len(texts) >= FEWEST_OF_A_CHANNEL}
    pairs = [(text, slug) for slug in sorted(kept) for text in kept[slug]]
    # By hash: in no order that learning could lean on, and the same one each time.
    pairs.sort(key=lambda pair: blake2b(pair[0].encode("utf-8", "replace")).digest())
    return [text for text, _slug in pairs], [slug for _text, slug in pairs]


def measured(texts: list[str], labels: list[str]) -> dict[str, Any]:
    """Accuracy on a fifth held out, the largest channel's share, and how sure a guess must be."""
    held = [at % HELD_OUT == 0 for at in range(len(texts))]
    learnt = [at for at, out in enumerate(held) if not out]
    others = [at for at, out in enumerate(held) if out]
    model = ChannelClassifier.fit([texts[at] for at in learnt], [labels[at] for at in learnt])
    chances = model.predict_proba([texts[at] for at in others])
    truth = np.array([labels[at] for at in others])
    right = np.array(model.labels)[chances.argmax(axis=1)] == truth
    largest, _count = Counter(labels[at] for at in learnt).most_common(1)[0]
    return {
        "accuracy": round(float(right.mean()), 4),
        "majority": round(float((truth == largest).mean()), 4),
        "sure_from": round(sure_from(chances.max(axis=1), right), 4),
        "held_out": len(others),
    }


def sure_from(chances: np.ndarray, right: np.ndarray) -> float:
    """The lowest chance from which on guesses were right RIGHT_OFTEN; SUREST where none is."""
    order = np.argsort(-chances, kind="stable")
    often = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(often >= RIGHT_OFTEN)
    return float(min(SUREST, chances[order[good[-1]]])) if len(good) else SUREST
