"""Training: repeatable, stopped early, and on train windows only."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from panel import small_panel
from seqshift import progress, registry, scaling, splits, storage, training, windows
from seqshift.errors import BadInput
from seqshift.models import mlp
from seqshift.schemas import results


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def fit(panel, kind="mlp", seed=0, train=None, val=None, **values):
    return training.fit(
        panel.train if train is None else train,
        panel.val if val is None else val,
        panel.shape,
        panel.models[kind],
        panel.training | values,
        seed,
        None,
        None,
        "key",
    )


def equal(one: progress.Fit, other: progress.Fit) -> bool:
    same = all(torch.equal(one.state[name], other.state[name]) for name in one.state)
    return same and one.history.equals(other.history)


@pytest.mark.parametrize("kind", ["mlp", "cross-entity"])
def test_two_fits_of_one_seed_agree_in_every_bit(panel, kind):
    first, second = (fit(panel, kind, seed=5, epochs=2) for _ in range(2))
    assert equal(first, second)
    assert not equal(first, fit(panel, kind, seed=6, epochs=2))


def test_the_weights_of_the_best_epoch_are_returned(panel):
    worse = dataclasses.replace(panel.val, target=-panel.val.target)
    found = fit(panel, val=worse, epochs=4, patience=6)
    losses = found.history["val_loss"]
    assert found.val_loss == losses.min()
    assert found.epoch == losses.idxmin() + 1 < 4
    spec = panel.models["mlp"] | {"entity_dropout": 0.1}
    model = registry.load("models", "mlp").Model(panel.shape, spec)
    model.load_state_dict(found.state)
    data = worse.batch()
    with torch.no_grad():
        error = model.eval()(*data.inputs())[..., 0] - data.target
    assert (error**2).mean().item() == pytest.approx(found.val_loss, rel=1e-6)


def test_the_validation_loss_counts_every_window(panel, monkeypatch):
    monkeypatch.setattr(training, "ROWS", 37)  # leaves a last part of another size
    assert len(panel.val) % 37
    parts = fit(panel, epochs=1)
    monkeypatch.setattr(training, "ROWS", len(panel.val))
    assert parts.val_loss == pytest.approx(fit(panel, epochs=1).val_loss, rel=1e-6)


def test_training_stops_when_validation_stays_worse(panel):
    hopeless = dataclasses.replace(panel.val, target=-3 * panel.val.target)
    found = fit(panel, val=hopeless, epochs=30, patience=2, learning_rate=0.01)
    assert len(found.history) == found.epoch + 2 < 30


def test_a_learnable_signal_is_learnt(panel):
    found = fit(panel, epochs=8, learning_rate=0.01)
    naive = float((panel.val.target**2).mean())
    assert found.val_loss < 0.3 * naive


@pytest.mark.parametrize(
    "changed",
    [
        {"clip": 1e-3},
        {"weight_decay": 0.5},
        {"learning_rate": 0.02},
        {"batch_size": 64},
        {"entity_dropout": 0.9},
    ],
)
def test_every_setting_acts(panel, changed):
    assert not equal(fit(panel, epochs=1), fit(panel, epochs=1, **changed))


def test_the_history_satisfies_its_schema(panel, tmp_path):
    found = fit(panel, epochs=2)
    storage.write_csv(found.history, tmp_path / "history.csv", results.HISTORY)
    assert found.history["epoch"].tolist() == [1, 2]


def test_one_line_an_epoch_is_printed(panel, capsys):
    fit(panel, epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 1", "epoch 2"]


def test_a_loss_that_is_not_finite_names_epoch_batch_and_rate(panel):
    target = panel.train.target.copy()
    target[:] = np.nan
    broken = dataclasses.replace(panel.train, target=target)
    pattern = "nan in epoch 1, batch 1 of .* learning rate 0.01; lower"
    with pytest.raises(progress.Diverged, match=pattern):
        fit(panel, train=broken)
    target = panel.val.target.copy()
    target[3] = np.inf
    with pytest.raises(progress.Diverged, match="inf in epoch 1, validation"):
        fit(panel, val=dataclasses.replace(panel.val, target=target))


def test_an_empty_role_is_refused(panel):
    nothing = panel.val.take(np.arange(0))
    with pytest.raises(BadInput, match="no window with role val"):
        fit(panel, val=nothing)
    with pytest.raises(BadInput, match="no window with role train"):
        fit(panel, train=nothing)


def limit(monkeypatch, most: int, error=torch.OutOfMemoryError):
    """Let a batch of more than `most` windows run out of memory."""

    def forward(self, x, *rest):
        if self.training and len(x) > most:
            raise error("DefaultCPUAllocator: not enough memory")
        return untouched(self, x, *rest)

    untouched = mlp.Model.forward
    monkeypatch.setattr(mlp.Model, "forward", forward)


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError, MemoryError])
def test_a_batch_too_large_for_memory_is_answered_with_one_that_fits(
    panel, monkeypatch, error
):
    limit(monkeypatch, 40, error)
    with pytest.raises(BadInput, match="ran out at .*batch_size 128; 32 fits: set"):
        fit(panel)
    assert fit(panel, batch_size=32, epochs=1).epoch == 1


def test_a_model_too_large_for_memory_is_said_to_be_so(panel, monkeypatch):
    limit(monkeypatch, 0)
    with pytest.raises(BadInput, match="not even one window fits"):
        fit(panel)


def test_another_error_while_training_is_not_taken_for_a_lack_of_memory(
    panel, monkeypatch
):
    def forward(self, x, *rest):
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(mlp.Model, "forward", forward)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        fit(panel)


@pytest.mark.parametrize("kind", ["mlp", "lstm", "cross-entity"])
def test_bfloat16_learns_as_well_as_float32(panel, kind):
    exact, rough = (
        fit(panel, kind, precision=name, epochs=6) for name in ("float32", "bfloat16")
    )
    assert all(tensor.dtype == torch.float32 for tensor in rough.state.values())
    assert rough.val_loss != exact.val_loss
    assert rough.val_loss == pytest.approx(exact.val_loss, rel=0.15)


def test_an_unknown_precision_lists_the_choices(panel):
    with pytest.raises(BadInput, match="bfloat16, float32, tf32"):
        fit(panel, precision="float8")


def test_a_compiled_model_is_trained_like_a_plain_one(panel, monkeypatch):
    compiled = []

    def compile(model):
        compiled.append(model)
        return model.__call__

    monkeypatch.setattr(torch, "compile", compile)
    assert equal(fit(panel, epochs=2), fit(panel, epochs=2, compile=True))
    assert len(compiled) == 1


def test_a_model_may_set_its_own_entity_dropout(panel):
    always = panel.models["mlp"] | {"entity_dropout": 1.0}
    one = training.fit(
        panel.train, panel.val, panel.shape, always, panel.training, 0, None, None, ""
    )
    assert not equal(one, fit(panel))
    assert equal(one, fit(panel, entity_dropout=1.0))


def test_quantiles_are_trained_with_their_own_loss(panel):
    levels = [0.1, 0.5, 0.9]
    shape = dataclasses.replace(panel.shape, outputs=3)
    found = training.fit(
        panel.train,
        panel.val,
        shape,
        panel.models["mlp"],
        panel.training,
        0,
        levels,
        None,
        "",
    )
    assert found.val_loss < found.history["train_loss"].iloc[0]


def test_only_train_days_of_seen_entities_are_cut_for_training(panel):
    frame = panel.cut("train")[1]
    assert set(frame["role"]) == {"train"}
    assert set(frame["entity"]) == set(panel.spec["entities"]["seen"])


@given(st.integers(0, 2**16), st.floats(-50, 50).filter(bool))
@settings(max_examples=8, deadline=None)
def test_no_day_outside_the_train_era_reaches_a_training_window(panel, seed, shock):
    later = [role for role in splits.EVALUATED if role != "spatial_test"]
    outside = panel.roles["role"].isin(later)
    noise = np.random.default_rng(seed).normal(shock, 1, outside.sum())
    changed = panel.features.copy()
    for name in ("target_1", "naive_1", "load", "temp", "flag"):
        changed.loc[outside, name] += noise
    scaler = scaling.fit_scaler(changed, panel.roles, panel.spec)
    seen = panel.spec["entities"]["seen"]
    found, frame = windows.cut(
        changed, panel.roles, panel.spec, scaler, seen, ["train"]
    )
    for part in dataclasses.fields(found):
        before = getattr(panel.train, part.name)
        assert np.array_equal(getattr(found, part.name), before)
    pd.testing.assert_frame_equal(frame, panel.cut("train")[1])
