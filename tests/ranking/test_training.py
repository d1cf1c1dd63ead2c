"""The whole run: publish what is better, refuse the rest, and serve whatever is sound."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from feeds.features import FEATURES, features
from feeds.policy import Policy
from feeds.rankers import FormulaRanker, LearntRanker, serving
from feeds.ranking import learning, standing, tasks, training
from feeds.ranking.learnt import as_parts
from feeds.ranking.table import Cleaned

from .conftest import with_ranking
from .synthetic import community

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(scope="module")
def examples():
    return Cleaned(community(impressions=8_000, people=100))


@pytest.fixture(scope="module")
def lesson(examples):
    return learning.learn(examples.table, Policy(), least=1_000, say=lambda line: None)


@pytest.fixture
def logged(monkeypatch, examples):
    monkeypatch.setattr(training.dataset, "load", lambda *, now, policy: examples)


@pytest.fixture
def in_force(lesson):
    """A learnt ranker in force, saved as training does."""
    return publish(lesson)


def publish(lesson, *, at=NOW, arrays=None, texts=None):
    own_arrays, own_texts = as_parts(lesson.forests, lesson.calibrations)
    kept = store.save(
        "ranker", arrays=arrays or own_arrays, texts=texts or own_texts, figures={},
        trained_on={}, now=at,
    )  # fmt: skip
    kept = registry.publish(kept, by=None, now=at)
    registry.forget()
    return kept


# ---------------------------------------------------------------- training
def test_a_better_ranker_is_published_with_figures_and_plots(logged):
    outcome = training.train(now=NOW, least=1_000)
    assert outcome.refused == ""
    kept = Artefact.objects.get()
    assert kept.state == "in_force"
    assert "GAUC of opens" in kept.remark
    assert kept.figures["against_formula"]["open"]["gain"] > 0
    assert kept.trained_on["impressions"] == 8_000
    assert {"plot_importance.txt", "plot_calibration_open.txt"} <= set(kept.checksums)
    json.dumps(kept.figures, allow_nan=False)


def test_a_refused_training_leaves_the_old_in_force_and_says_why(in_force, logged):
    outcome = training.train(now=NOW)
    assert "8000 logged impressions, 50000 are needed" in outcome.refused
    refused = Artefact.objects.get(state="refused")
    assert refused.remark == outcome.refused
    assert refused.trained_on["impressions"] == 8_000
    registry.forget()
    assert registry.in_force("ranker").number == in_force.number


def test_training_without_any_data_twice(db):
    for _ in range(2):
        assert "0 logged impressions" in training.train(now=NOW).refused
    assert Artefact.objects.get().state == "refused"


def test_the_clock_trains_when_the_last_is_a_day_old(in_force, monkeypatch):
    calls = []
    outcome = training.Outcome(in_force, {}, {})
    monkeypatch.setattr(training, "train", lambda *, now: calls.append(now) or outcome)
    assert tasks.train_ranker.once() == ""
    Artefact.objects.update(trained_at=NOW - timedelta(hours=21))
    assert tasks.train_ranker.once() == "ranker 1"
    assert len(calls) == 1


def test_a_ranker_taken_back_is_not_trained_again_at_once(in_force):
    registry.roll_back("ranker", by=None, now=NOW)
    assert not training.is_due(now=NOW)


def test_the_command_measures_publishes_and_refuses(logged):
    said = StringIO()
    call_command("train_ranker", "--least", "1000", "--dry-run", stdout=said)
    assert "nothing was kept" in said.getvalue()
    assert not Artefact.objects.exists()
    call_command("train_ranker", "--least", "1000", stdout=said)
    assert "ranker 1 is in force" in said.getvalue()
    with pytest.raises(CommandError, match="50000 are needed"):
        call_command("train_ranker", stdout=said)
    with pytest.raises(CommandError, match="are needed"):
        call_command("train_ranker", "--dry-run", stdout=said)
    assert Artefact.objects.filter(state="refused").count() == 1


# ---------------------------------------------------------------- serving
@pytest.fixture
def request_now(alice, request_of):
    return request_of(alice.pk, now=NOW)


@pytest.fixture
def candidates(candidate):
    made = []
    for pk in range(1, 121):
        facts = {"quality": pk % 7 / 7, "counts": (100.0, pk % 50, 0, 0, 0, 0, 0, 0, 0)}
        made.append(candidate(pk, facts=facts))
    return made


def ids(ranked):
    return [c.note_id for c in ranked]


def test_the_learnt_ranker_orders_by_expected_engagement(in_force, request_now, candidates):
    order = LearntRanker().rank(request_now, candidates)
    assert sorted(ids(order)) == sorted(ids(candidates))
    assert serving(request_now) == "ranker 1"
    models = standing.standing_of(request_now.policy, now=NOW).models
    scores = models.score(features(request_now, order), request_now.policy)
    assert [c.score for c in order] == pytest.approx(scores.tolist())
    assert (np.diff(scores) <= 0).all()
    assert ids(order) != ids(FormulaRanker().rank(request_now, candidates))


def test_its_receipts_tell_what_the_score_would_lose(in_force, request_now, candidates):
    order = LearntRanker().rank(request_now, candidates)
    best = order[0]
    assert best.signals
    assert all(0 < share <= 1 for _code, _about, share in best.signals)
    assert {code for code, _a, _s in best.signals} <= {
        "tag", "recent", "channel", "followed", "author", "popular", "quality", "near", "fresh",
        "small", "pool",
    }  # fmt: skip
    assert order[-1].signals == ()


def falls_back(request, candidates):
    order = LearntRanker().rank(request, candidates)
    return order == FormulaRanker().rank(request, candidates) and serving(request) == "formula"


def reason(request):
    return standing.standing_of(request.policy, now=request.now).reason


def test_without_a_learnt_ranker_the_formula_serves(request_now, candidates):
    assert falls_back(request_now, candidates)
    assert "no learnt ranker" in reason(request_now)


def test_the_policy_may_insist_on_the_formula(in_force, alice, request_of, candidates):
    insists = request_of(alice.pk, now=NOW, policy=with_ranking(Policy(), ranker="formula"))
    assert falls_back(insists, candidates)


def test_an_old_ranker_is_not_used(lesson, request_now, candidates):
    publish(lesson, at=NOW - timedelta(days=31))
    assert falls_back(request_now, candidates)
    assert "older than 30 days" in reason(request_now)


def test_a_ranker_of_other_features_is_not_used(lesson, request_now, candidates):
    _arrays, texts = as_parts(lesson.forests, lesson.calibrations)
    publish(lesson, texts=texts | {"features": json.dumps(FEATURES[1:])})
    assert falls_back(request_now, candidates)
    assert "other features" in reason(request_now)


def test_an_unreadable_forest_is_not_used(lesson, request_now, candidates):
    _arrays, texts = as_parts(lesson.forests, lesson.calibrations)
    publish(lesson, texts=texts | {"forest_open": "tree\nversion=v4\n"})
    assert falls_back(request_now, candidates)
    assert "ranker 1: " in reason(request_now)


def test_a_corrupt_ranker_is_refused_and_the_one_before_serves(
    in_force, lesson, request_now, candidates
):
    two = publish(lesson, at=NOW + timedelta(minutes=1))
    path = store.folder_of_models() / two.folder / "forest_open.txt"
    path.write_text(path.read_text().replace("0.1", "0.2", 1))
    registry.forget()
    LearntRanker().rank(request_now, candidates)
    assert serving(request_now) == "ranker 1"
    two.refresh_from_db()
    assert two.state == "refused"


def test_predictions_that_are_no_numbers_end_a_ranker_and_are_told_once(
    in_force, request_now, candidates, monkeypatch, caplog
):
    def broken(self, matrix, policy):
        return np.full(len(matrix), np.nan)

    monkeypatch.setattr("feeds.ranking.learnt.LearntModels.score", broken)
    monkeypatch.setattr(standing, "_last_told", "")
    with caplog.at_level("INFO", logger="feeds.ranking.standing"):
        for _ in range(3):
            assert LearntRanker().rank(request_now, candidates) == FormulaRanker().rank(
                request_now, candidates
            )
    assert serving(request_now) == "formula"
    told = [line for line in caplog.messages if "not numbers" in line]
    assert len(told) == 1
    registry.forget()  # another process learns of it
    assert "not numbers" in reason(request_now)


def test_staff_see_which_ranker_serves_and_why(lesson, make_person, client, alice, request_of):
    keeper = make_person("keeper")
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    client.force_login(keeper, backend="accounts.backends.PersonBackend")
    url = "/admin/ranking/rankedlist/"
    assert "no learnt ranker is in force" in client.get(url).content.decode()
    publish(lesson)
    assert "ranked by ranker 1" in client.get(url).content.decode()


def test_serving_does_not_import_the_training_library(in_force, tmp_path):
    """A web process that ranks stays small."""
    import subprocess
    import sys

    code = (
        "import sys, numpy as np\n"
        "import feeds.rankers\n"
        "from feeds.ranking.forest import Forest\n"
        f"text = open({str(store.folder_of_models() / in_force.folder / 'forest_open.txt')!r})\n"
        f"Forest(text.read()).log_odds(np.zeros((1, {len(FEATURES)}), np.float32))\n"
        "print(sorted({'lightgbm', 'sklearn', 'scipy', 'pygal'} & set(sys.modules)))\n"
    )
    setup = "import os, django; os.environ['ROCKPOOL_ENV'] = 'test'\n"
    setup += "os.environ['DJANGO_SETTINGS_MODULE'] = 'community.settings'; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
