import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from seqshift.errors import BadInput
from seqshift.softgroup import backbones
from seqshift.softgroup.data import priors
from seqshift.softgroup.pretraining import training
from seqshift.softgroup.quantiles import LEVELS

NANO = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
TINY = {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
SPEC = {"size": NANO | {"initializer_factor": 0.3}, "context": 64, "horizon": 32}
SPEC |= {"patch": 16, "steps": 20, "warmup": 2, "batch_size": 16}
SPEC |= {"learning_rate": 0.004, "weight_decay": 0.01, "device": "cpu"}


@pytest.fixture(scope="module")
def groups():
    return priors.prior_groups(0, 200, 128, 64, 16)


@pytest.fixture(scope="module")
def trained(groups, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return folder, training.train(groups, SPEC, 0, folder)


def test_two_trainings_with_one_seed_give_identical_bytes(trained, groups, tmp_path):
    folder, course = trained
    assert training.train(groups, SPEC, 0, tmp_path) == course
    for name in backbones.FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_seed_gives_other_weights(trained, groups, tmp_path):
    training.train(groups, SPEC, 1, tmp_path)
    here, there = (load_file(f / "model.safetensors") for f in (tmp_path, trained[0]))
    assert any(not np.array_equal(here[name], there[name]) for name in there)


def test_only_both_files_of_a_model_are_left_in_the_folder(trained):
    assert sorted(path.name for path in trained[0].iterdir()) == sorted(backbones.FILES)


def test_the_course_tells_the_loss_of_each_tenth(trained):
    _, course = trained
    assert [row["step"] for row in course["course"]] == list(range(2, 21, 2))
    assert all(row["loss"] > 0 and row["gradient"] > 0 for row in course["course"])
    assert course["seed"] == 0


def test_the_course_is_printed_while_it_trains(groups, tmp_path, capsys):
    training.train(groups, SPEC | {"steps": 10}, 0, tmp_path)
    lines = [line for line in capsys.readouterr().out.splitlines() if "loss" in line]
    assert len(lines) == 10 and lines[-1].startswith("step 10 of 10: loss ")


def test_a_trained_folder_is_loaded_with_its_windows_and_its_weights(trained):
    folder, course = trained
    pipeline = backbones.load(folder)
    assert pipeline.model_context_length == 64
    assert pipeline.model_prediction_length == 32
    weights = dict(pipeline.model.named_parameters())
    assert sum(weight.numel() for weight in weights.values()) == course["parameters"]
    for name, saved in load_file(folder / "model.safetensors").items():
        np.testing.assert_array_equal(weights[name].detach().numpy(), saved)


def test_a_gpu_where_there_is_none_is_one_clear_sentence(groups, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(
        BadInput, match="torch sees no CUDA device here; set its device"
    ):
        training.train(groups, SPEC | {"device": "cuda"}, 0, tmp_path)


def test_the_embedded_size_has_the_published_number_of_parameters():
    from chronos.chronos2 import Chronos2Model

    size = TINY | {"initializer_factor": 0.3}
    for horizon in (48, 96):  # it does not depend on the horizon
        spec = SPEC | {"size": size, "context": 256, "horizon": horizon}
        model = Chronos2Model(training.config(spec))
        assert sum(weight.numel() for weight in model.parameters()) == 47_872
    nano = Chronos2Model(training.config(SPEC | {"context": 256}))
    assert sum(weight.numel() for weight in nano.parameters()) == 13_792


def test_a_backbone_forecasts_the_levels_that_losses_are_taken_at():
    from seqshift.softgroup import pipeline

    config = training.config(SPEC).chronos_config
    assert config["quantiles"] == list(LEVELS) == list(pipeline.QUANTILES)
