"""The timeline of quarters."""

import numpy as np

import resulttables
from seqshift.plotting import failure_overlay, style


def tables(seed: float, corr: float) -> dict:
    made = resulttables.make(
        domains=("finance",), modalities=("natural",), models=("mlp",), seeds=2
    )
    scores = made["scores"]
    for column, ratio in (("seed", seed), ("corr", corr)):
        rows = (scores["period"] == "2019Q2") & (scores["column"] == column)
        scores.loc[rows & (scores["model"] == "mlp"), "value"] = np.log(ratio)
    return made


def flags(figure) -> dict[str, list[float]]:
    lines = figure.axes[0].lines
    marks = [line for line in lines if line.get_marker() == "^"]
    return {line.get_markerfacecolor(): list(line.get_xdata()) for line in marks}


def test_a_quarter_is_flagged_in_full_only_if_both_columns_exceed_the_threshold():
    middle = 2019 + 0.25 + 0.125
    found = flags(failure_overlay.draw(tables(seed=4.0, corr=4.0)))
    assert middle in found[style.INK] and middle not in found[style.PAPER]
    found = flags(failure_overlay.draw(tables(seed=4.0, corr=1.0)))
    assert middle in found[style.PAPER] and middle not in found[style.INK]
    found = flags(failure_overlay.draw(tables(seed=1.0, corr=4.0)))
    assert middle not in found[style.PAPER] + found[style.INK]


def test_without_a_tested_threshold_no_quarter_is_flagged():
    made = tables(seed=4.0, corr=4.0)
    assert not flags(failure_overlay.draw({"scores": made["scores"]}))


def test_quarters_of_a_named_slice_are_shaded_and_named():
    figure = failure_overlay.draw(tables(seed=1.0, corr=1.0))
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "crash-test" in labels
    assert figure.axes[0].patches
