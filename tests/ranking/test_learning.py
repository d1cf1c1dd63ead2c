"""The learnt ranker finds out what readers like, and refuses what teaches nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from feeds.features import COLUMN, FEATURES
from feeds.policy import Policy
from feeds.ranking import learning, plots
from feeds.ranking.forest import Forest, ForestError
from feeds.ranking.learnt import NotOurs, as_parts, from_parts
from feeds.ranking.reasons import WITHOUT, parts_without
from feeds.ranking.table import OBJECTIVES, cleaned

from .synthetic import community

POLICY = Policy()
OPEN = OBJECTIVES.index("open")
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def learn(table, policy=POLICY):
    return learning.learn(table, policy, least=1_000, say=lambda line: None)


def refused(table, policy=POLICY):
    with pytest.raises(learning.Refused) as refusal:
        learn(table, policy)
    return str(refusal.value)


@pytest.fixture(scope="module")
def table():
    return community()


@pytest.fixture(scope="module")
def lesson(table):
    return learn(table)


@pytest.fixture(scope="module")
def models(lesson):
    return from_parts(*as_parts(lesson.forests, lesson.calibrations))


def test_it_orders_later_impressions_better_than_the_formula(lesson):
    opens = lesson.figures["against_formula"]["open"]
    assert opens["gauc_formula"] > 0.5
    assert opens["gain"] > 0.1
    assert opens["gain"] > 5 * opens["standard_error"]
    assert lesson.figures["against_formula"]["acted"]["gain"] > 0.05


def test_it_finds_what_readers_go_by(lesson):
    largest = sorted(lesson.importance, key=lesson.importance.get, reverse=True)
    assert set(largest[:2]) == {"recent", "rate_opens"}
    assert sum(lesson.importance.values()) == pytest.approx(1)


def test_probabilities_are_true_on_impressions_it_never_saw(lesson):
    for name, figures in lesson.figures["objectives"].items():
        assert figures["calibration_error"] < 0.35 * figures["rate"], name
        assert figures["log_loss"] < figures["log_loss_of_rate"], name


def test_an_objective_with_few_examples_is_left_out(lesson):
    assert {"open", "long_read", "like"} <= set(lesson.forests)
    assert not {"collect", "follow"} & set(lesson.forests)


def test_learning_twice_gives_the_same(table, lesson):
    assert learn(table).forests == lesson.forests


def test_the_c_library_says_what_lightgbm_says(table, lesson):
    import lightgbm

    rows = table.features[:500]
    booster = lightgbm.Booster(model_str=lesson.forests["open"])
    expected = booster.predict(rows, raw_score=True)
    assert np.allclose(Forest(lesson.forests["open"]).log_odds(rows), expected)
    assert Forest(lesson.forests["open"]).log_odds(rows[:0]).shape == (0,)


def test_a_value_is_the_expected_engagement(table, models):
    rows = table.features[:50]
    chances = models.probabilities(rows)
    by_hand = chances["open"] + 0.5 * chances["long_read"] + chances["like"]
    if "hide" in chances:
        by_hand -= 4 * chances["hide"]
    assert np.allclose(models.value(rows, POLICY), by_hand)


def test_more_of_what_readers_go_by_moves_a_note_up(models):
    low = np.zeros((1, len(FEATURES)), np.float32)
    low[0, COLUMN["boost"]] = 1
    low[0, COLUMN["rate_opens"]] = 0.15
    high = low.copy()
    high[0, COLUMN["recent"]] = 0.9
    assert models.score(high, POLICY) > 2 * models.score(low, POLICY)


def test_a_receipt_says_what_the_score_loses_without_each_part(table, models):
    rows = table.features[:20]
    parts = parts_without(models, rows, POLICY)
    whole = models.score(rows, POLICY)
    for nth, (_part, neutral) in enumerate(WITHOUT.items()):
        without = rows.copy()
        for name, value in neutral.items():
            without[:, COLUMN[name]] = value
        assert np.allclose(parts[:, nth], whole - models.score(without, POLICY))


# ---------------------------------------------------------------- what teaches nothing
def test_no_impressions(table):
    assert "0 logged impressions, 1000 are needed" in refused(table.of(slice(0, 0)))


def test_too_few_by_the_policy(table):
    with pytest.raises(learning.Refused, match="50000 are needed"):
        learning.learn(table, POLICY)


def test_one_person_and_one_note(table):
    ones = np.ones(len(table), np.int64)
    assert "1 people" in refused(replace(table, people=ones))
    assert "1 notes" in refused(replace(table, notes=ones))


def test_all_the_same(table):
    same = np.repeat(table.features[:1], len(table), axis=0)
    assert "same features" in refused(replace(table, features=same))
    assert "same outcome" in refused(replace(table, labels=np.zeros_like(table.labels)))
    assert "same outcome" in refused(replace(table, labels=np.ones_like(table.labels)))


def test_not_numbers(table):
    features = table.features.copy()
    features[5, 3] = np.nan
    assert "not numbers" in refused(replace(table, features=features))


def test_outcomes_by_chance_are_refused(table):
    labels = table.labels.copy()
    labels[:, OPEN] = np.random.default_rng(1).random(len(table)) < 0.2
    labels[:, OPEN + 1 :] = 0
    reason = refused(replace(table, labels=labels), _strict(POLICY))
    assert "opens" in reason


def test_worse_than_the_formula_is_refused_with_its_figures(table):
    """The first part of the month says the opposite of the last."""
    labels = table.labels.copy()
    late = int(0.85 * len(table))
    labels[late:, OPEN] = 1 - labels[late:, OPEN]
    with pytest.raises(learning.Refused, match="GAUC of opens") as refusal:
        learn(replace(table, labels=labels))
    assert refusal.value.figures["against_formula"]["open"]["gain"] < 0


def test_probabilities_that_are_off_are_refused(table):
    """Readers stop opening in the last days: the order holds, the probabilities do not."""
    labels = table.labels.copy()
    late = int(0.85 * len(table))
    keep = np.random.default_rng(2).random(len(table) - late) < 0.3
    labels[late:] *= keep[:, None].astype(np.uint8)
    assert "calibration error" in refused(replace(table, labels=labels))


def _strict(policy):
    return replace(policy, ranking=replace(policy.ranking, least_gain=0.02))


# ---------------------------------------------------------------- whom to believe
def test_an_account_that_likes_everything_is_not_learnt_from(table):
    bot = table.people == 1
    labels = table.labels.copy()
    labels[bot, OBJECTIVES.index("like")] = 1
    left = cleaned(replace(table, labels=labels), busy=set(), most_per_person=1_000)
    assert (left.machines, left.of_machines) == (1, bot.sum())
    assert 1 not in left.table.people


def test_loud_accounts_are_capped_to_their_newest(table):
    left = cleaned(table, busy=set(), most_per_person=20)
    people, counts = np.unique(left.table.people, return_counts=True)
    assert counts.max() == 20
    assert left.beyond_cap == len(table) - len(left.table)
    one = people[0]
    assert (
        left.table.at[left.table.people == one].min() == np.sort(table.at[table.people == one])[-20]
    )


def test_rows_that_are_no_numbers_and_busy_machines_are_left_out(table):
    features = table.features.copy()
    features[:7, 0] = np.inf
    left = cleaned(replace(table, features=features), busy={3}, most_per_person=10**6)
    assert (left.not_finite, left.machines) == (7, 1)
    assert np.isfinite(left.table.features).all()


def test_poisoned_events_change_little(table):
    """One account floods a tenth of all impressions, opening and liking what nobody else opens."""
    rng = np.random.default_rng(4)
    flood = table.of(np.sort(rng.choice(len(table), len(table) // 10)))
    labels = np.zeros_like(flood.labels)
    labels[:, [OPEN, OBJECTIVES.index("like")]] = 1
    flood = replace(flood, people=np.full(len(flood), 999), labels=labels)
    joined = type(table)(
        *(
            np.concatenate([getattr(table, name), getattr(flood, name)])
            for name in table.__dataclass_fields__
        )
    ).in_order()
    left = cleaned(joined, busy=set(), most_per_person=1_000)
    assert 999 not in left.table.people
    assert learn(left.table).figures["against_formula"]["open"]["gain"] > 0.1


# ---------------------------------------------------------------- artefacts of others
def test_other_features_missing_parts_and_odd_numbers_are_refused(lesson):
    arrays, texts = as_parts(lesson.forests, lesson.calibrations)
    for bad_arrays, bad_texts in (
        (arrays, {}),
        (arrays, texts | {"features": '["interest"]'}),
        (arrays, texts | {"features": "{"}),
        ({}, texts),
        (arrays | {"calibration_open": np.array([np.nan, 0.0])}, texts),
        (arrays, {"features": texts["features"]}),
    ):
        with pytest.raises(NotOurs):
            from_parts(bad_arrays, bad_texts)


def test_a_broken_forest_and_a_wrong_matrix_are_errors_not_crashes(lesson):
    for text in ("", "tree\n", lesson.forests["open"][:500]):
        with pytest.raises(ForestError):
            Forest(text).log_odds(np.zeros((1, len(FEATURES)), np.float32))
    with pytest.raises(ForestError, match="features"):
        Forest(lesson.forests["open"]).log_odds(np.zeros((2, 3), np.float32))


def test_plots_are_svg_without_scripts(lesson):
    drawn = plots.plots_of(lesson.curves, lesson.importance)
    assert {"plot_calibration_open", "plot_importance"} <= set(drawn)
    for text in drawn.values():
        assert text.startswith("<svg")
        assert "<script" not in text
        assert set(re.findall(r"https?://[^\s\"'<)]*", text)) <= NAMESPACES
