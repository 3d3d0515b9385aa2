"""Seeds, random states and the choice of a device."""

import random

import numpy as np
import pytest
import torch

from seqshift import device
from seqshift.errors import BadInput


def draw(generator) -> tuple:
    shuffled = torch.randperm(9, generator=generator).tolist()
    return random.random(), np.random.rand(), torch.rand(1).item(), shuffled


def test_one_seed_fixes_every_random_source():
    first = draw(device.seed_everything(7))
    assert draw(device.seed_everything(7)) == first
    assert draw(device.seed_everything(8)) != first


def test_the_order_of_windows_does_not_depend_on_what_layers_draw():
    generator = device.seed_everything(7)
    torch.rand(100)
    after = torch.randperm(50, generator=generator)
    plain = torch.randperm(50, generator=device.seed_everything(7))
    assert torch.equal(after, plain)


def test_a_stored_random_state_brings_back_every_source(tmp_path):
    generator = device.seed_everything(1)
    random.gauss(0, 1)  # leaves a spare number behind
    state = device.random_state(generator)
    torch.save(state, tmp_path / "state.pt")
    first = (*draw(generator), random.gauss(0, 1))
    loaded = torch.load(tmp_path / "state.pt", weights_only=True)
    other = device.seed_everything(2)
    device.set_random_state(loaded, other)
    assert (*draw(other), random.gauss(0, 1)) == first


@pytest.mark.parametrize("start", [(device.seed_everything, 0), (device.pick, "cpu")])
def test_repeatable_algorithms_are_demanded(start):
    torch.use_deterministic_algorithms(False)
    function, value = start
    function(value)
    assert torch.are_deterministic_algorithms_enabled()


def test_the_thread_count_is_set():
    device.set_threads(1)
    assert torch.get_num_threads() == 1


def test_an_unknown_device_lists_the_choices():
    with pytest.raises(BadInput, match="auto, cpu, cuda"):
        device.pick("tpu")


def test_auto_takes_what_there_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device.pick("auto") == device.pick("cpu") == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device.pick("auto") == device.pick("cuda") == "cuda"
    assert device.pick("cpu") == "cpu"


def test_cuda_without_a_cuda_device_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BadInput, match="no CUDA device"):
        device.pick("cuda")
