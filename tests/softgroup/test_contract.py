"""What soft group masks rely on inside chronos-forecasting."""

import hashlib
import inspect
import tomllib
from importlib import metadata
from types import SimpleNamespace

import pytest
import torch

PRIVATE = {
    "Chronos2Encoder._construct_and_invert_group_time_mask": (
        "group_ids attention_mask floating_type"
    ),
    "Chronos2Pipeline._predict_batch": (
        "self context group_ids future_covariates unrolled_quantiles_tensor "
        "prediction_length max_output_patches target_idx_ranges"
    ),
    "Chronos2Pipeline._prepare_inputs_for_long_horizon_unrolling": (
        "self context group_ids future_covariates unrolled_quantiles"
    ),
}
BUILDER = "_construct_and_invert_group_time_mask"
# Unchanged from 2.0.0 to 2.3.2.
BODY = "299d92048370aff03334ec637368cd536cc8f30a261dd17605635d1ac1999588"
ADVICE = (
    "chronos-forecasting has changed. Soft group masks rest on its private methods "
    f"{', '.join(PRIVATE)}: read them again, then softgroup/mask.py and "
    "softgroup/pipeline.py, and only then move the pin and this test."
)


@pytest.fixture
def upstream():
    chronos = pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    return SimpleNamespace(
        Chronos2Encoder=chronos.chronos2.model.Chronos2Encoder,
        Chronos2Pipeline=chronos.Chronos2Pipeline,
    )


def departures(upstream) -> list[str]:
    """Return the private methods that are gone or changed."""
    found = []
    for name, parameters in PRIVATE.items():
        owner, method = name.split(".")
        function = getattr(getattr(upstream, owner), method, None)
        if function is None:
            found.append(f"{name} is gone")
        elif list(inspect.signature(function).parameters) != parameters.split():
            found.append(f"{name} has other parameters")
    builder = vars(upstream.Chronos2Encoder).get(BUILDER)
    if not isinstance(builder, staticmethod):
        found.append(f"{BUILDER} is no static method")
    elif digest(builder) != BODY:
        found.append(f"the body of {BUILDER} is another")
    return found


def digest(builder) -> str:
    return hashlib.sha256(inspect.getsource(builder).encode()).hexdigest()


def test_the_private_methods_are_those_the_masks_were_written_for(upstream):
    found = departures(upstream)
    assert not found, f"{ADVICE}\n{found}"


def test_the_installed_release_is_the_pinned_one(repo):
    upstream = metadata.version("chronos-forecasting")
    project = tomllib.loads((repo / "pyproject.toml").read_text())["project"]
    pins = project["optional-dependencies"]["softgroup"]
    assert f"chronos-forecasting=={upstream}" in pins, ADVICE


def test_another_builder_or_a_renamed_method_would_be_noticed(upstream):
    class Encoder:
        @staticmethod
        def _construct_and_invert_group_time_mask(ids, attention_mask, floating_type):
            return attention_mask

    class Pipeline:
        _predict_batch = upstream.Chronos2Pipeline._predict_batch

    changed = SimpleNamespace(Chronos2Encoder=Encoder, Chronos2Pipeline=Pipeline)
    assert len(departures(changed)) == 3


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_the_builder_gives_zero_or_the_lowest_number(upstream, dtype):
    ids = torch.tensor([0, 0, 1])
    seen = torch.tensor([[0, 1], [1, 1], [1, 1]], dtype=dtype)
    built = getattr(upstream.Chronos2Encoder, BUILDER)(ids, seen, torch.float32)
    assert built.shape == (2, 1, 3, 3) and built.dtype == dtype, ADVICE
    same = ids[:, None] == ids[None, :]
    open_ = same & (seen.T[:, None, None, :] > 0)
    lowest = torch.finfo(dtype).min
    assert torch.equal(built, torch.where(open_, 0.0, lowest).to(dtype)), ADVICE


def test_a_forward_pass_calls_the_builder_of_the_instance_once(random_model, contexts):
    model, calls = random_model(layers=3), []
    original = getattr(model.encoder, BUILDER)

    def spy(*args):
        calls.append(args)
        return original(*args)

    vars(model.encoder)[BUILDER] = spy
    with torch.no_grad():
        model(context=contexts, num_output_patches=1)
    assert len(calls) == 1, ADVICE
    ids, seen, _ = calls[0]
    # 4 patches of context, the [REG] token and 1 patch of the future.
    assert ids.shape == (10,) and seen.shape == (10, 6), ADVICE
