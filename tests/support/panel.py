"""A small panel of four entities with all roles, and tiny models to run on it."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd

from seqshift import scaling, splits, windows

SPEC = {
    "entities": {"seen": ["EAST", "NORTH", "WEST"], "unseen": ["SOUTH"]},
    "features": ["load", "temp", "flag"],
    "own": ["load"],
    "led": ["temp", "flag"],
    "raw": ["flag"],
    "target": {"name": "load", "horizons": [1], "span": 1, "centred": True},
    "window": {"lags": 4},
    "splits": {
        "train": ["2001-01-01", "2002-12-31"],
        "val": ["2003-01-01", "2003-06-30"],
        "test": ["2003-07-01", "2004-12-31"],
        "embargo": 4,
        "block": 20,
        "fraction": 0.1,
        "seed": 0,
        "slices": {
            "heat": {"feature": "temp", "quantile": 0.9},
            "crash": {
                "dates": [["2001-05-01", "2001-05-20"], ["2004-03-01", "2004-03-20"]],
                "hold_out": True,
            },
        },
    },
    "attribution": {
        "steps": 12,
        "control_steps": 6,
        "windows_per_year": 8,
        "min_windows": 3,
        "min_slice_windows": 1,
        "batch_size": 256,
        "variants": [],
    },
}
TRAINING = {
    "epochs": 3,
    "patience": 3,
    "batch_size": 128,
    "learning_rate": 0.01,
    "weight_decay": 0.01,
    "clip": 1.0,
    "entity_dropout": 0.1,
    "device": "cpu",
    "threads": 1,
    "precision": "float32",
    "compile": False,
    "graphs": True,
}
TUNING = {
    "trials": 3,
    "epochs": 1,
    "startup": 5,
    "warmup": 0,
    "workers": 1,
    "seed": 0,
    "learning_rate": [1e-4, 3e-3],
    "dropout": [0.0, 0.3],
    "weight_decay": [1e-4, 1e-1],
}
SEQUENCE = {
    "width": 8,
    "heads": 2,
    "layers": 2,
    "feedforward": 8,
    "embedding": 2,
    "dropout": 0.1,
    "positions": True,
    "calendar": "rows",
}
MODELS = {
    "mlp": {"kind": "mlp", "widths": [8], "embedding": 2, "dropout": 0.1},
    "lstm": {
        "kind": "lstm",
        "width": 4,
        "layers": 2,
        "projection": 0,
        "embedding": 2,
        "dropout": 0.1,
    },
    "cross-entity": {"kind": "cross-entity", "cross_from": 2, **SEQUENCE},
}


@cache
def small_panel() -> SimpleNamespace:
    """Return features, roles, scaler and windows of the panel; not to be changed."""
    features = _features()
    roles = splits.roles(splits.make(features, SPEC), features)
    scaler = scaling.fit_scaler(features, roles, SPEC)
    seen = SPEC["entities"]["seen"]

    def cut(*wanted):
        return windows.cut(features, roles, SPEC, scaler, seen, wanted)

    return SimpleNamespace(
        features=features,
        roles=roles,
        spec=SPEC,
        scaler=scaler,
        cut=cut,
        train=cut("train")[0],
        val=cut("val")[0],
        shape=windows.Shape(4, 3, 4, len(seen) + 1, 1, 1),
        training=TRAINING,
        models=MODELS,
        drift={"seed": 0, "season_days": 15},
    )


def describe(model: str = "mlp", **changed) -> dict:
    """Return the description of a checkpoint of the panel."""
    panel = small_panel()
    return {
        "domain": "energy",
        "modality": "natural",
        "model": model,
        "kind": model,
        "spec": MODELS[model],
        "seed": 3,
        "shape": vars(panel.shape),
        "scaler": panel.scaler,
        "entities": SPEC["entities"]["seen"],
        "quantiles": None,
        "epoch": 2,
        "val_loss": 0.5,
        "hparams": {"learning_rate": 0.01},
    } | changed


def _features() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    days = pd.date_range("2001-01-01", "2004-12-31", unit="ns")
    season = np.cos(2 * np.pi * (days.dayofyear - 200) / 365)
    frames = []
    for number, entity in enumerate(["EAST", "NORTH", "SOUTH", "WEST"]):
        temp = 12 + 9 * season + draw.normal(0, 2, len(days))
        load = (2.0 + number) * (50 + temp + draw.normal(0, 1, len(days)))
        frame = pd.DataFrame({"entity": entity, "date": days})
        frame["step"] = np.arange(len(days))
        frame["target_1"] = load
        frame["naive_1"] = pd.Series(load).shift(1).to_numpy()
        frame["load"], frame["temp"] = load, np.asarray(temp)
        frame["flag"] = (days.dayofweek >= 5).astype(float)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
