"""Forecast tables whose errors are known numbers."""

import numpy as np
import pandas as pd

from seqshift.schemas.controls import CONTROLS

# Role, slice and number of days of the successive eras of a seen entity.
ERAS = [
    ("train", "", 400),
    ("id_test", "", 40),
    ("train", "", 200),
    ("extreme_holdout", "crash", 40),
    ("train", "", 200),
    ("id_test", "", 40),
    ("val", "", 60),
    ("temporal_test", "", 300),
    ("temporal_test", "crash", 40),
    ("temporal_test", "heat", 30),
    ("temporal_test", "", 270),
]
UNSEEN = {
    "train": "spatial_test",
    "id_test": "spatial_test",
    "val": "unused",
    "temporal_test": "spatiotemporal_test",
}
SPEC = {"splits": {"block": 40, "year": 200}}
# Controls of no run: nothing is marked.
SOUND = pd.DataFrame(columns=list(CONTROLS.columns)).astype({"passed": bool})
STATISTICS = {
    "alpha": 0.05,
    "resamples": 50,
    "seed": 0,
    "min_windows": 20,
    "power": [0.8, 0.95],
    "secondary": ["mixup"],
    "thresholds": {"g_ratio": 1.5, "transfer_gap": 1.5, "robustness_delta": 1.2},
}
RUN = {"domain": "market", "modality": "natural", "model": "mlp", "seed": 0}


def calendar() -> pd.DataFrame:
    """Return role, slice and id_dates of every day."""
    parts = [pd.DataFrame({"split": [r] * n, "slice": s}) for r, s, n in ERAS]
    days = pd.concat(parts, ignore_index=True)
    days["id_dates"] = days["split"] == "id_test"
    days["target_time"] = pd.date_range("2001-01-01", periods=len(days))
    return days


def level(days: pd.DataFrame, levels: dict[str, float]) -> np.ndarray:
    """Return the level of each day: that of role/slice, role, or 1."""
    keys = days["split"] + "/" + days["slice"]
    found = keys.map(levels).fillna(days["split"].map(levels)).fillna(1.0)
    return found.to_numpy(float)


def flat(days: pd.DataFrame, levels: dict[str, float]) -> np.ndarray:
    """Return errors of alternating sign whose RMSE, MAE and P95 are their level."""
    sign = np.where(np.arange(len(days)) % 2, 1.0, -1.0)
    return level(days, levels) * sign


def table(
    own: dict[str, np.ndarray],
    naive: dict[str, np.ndarray],
    unseen: tuple[str, ...] = (),
    **run,
) -> pd.DataFrame:
    """Return FORECASTS from errors per entity; the actual value has deviation 1."""
    parts = []
    for entity in own:
        days = calendar()
        if entity in unseen:
            days["split"] = days["split"].replace(UNSEEN)
        actual = np.where(np.arange(len(days)) % 4 < 2, 11.0, 9.0)
        fields = {
            "entity": entity,
            "origin": days["target_time"] - pd.Timedelta(days=1),
            "horizon": np.int64(1),
            "quantile": np.nan,
            "forecast": actual + own[entity],
            "actual": actual,
            "naive": actual + naive[entity],
        }
        parts.append(days.assign(**fields))
    frame = pd.concat(parts, ignore_index=True).assign(**(RUN | run))
    return frame[~frame["split"].isin(["embargo", "unused"])].reset_index(drop=True)


def leveled(
    levels: dict[str, float],
    naive: dict[str, float],
    entities: tuple[str, ...] = ("A", "B", "C"),
    unseen: tuple[str, ...] = (),
    **run,
) -> pd.DataFrame:
    """Return FORECASTS with the same flat errors for every entity."""
    days = calendar()
    names = (*entities, *unseen)
    model = dict.fromkeys(names, flat(days, levels))
    return table(model, dict.fromkeys(names, flat(days, naive)), unseen, **run)


def noisy(
    seed: int,
    shift: float = 1.0,
    skill: float = 0.5,
    harder: float = 1.0,
    entities: int = 4,
    unseen: int = 2,
    **run,
) -> pd.DataFrame:
    """Return FORECASTS of random errors.

    In the test era those of the model grow by `shift`, all by `harder`.
    """
    days = calendar()
    rng = np.random.default_rng(seed)
    names = [f"E{number}" for number in range(entities + unseen)]
    era = level(days, {"temporal_test": harder})
    naive = {name: era * rng.normal(size=len(days)) for name in names}
    grown = level(days, {"temporal_test": shift})
    own = {
        name: grown * (skill * error + 0.1 * era * rng.normal(size=len(days)))
        for name, error in naive.items()
    }
    return table(own, naive, tuple(names[entities:]), **({"seed": seed} | run))


def value(scores: pd.DataFrame, **keys) -> float:
    """Return the one value, equal over entities, of the rows with these keys."""
    keys = {"period": "", "slice": ""} | keys
    rows = scores[(scores[list(keys)] == pd.Series(keys)).all(axis=1)]
    assert len(rows), f"no rows with {keys}"
    assert np.ptp(rows["value"]) < 1e-12, rows
    return float(rows["value"].iloc[0])
