"""The learning curves."""

import numpy as np

import resulttables
from seqshift.plotting import learning_curves


def history():
    return resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp",), seeds=3
    )["history"]


def test_the_line_is_the_median_of_the_seeds_that_reached_the_epoch():
    frame = history()
    (panel,) = learning_curves.draw({"history": frame}).axes
    median = frame.groupby("epoch")["train_loss"].median()
    assert np.allclose(panel.lines[0].get_ydata(), median)
    assert np.array_equal(panel.lines[0].get_xdata(), median.index)


def test_losses_below_zero_get_a_linear_axis():
    frame = history()
    (panel,) = learning_curves.draw({"history": frame}).axes
    assert panel.get_yscale() == "log"
    frame["val_loss"] -= 1
    (panel,) = learning_curves.draw({"history": frame}).axes
    assert panel.get_yscale() == "linear"
