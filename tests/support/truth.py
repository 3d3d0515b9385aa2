"""One model trained on a simulated world whose truth is known, scored and explained."""

from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
import pandas as pd

from seqshift import (
    attribution,
    dataset,
    forecasting,
    registry,
    scaling,
    splits,
    training,
)
from seqshift.drift import axes
from seqshift.drift.evidence import evidence
from seqshift.drift.explained import read
from seqshift.drift.ranks import ranks
from seqshift.metrics.score import score
from seqshift.statistics import controls
from trialtables import RULES

ENTITIES = [f"E{number}" for number in range(8)]
WORLD = {
    "seed": 11,
    "entities": ENTITIES,
    "start": "2003-01-01",
    "train_years": 8,
    "val_years": 2,
    "test_years": 4,
    "strength": 1.0,
    "trend": False,
}
MARKET = {
    "crises": [{"start": "2009-01-05", "days": 60}, {"start": "2014-03-03", "days": 50}]
}
GRID = {
    "timezone": "America/New_York",
    "states": dict(zip(ENTITIES, "NY GA NJ OH VA PA IN MI".split(), strict=True)),
}
CRASH = [["2009-01-05", "2009-03-31"], ["2014-03-03", "2014-05-12"]]
ERAS = {
    "train": ["2003-01-01", "2010-12-31"],
    "val": ["2011-01-01", "2012-12-31"],
    "test": ["2013-01-01", "2016-12-31"],
    "embargo": 14,
    "fraction": 0.1,
    "seed": 0,
}
MODEL = {
    "kind": "mlp",
    "widths": [96, 48],
    "embedding": 16,
    "dropout": 0.1,
    "entity_dropout": 0.1,
}
TRAINING = {
    "epochs": 6,
    "patience": 6,
    "batch_size": 256,
    "learning_rate": 1e-3,
    "weight_decay": 1e-2,
    "clip": 1.0,
    "entity_dropout": 0.1,
    "device": "cpu",
    "threads": 1,
    "precision": "float32",
    "compile": False,
    "graphs": False,
}
DRIFT = {
    "permutations": 199,
    "seed": 0,
    "season_days": 15,
    "min_mass": 0.01,
    "max_gap": 1e-3,
}
STATISTICS = {"resamples": 20, "seed": 0, "min_windows": 20}


@dataclass(frozen=True)
class Outcome:
    """Mean ratios over entities, and the drift of the temporal axis by entity."""

    ratios: dict
    drift: pd.DataFrame

    @property
    def mean_drift(self) -> float:
        return float(self.drift["drift"].mean())

    @property
    def rejected(self) -> float:
        return float((self.drift["p"] < 0.05).mean())


@cache
def trained(kind: str, shift: str) -> tuple:
    """Train one MLP on a world: the model, its meta, features, roles and spec."""
    extra = MARKET if kind == "market" else GRID
    made = registry.load("simulate", kind).make(
        WORLD | extra | {"kind": kind, "shift": shift}
    )
    features, spec = (market if kind == "market" else grid)(made)
    roles = splits.roles(splits.make(features, spec), features)
    scaler = scaling.fit_scaler(features, roles, spec)
    data = dataset.Dataset(features, roles, scaler, spec)
    fit = training.fit(
        data.windows("train"), data.windows("val"), data.shape, MODEL, TRAINING,
        0, None, None, "",
    )  # fmt: skip
    model = registry.load("models", "mlp").Model(data.shape, MODEL)
    model.load_state_dict(fit.state)
    model.eval()
    meta = {"domain": kind, "modality": "natural", "model": "mlp", "seed": 0}
    meta |= {"scaler": scaler, "entities": ENTITIES, "quantiles": None}
    meta |= {"kind": "mlp", "spec": MODEL, "shape": asdict(data.shape)}
    return model, meta, features, roles, spec


@cache
def outcome(kind: str, shift: str) -> Outcome:
    """Return what the metrics say of the model of a world."""
    model, meta, features, roles, spec = trained(kind, shift)
    table = forecasting.forecast(model, meta, features, roles, spec)
    scores, _ = score(table, spec, STATISTICS)
    explained = attribution.attribute(model, meta, features, roles, spec, DRIFT)
    measured = axes.measure(read(explained), DRIFT)
    temporal = measured[
        (measured["axis"] == "temporal") & (measured["variant"] == "ig")
    ]
    return Outcome(ratios(scores), temporal)


