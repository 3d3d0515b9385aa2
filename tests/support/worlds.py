"""A small daily domain, for tests of splits, windows and everything after them."""

import numpy as np
import pandas as pd


def small_spec() -> dict:
    """Return a small daily domain: three seen entities, one unseen."""
    return {
        "kind": "energy",
        "entities": {"seen": ["AA", "BB", "CC"], "unseen": ["DD"]},
        "features": ["load", "temp_mean", "is_holiday"],
        "own": ["load"],
        "led": ["temp_mean", "is_holiday"],
        "raw": ["is_holiday"],
        "mixing": "season",
        "min_train_days": 400,
        "target": {
            "name": "load",
            "horizons": [1],
            "span": 1,
            "centred": True,
        },
        "window": {"lags": 14},
        "splits": {
            "train": ["2001-01-01", "2003-12-31"],
            "val": ["2004-01-01", "2004-12-31"],
            "test": ["2005-01-01", "2006-12-31"],
            "embargo": 14,
            "block": 28,
            "fraction": 0.1,
            "year": 365,
            "seed": 0,
            "slices": {"heat": {"feature": "temp_mean", "quantile": 0.98}},
        },
    }


def small_features() -> pd.DataFrame:
    """Return a FEATURES table of four entities over six years of days."""
    days = pd.date_range("2001-01-01", "2006-12-31", unit="ns")
    draw = np.random.default_rng(0)
    frames = []
    for place, entity in enumerate(("AA", "BB", "CC", "DD")):
        load = 100.0 * (place + 1) + draw.normal(size=len(days)).cumsum()
        frames.append(
            pd.DataFrame(
                {
                    "entity": entity,
                    "date": days,
                    "step": np.arange(len(days), dtype=np.int64),
                    "target_1": load,
                    "naive_1": pd.Series(load).shift(7).to_numpy(),
                    "load": load,
                    "temp_mean": 15 + 10 * draw.normal(size=len(days)),
                    "is_holiday": (draw.random(len(days)) < 0.03).astype(float),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
