"""Seeds trained together: each as it would be alone."""

import dataclasses

import numpy as np
import pytest
import torch

from panel import SEQUENCE, small_panel
from seqshift import batching, checkpoints, progress, together, training
from seqshift.errors import BadInput

SEEDS = [3, 8]
STILL = {"dropout": 0.0, "entity_dropout": 0.0}  # nothing is drawn while training
KINDS = {
    "mlp": {"kind": "mlp", "widths": [8], "embedding": 2, "dropout": 0.1},
    "transformer": {"kind": "transformer", **SEQUENCE},
    "memory": {"kind": "memory", "slots": 4, **SEQUENCE},
}
TOLERANCE = 1e-4  # of forecasts after two epochs, z-units: rounding, grown


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def fit(panel, spec, seeds=SEEDS, resume=None, key="key", val=None, **values):
    return together.fit(
        panel.train,
        panel.val if val is None else val,
        panel.shape,
        spec,
        panel.training | {"epochs": 2} | values,
        seeds,
        None,
        resume,
        key,
    )


def alone(panel, spec, seed, val=None, **values):
    values = panel.training | {"epochs": 2} | values
    val = panel.val if val is None else val
    rest = (panel.shape, spec, values, seed, None, None, "key")
    return training.fit(panel.train, val, *rest)


def forecasts(panel, spec, found: progress.Fit) -> torch.Tensor:
    model = training.build(panel.shape, spec, panel.training)
    model.load_state_dict(found.state)
    return batching.predict(model, panel.val.batch(), 4096)


@pytest.mark.parametrize("kind", KINDS)
def test_seeds_together_end_as_each_seed_alone(panel, kind):
    spec = KINDS[kind] | STILL
    for seed, found in zip(SEEDS, fit(panel, spec), strict=True):
        expected = alone(panel, spec, seed)
        assert list(found.state) == list(expected.state)
        assert found.epoch == expected.epoch
        np.testing.assert_allclose(found.history, expected.history, rtol=1e-4)
        # Not the weights: those without any effect, such as the bias of the keys,
        # have gradients of pure rounding, which AdamW blows up to whole steps.
        one, other = (forecasts(panel, spec, fit) for fit in (found, expected))
        torch.testing.assert_close(one, other, atol=TOLERANCE, rtol=0)


def test_with_dropout_seeds_together_learn_as_well_as_alone(panel):
    spec = KINDS["mlp"] | {"dropout": 0.2}
    seeds = list(range(8))
    values = {"epochs": 4}
    both = [found.val_loss for found in fit(panel, spec, seeds, **values)]
    each = [alone(panel, spec, seed, **values).val_loss for seed in seeds]
    assert both != each
    error = np.hypot(np.std(both, ddof=1), np.std(each, ddof=1)) / np.sqrt(len(seeds))
    assert abs(np.mean(both) - np.mean(each)) < 3 * error


def test_a_seed_that_stops_early_keeps_its_result_while_others_go_on(panel):
    worse = dataclasses.replace(panel.val, target=panel.val.target - 0.8)
    values = {"epochs": 12, "patience": 2, "learning_rate": 0.05, "val": worse}
    spec, seeds = KINDS["mlp"] | STILL, list(range(5))
    found = fit(panel, spec, seeds, **values)
    lengths = [len(one.history) for one in found]
    assert len(set(lengths)) > 1
    for one in found:
        assert len(one.history) == min(one.epoch + 2, 12)
        assert one.val_loss == one.history["val_loss"].min()


def test_an_interrupted_training_of_seeds_ends_with_the_same_bits(
    panel, tmp_path, monkeypatch
):
    whole = fit(panel, KINDS["mlp"], epochs=3)
    path = tmp_path / "resume.pt"
    saved = checkpoints.save_resume

    def save(*inputs):
        saved(*inputs)
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints, "save_resume", save)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            fit(panel, KINDS["mlp"], resume=path, epochs=3)
    monkeypatch.undo()
    resumed = fit(panel, KINDS["mlp"], resume=path, epochs=3)
    for one, other in zip(resumed, whole, strict=True):
        assert one.history.equals(other.history)
        assert all(torch.equal(one.state[k], v) for k, v in other.state.items())


@pytest.mark.parametrize("kind", ["lstm", "cross-entity"])
def test_kinds_that_cannot_be_stacked_are_refused(panel, kind):
    with pytest.raises(BadInput, match=f"kind {kind} cannot be .*training.together"):
        fit(panel, panel.models[kind])
    with pytest.raises(BadInput, match="kind mlp cannot be .* in bfloat16"):
        fit(panel, KINDS["mlp"], precision="bfloat16")


def test_a_loss_of_one_seed_that_is_not_finite_is_named(panel):
    val = dataclasses.replace(panel.val, target=np.full_like(panel.val.target, np.nan))
    with pytest.raises(progress.Diverged, match="nan in epoch 1, validation"):
        fit(panel, KINDS["mlp"], val=val)


def test_a_batch_too_large_for_memory_is_answered_with_one_that_fits(
    panel, monkeypatch
):
    def stepper(*inputs):
        step = untouched(*inputs)

        def limited(batch):
            if batch.x.shape[1] > 40:
                raise torch.OutOfMemoryError
            return step(batch)

        return limited

    untouched = together._stepper
    monkeypatch.setattr(together, "_stepper", stepper)
    with pytest.raises(BadInput, match="ran out at .*batch_size 128; 32 fits: set"):
        fit(panel, KINDS["mlp"])


def test_the_seconds_of_all_seeds_are_those_of_the_training(panel, monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr(together.time, "perf_counter", lambda: float(next(ticks)))
    worse = dataclasses.replace(panel.val, target=panel.val.target - 0.8)
    values = {"epochs": 12, "patience": 2, "learning_rate": 0.05, "val": worse}
    found = fit(panel, KINDS["mlp"] | STILL, list(range(5)), **values)
    longest = max(len(one.history) for one in found)
    assert sum(one.seconds for one in found) == pytest.approx(longest)
