"""The sweep over learning rate, dropout and weight decay."""

import dataclasses

import numpy as np
import optuna
import pytest

from panel import small_panel
from seqshift import training, tuning
from seqshift.errors import BadInput

SWEEP = {
    "trials": 3,
    "epochs": 1,
    "seed": 0,
    "learning_rate": [1e-4, 3e-3],
    "dropout": [0.0, 0.3],
    "weight_decay": [1e-4, 1e-1],
}


@pytest.fixture(scope="module")
def panel():
    return small_panel()


@pytest.fixture(scope="module")
def short(panel):
    """Return the train windows of one season: enough to rank trials."""
    return panel.train.take(np.arange(200))


def tune(panel, train, journal=None, key="key", val=None, **changed):
    return tuning.tune(
        train,
        panel.val if val is None else val,
        panel.shape,
        panel.models["mlp"],
        panel.training,
        SWEEP | changed,
        None,
        journal,
        key,
    )


def test_without_trials_the_configured_values_are_kept(panel, short):
    assert tune(panel, short, trials=0) == {
        "learning_rate": 0.01,
        "weight_decay": 0.01,
        "dropout": 0.1,
    }


def test_swept_values_lie_in_their_ranges_and_repeat(panel, short):
    found = tune(panel, short)
    assert found == tune(panel, short)
    assert found.keys() == set(tuning.SWEPT)
    for name, value in found.items():
        low, high = SWEEP[name]
        assert low <= value <= high
    assert found != tune(panel, short, seed=100)


def test_the_least_validation_loss_wins(panel, short, monkeypatch):
    seen = {}

    def fit(train, val, shape, spec, values, seed, *rest):
        assert val is panel.val
        assert seed == tuning.MODEL_SEED
        assert values["epochs"] == SWEEP["epochs"]
        seen[values["learning_rate"]] = loss = abs(values["learning_rate"] - 1e-3)
        return training.Fit({}, None, 1, loss)

    monkeypatch.setattr(training, "fit", fit)
    found = tune(panel, short, trials=12)
    assert len(seen) == 12
    assert found["learning_rate"] == min(seen, key=seen.get)


def test_a_trial_worse_than_the_median_is_pruned(panel, short, monkeypatch):
    ends = []

    def fit(train, val, shape, spec, values, seed, quantiles, resume, key, report):
        ends.append(0)
        for epoch in (1, 2):
            report(epoch, float(len(ends)))
            ends[-1] = epoch
        return training.Fit({}, None, 2, float(len(ends)))

    monkeypatch.setattr(training, "fit", fit)
    tune(panel, short, trials=8, epochs=2)
    assert ends == [2, 2, 2, 2, 2, 0, 0, 0]


def test_an_interrupted_sweep_ends_with_the_same_values(
    panel, short, tmp_path, monkeypatch
):
    whole = tune(panel, short, trials=12)
    counted = []

    def fit(*inputs):
        counted.append(1)
        if len(counted) == 11:
            raise KeyboardInterrupt
        return untouched(*inputs)

    untouched = training.fit
    monkeypatch.setattr(training, "fit", fit)
    with pytest.raises(KeyboardInterrupt):
        tune(panel, short, tmp_path / "journal.log", trials=12)
    assert tune(panel, short, tmp_path / "journal.log", trials=12) == whole
    assert len(counted) == 11 + 2


def test_the_epochs_of_all_trials_are_counted_pruned_ones_too(
    panel, short, tmp_path, monkeypatch
):
    lasted = iter([2, 1, 3])

    def fit(train, val, shape, spec, values, seed, quantiles, resume, key, report):
        for epoch in range(1, next(lasted) + 1):
            report(epoch, 1.0)
        return training.Fit({}, None, 1, 1.0)

    monkeypatch.setattr(training, "fit", fit)
    journal = tmp_path / "journal.log"
    assert tuning.epochs(journal, "key") == 0
    tune(panel, short, journal)
    assert tuning.epochs(journal, "key") == 6


def test_a_diverged_trial_is_left_out(panel, short, monkeypatch):
    counted = []

    def fit(*inputs):
        counted.append(1)
        if len(counted) == 1:
            raise training.Diverged("the loss is nan")
        return untouched(*inputs)

    untouched = training.fit
    monkeypatch.setattr(training, "fit", fit)
    assert tune(panel, short).keys() == set(tuning.SWEPT)
    assert len(counted) == SWEEP["trials"]


def test_a_sweep_that_always_diverges_is_refused(panel, short):
    target = np.full_like(panel.val.target, np.nan)
    broken = dataclasses.replace(panel.val, target=target)
    with pytest.raises(BadInput, match="every trial diverged"):
        tune(panel, short, val=broken, trials=2)


def test_swept_values_are_put_where_they_belong():
    hparams = {"learning_rate": 1.0, "dropout": 2.0, "weight_decay": 3.0}
    spec, values = tuning.merge({"width": 4}, {"clip": 5.0}, hparams | {"other": 6})
    assert spec == {"width": 4, "dropout": 2.0}
    assert values == {"clip": 5.0, "learning_rate": 1.0, "weight_decay": 3.0}


@pytest.fixture(autouse=True)
def quiet():
    """Keep the log of the sweep out of the test report."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
