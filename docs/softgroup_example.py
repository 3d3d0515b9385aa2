"""Forecast a data frame with soft group masks.

    python docs/softgroup_example.py --folder path/to/weights
    python docs/softgroup_example.py --hub amazon/chronos-2

Without weights a small model with random weights shows how it works, offline; its
forecasts mean nothing.
"""

import argparse

import numpy as np
import pandas as pd
import torch

from seqshift.softgroup import backbones
from seqshift.softgroup.origins import MixedOriginError
from seqshift.softgroup.pipeline import CHRONOS, SoftGroupPipeline
from seqshift.softgroup.settings import SoftGroups


def demand() -> pd.DataFrame:
    """Return hourly loads of six towns that all end at one hour, one of them new."""
    rng = np.random.default_rng(0)
    hours = pd.date_range("2024-01-01", periods=240, freq="h")
    day = np.sin(2 * np.pi * hours.hour / 24)
    week = np.sin(2 * np.pi * np.arange(240) / 168)
    tables = []
    for number, town in enumerate(["Ash", "Birch", "Cedar", "Elm", "Fir", "Gum"]):
        shape = day if number < 3 else week
        load = 100 + 20 * number + 10 * shape + rng.normal(size=240)
        tables.append(pd.DataFrame({"town": town, "hour": hours, "load": load}))
    tables[2] = tables[2].iloc[192:]  # Cedar has two days of history
    return pd.concat(tables, ignore_index=True)


def random_backbone() -> SoftGroupPipeline:
    """Return an untrained Chronos-2 of 2 layers with 256 steps of context."""
    torch.manual_seed(0)
    forecasting = {
        "context_length": 256,
        "input_patch_size": 16,
        "input_patch_stride": 16,
        "output_patch_size": 16,
        "quantiles": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
        "use_reg_token": True,
        "use_arcsinh": True,
        "max_output_patches": 6,
    }
    config = CHRONOS.chronos2.Chronos2CoreConfig(
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        initializer_factor=1.0,
        chronos_config=forecasting,
    )
    return SoftGroupPipeline(CHRONOS.Chronos2Model(config).eval())


def chosen_backbone() -> SoftGroupPipeline:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", help="folder with config.json, model.safetensors")
    parser.add_argument("--hub", help="repository of the hub, as amazon/chronos-2")
    options = parser.parse_args()
    if options.folder:
        return backbones.load(options.folder)
    if options.hub:
        return backbones.load({"origin": "hub", "name": options.hub})
    print(
        "No weights given: a model with random weights, whose forecasts mean nothing."
    )
    return random_backbone()


def main():
    pipeline, loads = chosen_backbone(), demand()
    columns = dict(id_column="town", timestamp_column="hour", target="load")

    # Each town for itself, as Chronos2Pipeline does.
    alone = pipeline.predict_df(loads, prediction_length=24, **columns)

    # Towns share as much as their histories correlate: weight |r|^beta.
    options = dict(similarity="corr", beta=2, scope="targets")
    soft = pipeline.predict_df(loads, prediction_length=24, **columns, **options)
    print("\nFirst hours of Cedar, shared:")
    cedar = soft.loc[soft["town"] == "Cedar", ["hour", "0.1", "0.5", "0.9"]].head(3)
    print(cedar.to_string(index=False, float_format="%.1f"))

    # Every setting, here the correlation of changes from one day to the next.
    daily = SoftGroups(kind="corr", how="abs", on="seasonal_diff", season=24, beta=2)
    other = pipeline.predict_df(
        loads, prediction_length=24, **columns, similarity=daily
    )
    moved = pd.DataFrame(
        {
            "town": alone["town"],
            "corr": (soft["0.5"] - alone["0.5"]).abs(),
            "corr of daily changes": (other["0.5"] - alone["0.5"]).abs(),
        }
    )
    print("\nMean change of the median against each town alone:")
    print(moved.groupby("town").mean().round(2).to_string())

    # A town that ends later holds hours the others are to forecast: refused.
    try:
        earlier = loads[(loads["town"] != "Gum") | (loads["hour"] < "2024-01-10 12:00")]
        pipeline.predict_df(earlier, prediction_length=24, **columns, **options)
    except MixedOriginError as error:
        print(f"\nRefused: {error}")


if __name__ == "__main__":
    main()
