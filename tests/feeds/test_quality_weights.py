"""Weights learnt from what readers did: when they are taken, when they are refused."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from community.artefacts import registry
from community.artefacts.models import Artefact
from community.models import Note
from community.outbox.models import Job
from community.text.quality import WEIGHTS
from feeds import policies
from feeds.models import NoteHour, QualityVerdict
from feeds.policy import Policy
from feeds.quality import standard, tasks, trainer
from feeds.quality.learning import LEAST_GAIN, NotLearnt, fit, learn, rank_correlation
from feeds.quality.weights import KEPT, KIND, checked, weights_in_force

NAMES = tuple(WEIGHTS)
DEFAULT = np.array([WEIGHTS[name] for name in NAMES])
FEW = {"least_notes": 100, "prior_notes": 100}


def scores_of(notes: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(notes, len(NAMES)))


def rates_by(truth: dict[str, float], scores: np.ndarray, noise: float = 0.05) -> np.ndarray:
    weights = np.array([truth.get(name, 0.0) for name in NAMES])
    return scores @ weights + noise * np.random.default_rng(9).normal(size=len(scores)) + 1


# ---------------------------------------------------------------- the arithmetic
def test_what_readers_act_on_gains_weight():
    scores = scores_of(1000)
    learnt = learn(scores, rates_by({"sharpness": 1.0, "place": 0.5}, scores), DEFAULT, **FEW)
    weights = dict(zip(NAMES, learnt.weights, strict=True))
    assert max(weights, key=weights.get) == "sharpness"
    assert weights["place"] > WEIGHTS["place"]
    assert learnt.correlation > learnt.default_correlation + LEAST_GAIN
    assert learnt.weights.sum() == pytest.approx(1)


def test_few_notes_move_weights_less_than_many():
    def moved(notes):
        scores = scores_of(notes)
        fitted = fit(scores, rates_by({"sharpness": 1.0}, scores), DEFAULT, prior_notes=300)
        return np.abs(fitted - DEFAULT).sum()

    assert moved(50) < moved(300) < moved(3000)


SCORES = scores_of(200)


@pytest.mark.parametrize(
    ("scores", "rates", "why"),
    [
        (SCORES[:0], np.ones(0), "0 notes have enough readers"),
        (SCORES[:1], np.ones(1), "1 notes have enough readers"),
        (SCORES, np.ones(200), "alike"),
        (SCORES, np.full(200, np.nan), "no numbers"),
        (np.where(SCORES > 0.99, np.inf, SCORES), SCORES[:, 0], "no numbers"),
        (np.ones_like(SCORES), SCORES[:, 0], "not ordered better"),
        (SCORES, np.random.default_rng(3).uniform(size=200), "not ordered better"),
        (SCORES, SCORES @ DEFAULT, "not ordered better"),
        (SCORES, -(SCORES @ DEFAULT), "not ordered better"),
    ],
    ids=["nothing", "one", "same", "nan", "infinite", "alike", "chance", "no gain", "upside down"],
)
def test_what_teaches_nothing_is_refused_with_its_reason(scores, rates, why):
    with pytest.raises(NotLearnt, match=why):
        learn(scores, rates, DEFAULT, **FEW)


@given(st.integers(2, 60), st.integers(0, 10**6), st.floats(1, 1e4))
def test_whatever_readers_did_weights_are_shares(notes, seed, prior):
    chance = np.random.default_rng(seed)
    scores = chance.choice([0.0, 0.5, 1.0], size=(notes, len(NAMES)))
    fitted = fit(scores, chance.exponential(size=notes) ** 8, DEFAULT, prior_notes=prior)
    assert np.isfinite(fitted).all()
    assert (fitted >= 0).all()
    assert fitted.sum() == pytest.approx(1)


def test_rank_correlation_knows_what_does_not_vary():
    line = np.arange(5.0)
    assert rank_correlation(line, line**3) == pytest.approx(1)
    assert rank_correlation(line, -line) == pytest.approx(-1)
    assert rank_correlation(line, np.ones(5)) == 0


any_weight = st.floats(0, 1e6) | st.sampled_from([float("nan"), float("inf"), -1.0])


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, any_weight)))
def test_spam_and_originality_never_lose_weight(weights):
    in_use = checked(weights)
    assert sum(in_use.values()) == pytest.approx(1)
    assert all(weight >= 0 for weight in in_use.values())
    assert all(in_use[name] >= WEIGHTS[name] - 1e-12 for name in KEPT)


# ---------------------------------------------------------------- with rows
@pytest.fixture
def read_notes(make_person, channel):
    """Notes with verdicts, met by readers who act by their sharpness alone."""

    def make(number: int, *, authors: int = 40, impressions: int = 200) -> None:
        people = [make_person(f"author{n}") for n in range(authors)]
        now, scores = timezone.now(), scores_of(number, seed=5)
        notes = Note.objects.bulk_create(
            Note(
                author=people[n % authors], title=f"Note {n}", channel=channel, state="published",
                created_at=now, published_at=now - timedelta(hours=number - n),
            )
            for n in range(number)
        )  # fmt: skip
        QualityVerdict.objects.bulk_create(
            QualityVerdict(
                note=note, score=0.5, passes=True, judged_at=now,
                dimensions=[
                    {"name": name, "score": round(float(score), 3), "code": "title_good"}
                    for name, score in zip(NAMES, row, strict=True)
                ],
            )
            for note, row in zip(notes, scores, strict=True)
        )  # fmt: skip
        NoteHour.objects.bulk_create(
            NoteHour(
                note=note, hour=now.replace(minute=0, second=0, microsecond=0),
                impressions=impressions,
                likes=round(impressions * 0.3 * row[NAMES.index("sharpness")]),
            )
            for note, row in zip(notes, scores, strict=True)
        )  # fmt: skip

    return make


def test_a_community_learns_its_own_weights_and_judges_by_them(read_notes, work_off):
    read_notes(400)
    tasks.follow_standard.once()
    note = QualityVerdict.objects.latest("score")
    call_command("learn_quality")
    registry.forget()
    standard.follow(now=timezone.now())
    number, weights = weights_in_force()
    assert (number, Artefact.objects.get(kind=KIND).state) == (1, Artefact.State.IN_FORCE)
    assert weights["sharpness"] > 2 * WEIGHTS["sharpness"]
    assert weights["spam"] >= WEIGHTS["spam"]
    Job.objects.update(run_at=timezone.now())
    work_off()
    note.refresh_from_db()
    kept = {d["name"]: d["score"] for d in note.dimensions}
    assert note.score == pytest.approx(sum(weights[n] * kept[n] for n in NAMES), abs=0.001)
    assert not standard.follow(now=timezone.now())


@pytest.mark.parametrize(
    "made",
    [
        {"number": 20},
        {"number": 400, "impressions": 5},
        {"number": 400, "authors": 2},
    ],
    ids=["too few notes", "too few readers", "two authors"],
)
def test_what_is_in_force_stays_where_there_is_too_little(read_notes, made, capsys):
    read_notes(**made)
    call_command("learn_quality")
    assert "The weights stay as they are." in capsys.readouterr().out
    assert weights_in_force() == (0, WEIGHTS)
    assert Artefact.objects.get(kind=KIND).state == Artefact.State.REFUSED
    tasks.learn_weights.once()
    assert Artefact.objects.count() == 1


def test_taking_a_version_back_takes_its_verdicts_back(read_notes, work_off):
    read_notes(400)
    trainer.learn(now=timezone.now())
    standard.follow(now=timezone.now())
    registry.roll_back(KIND, by=None, remark="test", now=timezone.now())
    registry.forget()
    assert weights_in_force() == (0, WEIGHTS)
    assert standard.follow(now=timezone.now())


def test_a_corrupt_version_is_refused_and_the_built_in_weights_hold(read_notes, settings):
    read_notes(400)
    version = trainer.learn(now=timezone.now())
    assert version.state == Artefact.State.IN_FORCE
    from community.artefacts.store import folder_of_models

    for file in (folder_of_models() / version.folder).glob("*.npy"):
        file.write_bytes(b"rubbish")
    registry.forget()
    assert weights_in_force() == (0, WEIGHTS)


def test_the_policy_says_how_much_is_enough(read_notes):
    values = Policy().to_dict()
    values["quality"] |= {"learn_notes": 50, "prior_notes": 10}
    policies.publish(values=values, by=None)
    policies.forget()
    read_notes(100)
    assert trainer.learn(now=timezone.now()).state == Artefact.State.IN_FORCE
