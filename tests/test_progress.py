"""Where a training stands: best weights, patience, losses that end it."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from panel import small_panel
from seqshift import progress
from seqshift.errors import BadInput

TRAINING = {"epochs": 6, "patience": 2, "learning_rate": 0.1}
LOSSES = st.lists(st.floats(0, 1, width=16), min_size=1, max_size=8)


def run(losses) -> progress.Progress:
    """Return the progress after epochs with these validation losses."""
    found = progress.Progress()
    for epoch, loss in enumerate(losses, start=1):
        if found.over(TRAINING):
            break
        found.add(0.5, loss, 0.1, {"w": torch.tensor([float(epoch)])})
    return found


@given(LOSSES)
def test_the_first_of_the_best_epochs_is_kept_with_its_weights(losses):
    found = run(losses)
    seen = losses[: found.epoch]
    fit = found.result()
    assert fit.val_loss == min(seen)
    assert fit.epoch == int(np.argmin(seen)) + 1
    assert fit.state["w"].item() == fit.epoch
    assert fit.history["val_loss"].tolist() == seen


@given(LOSSES)
def test_it_is_over_after_all_epochs_or_when_patience_ends(losses):
    found = run(losses)
    stale = found.epoch - found.best_epoch
    assert found.over(TRAINING) == (found.epoch >= 6 or stale >= 2)


def test_kept_weights_do_not_follow_the_model():
    weight = torch.zeros(2)
    found = progress.Progress()
    found.add(1.0, 1.0, 0.1, {"w": weight})
    weight += 1
    assert found.best["w"].tolist() == [0, 0]


@given(st.lists(st.tuples(st.floats(0, 9), st.integers(1, 50)), min_size=1))
def test_the_mean_loss_weighs_each_row_alike(batches):
    losses, sizes = zip(*batches, strict=True)
    found = progress.mean_loss(torch.tensor(losses), list(sizes), TRAINING, 1)
    assert found == pytest.approx(np.average(losses, weights=sizes), abs=1e-6)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_the_first_batch_whose_loss_is_not_finite_is_named(wrong):
    losses = torch.tensor([1.0, wrong, math.nan])
    with pytest.raises(
        progress.Diverged, match="in epoch 4, batch 2 of 3, .* rate 0.1"
    ):
        progress.mean_loss(losses, [1, 1, 1], TRAINING, 4)


def test_nothing_to_validate_on_is_refused():
    panel = small_panel()
    nothing = dataclasses.replace(panel.val.take(np.arange(0)))
    with pytest.raises(BadInput, match="no window with role val"):
        progress.refuse_empty(panel.train, nothing)
