"""Small datasets for the baselines: daily load, and five-day log volatility."""

from functools import cache

import numpy as np
import pandas as pd

from panel import SPEC, small_panel
from seqshift import scaling, splits
from seqshift.baselines import har, last_value, naive, ridge, seasonal_naive
from seqshift.dataset import Dataset
from seqshift.domains.finance import FLOOR
from seqshift.forecasting import SCORED

PENALTIES = {"penalties": [0.01, 1.0, 100.0]}
TREES = {"trees": 60, "patience": 5, "learning_rate": 0.2, "leaves": 7, "seed": 0}
CALM = {
    "naive": (naive, {}),
    "last-value": (last_value, {}),
    "seasonal-naive": (seasonal_naive, {}),
    "ridge": (ridge, PENALTIES),
    "har": (har, {"means": [10, 22]}),
}


def load(**target) -> Dataset:
    """Return the small panel as a dataset whose load repeats after two days."""
    panel = small_panel()
    spec = panel.spec | {"season": 2, "target": SPEC["target"] | target}
    return Dataset(panel.features, panel.roles, panel.scaler, spec)


def volatility(returns: pd.DataFrame | None = None) -> Dataset:
    """Return a dataset of log volatility, from returns (step, entity) if given."""
    table, spec = _features(sessions() if returns is None else returns), _spec()
    roles = splits.roles(splits.make(table, spec), table)
    return Dataset(table, roles, scaling.fit_scaler(table, roles, spec), spec)


@cache
def sessions() -> pd.DataFrame:
    """Return returns (step, entity) whose log volatility reverts; not to be changed."""
    draw = np.random.default_rng(1)
    days = pd.bdate_range("2001-01-01", "2004-12-31", unit="ns", name="date")
    level = np.zeros((len(days), 4))
    for day in range(1, len(days)):
        level[day] = 0.97 * level[day - 1] + 0.15 * draw.normal(size=4)
    size = 0.02 * np.exp(level) * draw.normal(size=level.shape)
    return pd.DataFrame(size, days, ["AA", "BB", "CC", "DD"])


def predict(kind, data: Dataset, spec: dict) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the frame of all scored windows and the forecasts of a baseline."""
    cut, frame = data.cut(*SCORED)
    return frame, kind.predict(data, cut, frame, spec)


def _spec() -> dict:
    return SPEC | {
        "entities": {"seen": ["AA", "BB", "CC"], "unseen": ["DD"]},
        "features": ["log_return", "volatility", "vix"],
        "own": ["log_return"],
        "led": [],
        "raw": [],
        "target": {
            "name": "log_volatility",
            "horizons": [1],
            "span": 5,
            "centred": True,
        },
        "season": 10,
        "window": {"lags": 14},
        "splits": SPEC["splits"] | {"embargo": 18, "slices": {}},
    }


def _features(returns: pd.DataFrame) -> pd.DataFrame:
    squares, frames = returns**2, []
    ahead = sum(squares.shift(-day) for day in range(5)) / 5
    past = sum(squares.shift(day) for day in range(1, 6)) / 5
    spread = squares.ewm(alpha=0.06, adjust=False).mean() ** 0.5
    for entity in returns:
        frame = pd.DataFrame({"entity": entity, "date": returns.index})
        frame["step"] = np.arange(len(returns))
        for name, wide in (("target_1", ahead), ("naive_1", past)):
            frame[name] = np.log(np.sqrt(wide[entity]) + FLOOR).to_numpy()
        frame["log_return"] = returns[entity].to_numpy()
        frame["volatility"] = spread[entity].to_numpy()
        frame["vix"] = 1500 * spread.mean(axis=1).to_numpy()
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
