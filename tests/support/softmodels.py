"""Untrained Chronos-2 models of the smallest sizes."""

import torch


def pipeline(context=64, max_patches=2, width=16, seed=0, attention="sdpa"):
    """Return a SoftGroupPipeline around random weights that do share across rows."""
    from chronos.chronos2.config import Chronos2CoreConfig
    from chronos.chronos2.model import Chronos2Model

    from seqshift.softgroup.pipeline import SoftGroupPipeline

    torch.manual_seed(seed)
    config = Chronos2CoreConfig(
        d_model=width,
        d_kv=8,
        d_ff=2 * width,
        num_layers=2,
        num_heads=2,
        dropout_rate=0.0,
        initializer_factor=1.0,
        attn_implementation=attention,
        chronos_config={
            "context_length": context,
            "input_patch_size": 16,
            "input_patch_stride": 16,
            "output_patch_size": 16,
            "quantiles": [i / 10 for i in range(1, 10)],
            "use_reg_token": True,
            "use_arcsinh": True,
            "max_output_patches": max_patches,
            "time_encoding_scale": context,
        },
    )
    return SoftGroupPipeline(Chronos2Model(config).eval())
