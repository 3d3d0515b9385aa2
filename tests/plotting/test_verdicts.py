"""The matrix of verdicts."""

import numpy as np

import resulttables
from seqshift.plotting import style, verdicts


def test_the_legend_counts_the_verdicts_of_the_table():
    tests = resulttables.make(seeds=2)["tests"]
    labels = [
        text.get_text() for text in verdicts.draw({"tests": tests}).legends[0].texts
    ]
    for verdict in style.VERDICTS:
        assert f"{verdict} ({(tests['verdict'] == verdict).sum()})" in labels


def test_a_cell_prints_both_estimates_and_the_verdict_or_the_status():
    tables = resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp",), seeds=2
    )
    tests = tables["tests"].query("metric == 'g_ratio'").reset_index(drop=True)
    ones = {"model": "mlp", "estimate": 1.621, "estimate_seed": 1.944}
    for change, expected in (
        ({"verdict": "fails", "status": "ok"}, "1.62 (1.94)\nfails"),
        ({"verdict": "undecided", "status": "low_n"}, "1.62 (1.94)\nlow n"),
        (
            {"verdict": "fails", "status": "ok", "estimate_seed": np.nan},
            "1.62\nfails",
        ),
    ):
        row = tests.iloc[[0]].assign(**{**ones, **change})
        (panel,) = verdicts.draw({"tests": row}).axes
        assert [text.get_text() for text in panel.texts] == [expected]


def test_baselines_have_rows_only_where_they_were_scored():
    tests = resulttables.make(
        domains=("energy",), models=("mlp", "lstm"), seeds=2,
        baselines=("naive", "ridge"),
    )["tests"]  # fmt: skip
    natural, other = verdicts.draw({"tests": tests}).axes
    rows = [[one.get_text() for one in axes.get_yticklabels()]
            for axes in (natural, other)]  # fmt: skip
    assert rows == [["mlp", "lstm", "ridge", "naive"], ["mlp", "lstm"]]