@cache
def trial(kind: str, shift: str) -> pd.DataFrame:
    """Return the controls of the model of a world, by name."""
    model, meta, features, roles, spec = trained(kind, shift)
    variants = ["untrained", "pooled", "within", "shift-0.5", "shift-1", "shift-2"]
    rule = spec["attribution"] | {"variants": variants}
    spec = spec | {"attribution": rule}
    run = read(attribution.attribute(model, meta, features, roles, spec, DRIFT))
    tables = evidence(run, DRIFT), axes.measure(run, DRIFT), ranks(run)
    return controls.judge(*tables, RULES).set_index("control")


def ratios(scores: pd.DataFrame) -> dict:
    """Return the temporal metrics of the whole test era, as ratios where they are."""
    whole = scores[(scores["axis"] == "temporal") & (scores["period"] == "")]
    means = whole.groupby(["metric", "column"])["value"].mean()
    return {
        "seed": float(np.exp(means["g_ratio", "seed"])),
        "corr": float(np.exp(means["g_ratio", "corr"])),
        "norm": float(np.exp(means["g_norm", "info"])),
        "skill_test": float(means["skill_test", "info"]),
    }


def table(columns: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return FEATURES from wide days x entity tables, sorted by entity and day."""
    frame = pd.DataFrame({name: wide.stack() for name, wide in columns.items()})
    frame.index.names = ["date", "entity"]
    frame = frame.reset_index()
    frame["entity"] = frame["entity"].astype(str)
    days = np.unique(frame["date"])
    frame["step"] = np.searchsorted(days, frame["date"])
    frame = frame.sort_values(["entity", "date"], ignore_index=True)
    names = [name for name in columns if not name.startswith(("target", "naive"))]
    return frame.dropna(subset=names, ignore_index=True)


def spread(values: pd.Series, like: pd.DataFrame) -> pd.DataFrame:
    """Return a series repeated for each entity."""
    return pd.DataFrame({name: values for name in like})


def market(world) -> tuple[pd.DataFrame, dict]:
    returns = world.returns
    variance = (returns**2).ewm(alpha=0.06, adjust=False).mean()
    features = table(
        {
            "target_1": returns,
            "naive_1": returns * 0,
            "log_return": returns,
            "volatility": np.sqrt(variance),
            "vix": spread(world.vix, returns),
        }
    )
    target = {"name": "log_return", "horizons": [1], "span": 1, "centred": False}
    slices = {"crash": {"dates": CRASH, "hold_out": True}}
    return features, domain(
        ["log_return", "volatility", "vix"], ["log_return"], [], [], target,
        {"block": 40, "year": 252, "slices": slices}, 50,
    )  # fmt: skip


def grid(world) -> tuple[pd.DataFrame, dict]:
    load, temp = world.load, world.temp_mean
    features = table(
        {
            "target_1": load,
            "naive_1": load.shift(7),
            "load": load,
            "cdd": (temp - 18.333).clip(lower=0),
            "hdd": (18.333 - temp).clip(lower=0),
            "temp_mean": temp,
            "temp_max": world.temp_max,
            "is_holiday": spread(world.holiday.astype(float), load),
        }
    )
    names = ["load", "cdd", "hdd", "temp_mean", "temp_max", "is_holiday"]
    target = {"name": "load", "horizons": [1], "span": 1, "centred": True}
    slices = {"heat": {"feature": "temp_mean", "quantile": 0.98}}
    return features, domain(
        names, ["load"], names[1:], ["is_holiday"], target,
        {"block": 56, "year": 365, "slices": slices}, 30,
    )  # fmt: skip


def domain(names, own, led, raw, target, extra, steps) -> dict:
    return {
        "entities": {"seen": ENTITIES, "unseen": []},
        "features": names,
        "own": own,
        "led": led,
        "raw": raw,
        "target": target,
        "window": {"lags": 14},
        "splits": ERAS | extra,
        "attribution": {
            "steps": steps,
            "control_steps": 8,
            "windows_per_year": 64,
            "min_windows": 20,
            "min_slice_windows": 3,
            "batch_size": 8192,
            "variants": [],
        },
    }
