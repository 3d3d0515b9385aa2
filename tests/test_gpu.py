"""What differs on a GPU; skipped where there is none."""

import dataclasses

import numpy as np
import pytest
import torch

from panel import MODELS, SEQUENCE, small_panel
from seqshift import attribution, batching, device, registry, together, training

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")

EVERY = {
    **MODELS,
    "transformer": {"kind": "transformer", **SEQUENCE},
    "memory": {"kind": "memory", "slots": 4, **SEQUENCE},
}
STILL = {"dropout": 0.0, "entity_dropout": 0.0}


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def fit(panel, kind, where="cuda", resume=None, hook=None, **values):
    values = panel.training | {"device": where} | values
    rest = (panel.shape, EVERY[kind] | STILL, values, 4, None, resume, "key", hook)
    return training.fit(panel.train, panel.val, *rest)


@pytest.mark.parametrize("kind", EVERY)
def test_a_gpu_trains_as_the_cpu_does(panel, kind):
    ours, theirs = fit(panel, kind), fit(panel, kind, "cpu")
    np.testing.assert_allclose(ours.history, theirs.history, rtol=1e-3)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("precision", ["tf32", "bfloat16"])
def test_less_precision_learns_as_well(panel, kind, precision):
    exact, rough = (fit(panel, kind, precision=p) for p in ("float32", precision))
    assert rough.val_loss == pytest.approx(exact.val_loss, rel=0.15)


@pytest.mark.parametrize("kind", EVERY)
def test_two_trainings_on_a_gpu_agree(panel, kind):
    one, two = fit(panel, kind), fit(panel, kind)
    assert all(torch.equal(one.state[name], two.state[name]) for name in one.state)


@pytest.mark.parametrize("kind", EVERY)
def test_a_killed_training_on_a_gpu_ends_as_an_undisturbed_one(panel, tmp_path, kind):
    class Killed(Exception):
        pass

    def kill(epoch, val_loss):
        raise Killed

    path = tmp_path / "resume.pt"
    with pytest.raises(Killed):
        fit(panel, kind, resume=path, hook=kill)
    one, two = fit(panel, kind, resume=path), fit(panel, kind)
    assert all(torch.equal(one.state[name], two.state[name]) for name in one.state)


@pytest.mark.parametrize("kind", EVERY)
def test_replayed_steps_are_those_launched_one_by_one(panel, kind):
    one, two = fit(panel, kind), fit(panel, kind, graphs=False)
    np.testing.assert_allclose(one.history, two.history, rtol=1e-5)


def test_dropout_differs_from_replay_to_replay_and_from_seed_to_seed(panel):
    values = panel.training | {"device": "cuda", "epochs": 4}
    spec = EVERY["mlp"] | {"dropout": 0.5}
    rest = (panel.shape, spec, values)

    def losses(seed, **changed):
        own = (*rest[:2], values | changed)
        found = training.fit(panel.train, panel.val, *own, seed, None, None, "")
        return found.history["train_loss"].to_numpy()

    np.testing.assert_allclose(losses(1), losses(1, graphs=False), rtol=1e-4)
    assert not np.allclose(losses(1), losses(2), rtol=1e-3)


def test_quantiles_can_be_part_of_a_recording(panel):
    shape = dataclasses.replace(panel.shape, outputs=3)
    values = panel.training | {"device": "cuda"}
    rest = (shape, EVERY["mlp"], values, 4, [0.1, 0.5, 0.9], None, "")
    assert training.fit(panel.train, panel.val, *rest).val_loss < 0.5


@pytest.mark.parametrize("kind", ["mlp", "transformer", "memory"])
def test_seeds_together_on_a_gpu_end_as_each_seed_alone(panel, kind):
    values = panel.training | {"device": "cuda"}
    rest = (panel.shape, EVERY[kind] | STILL, values)
    found = together.fit(panel.train, panel.val, *rest, [4, 5], None, None, "key")
    np.testing.assert_allclose(found[0].history, fit(panel, kind).history, rtol=1e-3)


@pytest.mark.parametrize("kind", EVERY)
def test_attributions_of_a_gpu_are_complete(panel, kind):
    where = device.pick("cuda")
    spec = EVERY[kind] | STILL
    torch.manual_seed(0)
    model = registry.load("models", kind).Model(panel.shape, spec)
    data = panel.cut("id_test")[0]
    meta = {
        "model": kind, "domain": "energy", "modality": "natural", "seed": 0,
        "kind": kind, "scaler": panel.scaler, "quantiles": None,
        "entities": panel.spec["entities"]["seen"],
        "shape": dataclasses.asdict(panel.shape),
    }  # fmt: skip
    found = {}
    for name in ("cpu", where):
        one = model.to(name).eval()
        found[name] = attribution.attribute(
            one, meta, panel.features, panel.roles, panel.spec, panel.drift
        )
        predicted = batching.predict(one, data.batch(device=name), 4096).cpu()
        found[name, "forecast"] = predicted
    torch.testing.assert_close(
        found["cpu", "forecast"], found[where, "forecast"], atol=1e-5, rtol=1e-4
    )
    for name in found["cpu"].data_vars:
        one, two = found["cpu"][name], found[where][name]
        if one.dtype.kind == "f":
            np.testing.assert_allclose(one, two, atol=1e-5, rtol=1e-3)
