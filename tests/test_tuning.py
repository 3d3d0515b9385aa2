"""The studies over learning rate, dropout and weight decay, and over width."""

import dataclasses

import numpy as np
import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import TUNING, small_panel
from seqshift import journal, progress, storage, training, tuning
from seqshift.errors import BadInput
from seqshift.schemas.studies import TRIALS, WIDTHS


@pytest.fixture(scope="module")
def panel():
    return small_panel()


@pytest.fixture(scope="module")
def task(panel):
    """Return the task on the train windows of one season: enough to rank trials."""
    short = panel.train.take(np.arange(200))
    spec, values = panel.models["mlp"], panel.training
    return tuning.Task(short, panel.val, panel.shape, spec, values)


@pytest.fixture(autouse=True)
def quiet():
    """Keep the log of the study out of the test report."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)


@pytest.fixture
def tune(task, tmp_path):
    """Return a function that tunes, by default each time with a journal of its own."""
    number = iter(range(100))

    def run(path=None, key="key", task=task, **changed):
        path = path or tmp_path / f"{next(number)}.journal"
        return tuning.tune(task, TUNING | changed, path, key)

    return run


def losses(*values):
    """Return a stand-in for `fit` whose trials have these losses, epoch by epoch."""
    waiting = iter(values)

    def fit(*inputs):
        report, own = inputs[-1], next(waiting)
        for epoch, value in enumerate(own, start=1):
            if value != value:
                raise progress.Diverged("the loss is nan")
            report(epoch, value)
        return progress.Fit({}, None, int(np.argmin(own)) + 1, min(own), 0.0)

    return fit


def test_an_empty_budget_keeps_the_configured_values(task):
    hparams, trials = tuning.configured(task.spec, task.training)
    assert hparams == {"learning_rate": 0.01, "weight_decay": 0.01, "dropout": 0.1}
    assert trials.empty
    storage.validate(trials, TRIALS, "trials")


def test_swept_values_lie_in_their_ranges_and_repeat(tune):
    found, trials = tune()
    again, same = tune()
    assert found == again and trials.equals(same)
    assert found.keys() == set(tuning.SWEPT)
    for name, value in found.items():
        low, high = TUNING[name]
        assert low <= value <= high
    assert found != tune(seed=100)[0]


def test_the_least_validation_loss_wins(tune, task, monkeypatch):
    seen = {}

    def fit(train, val, shape, spec, values, seed, *rest):
        assert val is task.val
        assert seed == tuning.MODEL_SEED
        assert values["epochs"] == values["patience"] == TUNING["epochs"]
        seen[values["learning_rate"]] = loss = abs(values["learning_rate"] - 1e-3)
        rest[-1](1, loss)
        return progress.Fit({}, None, 1, loss, 0.0)

    monkeypatch.setattr(training, "fit", fit)
    found, trials = tune(trials=12)
    assert len(seen) == len(trials) == 12
    assert found["learning_rate"] == min(seen, key=seen.get)
    assert trials["learning_rate"].tolist() == list(seen)
    assert trials["val_loss"].tolist() == list(seen.values())


def test_the_table_tells_how_each_trial_ended_and_what_it_spent(tune, monkeypatch):
    nan = float("nan")
    courses = [[3, 2], [2, 1], [4, 5], [nan], [9], [2, nan]]
    monkeypatch.setattr(training, "fit", losses(*courses))
    found, trials = tune(trials=6, epochs=2, startup=3)
    states = ["complete"] * 3 + ["diverged", "pruned", "diverged"]
    assert trials["state"].tolist() == states
    assert trials["epochs"].tolist() == [2, 2, 2, 1, 1, 2]
    assert trials["pruned_at"].tolist() == [0, 0, 0, 0, 1, 0]
    np.testing.assert_array_equal(trials["val_loss"], [2, 1, 4, nan, 9, 2])
    assert trials["trial"].tolist() == [*range(6)]
    assert found == trials.loc[1, list(tuning.SWEPT)].to_dict()


def test_the_table_survives_its_file(tune, tmp_path, monkeypatch):
    courses = [[float("nan")], [1 / 3]]
    monkeypatch.setattr(training, "fit", losses(*courses))
    trials = tune(trials=2)[1]
    storage.write_csv(trials, tmp_path / "trials.csv", TRIALS)
    read = storage.read_csv(tmp_path / "trials.csv", TRIALS)
    assert read.equals(trials)


def test_a_trial_worse_than_the_median_is_pruned_after_its_warm_up(tune, monkeypatch):
    courses = [[n, n, n] for n in range(1, 9)]
    for warmup, spent in ((0, 1), (1, 2)):
        monkeypatch.setattr(training, "fit", losses(*courses))
        trials = tune(trials=8, epochs=3, warmup=warmup)[1]
        assert trials["epochs"].tolist() == [3] * 5 + [spent] * 3


def test_an_interrupted_study_ends_with_the_same_values(tune, tmp_path, monkeypatch):
    whole, table = tune(trials=12)
    counted = []

    def fit(*inputs):
        counted.append(1)
        if len(counted) in (4, 11):
            raise KeyboardInterrupt
        return untouched(*inputs)

    untouched = training.fit
    monkeypatch.setattr(training, "fit", fit)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            tune(tmp_path / "own.journal", trials=12)
    found, trials = tune(tmp_path / "own.journal", trials=12)
    assert found == whole and trials.equals(table)
    assert len(counted) == 12 + 2


def test_a_study_of_another_key_is_not_mixed_in(tune, tmp_path):
    path = tmp_path / "own.journal"
    tune(path, key="old", trials=5, learning_rate=[0.5, 0.6])
    found, trials = tune(path, key="new")
    expected = tune()
    assert found == expected[0] and trials.equals(expected[1])


def test_a_damaged_journal_loses_the_trials_after_the_damage_only(
    tune, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "own.journal"
    whole, table = tune(path, trials=4)
    lines = path.read_bytes().splitlines(keepends=True)
    cut = len(lines) // 2
    path.write_bytes(b"".join([*lines[:cut], b"\x00\xff{damage\n", *lines[cut:]]))
    counted, untouched = [], training.fit
    monkeypatch.setattr(
        training, "fit", lambda *x: (counted.append(1), untouched(*x))[1]
    )
    found, trials = tune(path, trials=4)
    assert found == whole and trials.equals(table)
    assert 0 < len(counted) < 4
    assert f"is damaged in line {cut + 1}" in capsys.readouterr().out


def test_a_journal_that_contradicts_itself_is_refused_in_one_sentence(tune, tmp_path):
    path = tmp_path / "own.journal"
    tune(path, trials=1)
    with path.open("ab") as file:
        file.write(b'{"op_code": 4, "worker_id": "other"}\n')
    with pytest.raises(BadInput, match=r"own.journal cannot be replayed .*; delete it"):
        tune(path, trials=2)


def test_a_diverged_trial_is_left_out(tune, monkeypatch):
    monkeypatch.setattr(training, "fit", losses([float("nan")], [2.0], [1.0]))
    found, trials = tune()
    assert trials["state"].tolist() == ["diverged", "complete", "complete"]
    assert found["learning_rate"] == trials.loc[2, "learning_rate"]


def test_a_study_that_always_diverges_is_refused(tune, task):
    target = np.full_like(task.val.target, np.nan)
    broken = dataclasses.replace(task, val=dataclasses.replace(task.val, target=target))
    with pytest.raises(BadInput, match="every trial diverged"):
        tune(task=broken, trials=2)


@pytest.mark.parametrize(
    ("changed", "ends"),
    [
        ({}, []),
        ({"learning_rate": 1.1e-4}, ["learning_rate"]),
        ({"dropout": 0.29}, ["dropout"]),
        # 0.005 is 1/20 of the plain range and more than half of the log scale
        ({"weight_decay": 0.005}, []),
        ({"weight_decay": 0.08, "dropout": 0.0}, ["dropout", "weight_decay"]),
    ],
)
def test_a_value_at_an_end_of_its_range_is_named(changed, ends):
    middle = {"learning_rate": 5e-4, "dropout": 0.15, "weight_decay": 3e-3}
    assert tuning.at_edge(middle | changed, TUNING) == ends


def test_a_fixed_value_is_at_no_end():
    fixed = {name: [0.2, 0.2] for name in tuning.SWEPT}
    assert tuning.at_edge(dict.fromkeys(tuning.SWEPT, 0.2), fixed) == []


@given(st.floats(1e-4, 3e-3))
def test_ends_are_judged_on_the_log_scale(rate):
    share = np.log(rate / 1e-4) / np.log(30)
    if min(abs(share - 0.05), abs(share - 0.95)) > 1e-9:
        hparams = {"learning_rate": rate, "dropout": 0.1, "weight_decay": 3e-3}
        at_end = not 0.05 < share < 0.95
        assert tuning.at_edge(hparams, TUNING) == ["learning_rate"] * at_end


def test_the_log_tells_of_a_best_value_at_an_end(tune, monkeypatch, capsys):
    monkeypatch.setattr(tuning, "at_edge", lambda *_: [])
    tune(trials=1)
    assert "at an end" not in capsys.readouterr().out
    monkeypatch.setattr(tuning, "at_edge", lambda *_: ["dropout", "weight_decay"])
    trials = tune(trials=1)[1]
    told = "the best dropout and weight_decay lies at an end of its range"
    assert told in capsys.readouterr().out
    assert trials["at_edge"].tolist() == ["dropout weight_decay"]


def test_swept_values_are_put_where_they_belong():
    hparams = {"learning_rate": 1.0, "dropout": 2.0, "weight_decay": 3.0}
    spec, values = tuning.merge({"width": 4}, {"clip": 5.0}, hparams | {"other": 6})
    assert spec == {"width": 4, "dropout": 2.0}
    assert values == {"clip": 5.0, "learning_rate": 1.0, "weight_decay": 3.0}


def test_each_width_is_trained_once_with_all_else_equal(task, panel, tmp_path):
    spec = panel.models["cross-entity"]
    task = dataclasses.replace(task, spec=spec)
    table = tuning.tune_width(task, [8, 4], TUNING, tmp_path / "w.journal", "key")
    storage.validate(table, WIDTHS, "widths")
    assert table["width"].tolist() == [4, 8]
    assert table["state"].tolist() == ["complete"] * 2
    for row in table.itertuples():
        values = task.training | {"epochs": 1, "patience": 1}
        own = (spec | {"width": row.width}, values, tuning.MODEL_SEED)
        data = (task.train, task.val, task.shape)
        alone = training.fit(*data, *own, None, None, "")
        assert alone.val_loss == row.val_loss
        assert sum(one.numel() for one in alone.state.values()) == row.parameters


def test_a_study_of_widths_goes_on_after_a_kill(task, tmp_path, monkeypatch):
    task = dataclasses.replace(task, spec=small_panel().models["lstm"])
    whole = tuning.tune_width(task, [2, 3, 4], TUNING, tmp_path / "a.journal", "k")
    calls, untouched = [], training.fit

    def fit(*inputs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return untouched(*inputs)

    monkeypatch.setattr(training, "fit", fit)
    path = tmp_path / "b.journal"
    with pytest.raises(KeyboardInterrupt):
        tuning.tune_width(task, [2, 3, 4], TUNING, path, "k")
    assert tuning.tune_width(task, [2, 3, 4], TUNING, path, "k").equals(whole)
    assert len(calls) == 4


def test_a_journal_is_dropped_once(tmp_path):
    path = journal.path_beside(tmp_path / "trials.csv")
    path.touch()
    journal.drop(path)
    journal.drop(path)
    assert not path.exists()
