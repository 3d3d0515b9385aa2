"""Small Chronos-2 models with random weights, and contexts that are not tidy."""

import pytest
import torch

LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


@pytest.fixture
def random_model():
    """Return a maker of Chronos2Models: 64 steps of context, 32 a pass."""
    chronos2 = pytest.importorskip(
        "chronos.chronos2", reason="run make extras EXTRAS=softgroup"
    )

    def make(layers=2, width=32, attn="sdpa", seed=0, **forecasting):
        torch.manual_seed(seed)
        patches = dict.fromkeys(
            ("input_patch_size", "input_patch_stride", "output_patch_size"), 16
        )
        config = chronos2.Chronos2CoreConfig(
            d_model=width,
            d_kv=8,
            d_ff=2 * width,
            num_layers=layers,
            num_heads=width // 8,
            dropout_rate=0.0,
            initializer_factor=1.0,
            attn_implementation=attn,
            architectures=["Chronos2Model"],
            chronos_pipeline_class="Chronos2Pipeline",
            chronos_config=patches
            | dict(
                context_length=64,
                quantiles=LEVELS,
                use_reg_token=True,
                use_arcsinh=True,
                max_output_patches=2,
                time_encoding_scale=64,
            )
            | forecasting,
        )
        return chronos2.Chronos2Model(config).eval()

    return make


@pytest.fixture
def pipeline(random_model):
    """Return a SoftGroupPipeline of two layers."""
    model = random_model()
    from seqshift.softgroup.pipeline import SoftGroupPipeline

    return SoftGroupPipeline(model)


@pytest.fixture(scope="session")
def contexts() -> torch.Tensor:
    """Return walks (10, 64): one short, one with a gap, one constant, two related."""
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(10, 64, generator=draw).cumsum(1)
    x[1] = 0.5 * x[2] + 0.1 * x[1]
    x[0, :30] = torch.nan
    x[3, 10:20] = torch.nan
    x[5] = 3.0
    return x


@pytest.fixture(scope="session")
def groups() -> torch.Tensor:
    return torch.tensor([0, 0, 1, 1, 1, 2, 3, 4, 5, 5])
