"""The trade of variety is measured on what the re-ranker does, and drawn."""

import numpy as np

from feeds.evaluation import diversity
from feeds.evaluation.table import table_of, trade_plot


def test_variety_cuts_likeness_and_the_plot_shows_it(tmp_path):
    dice = np.random.default_rng(2)
    tags = [dice.choice(4, 2, replace=False) + 4 * (item // 20) for item in range(100)]
    (tmp_path / "item-tag.dat").write_text("\n".join(f"2 {a} {b}" for a, b in tags))
    pairs = [f"{person},{item}" for person in range(40) for item in range(100)
             if dice.random() < (0.5 if item // 20 == person % 5 else 0.1)]  # fmt: skip
    (tmp_path / "train.csv").write_text("\n".join(["uid,iid", *pairs]))
    report = diversity.run(tmp_path, say=lambda text: None)
    assert report.figures["likeness"] < report.figures["plain_likeness"]
    assert 0 < report.figures["ndcg_kept"] <= 1
    assert "| diversity |" in table_of([report])
    drawn = trade_plot(report)
    assert drawn.startswith("<svg")
    assert "default" in drawn
    assert "<script" not in drawn
