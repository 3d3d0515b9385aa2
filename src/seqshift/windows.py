"""Windows of lags: cutting, and the one Batch that every model takes.

Row j = 1..L of the window of target day t holds the own and slow features of day
t-L-1+j and the features known one day ahead ("led") of the day after; the last row
therefore shows day t-1 and the calendar, weather and holidays of day t.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from seqshift import scaling
from seqshift.errors import BadInput

CALENDAR = ("bar_in_day", "day_of_week", "day_of_month", "day_of_year")


@dataclass(frozen=True)
class Shape:
    """Sizes of a model's input and output; `entities` counts the unknown row 0."""

    lags: int
    features: int
    calendar: int
    entities: int
    horizons: int
    outputs: int


@dataclass(frozen=True)
class Batch:
    """Tensors of one batch; `valid` is True where a bar is real."""

    x: Tensor  # (batch, time, feature) float32
    valid: Tensor  # (batch, time) bool
    calendar: Tensor  # (batch, time, field) int64
    entity: Tensor  # (batch,) int64, 0 = unknown
    group: Tensor  # (batch,) int64, equal for rows of one date
    target: Tensor  # (batch, horizon) float32, z-units

    def inputs(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return the arguments of a model's forward, in order."""
        return self.x, self.valid, self.calendar, self.entity, self.group


@dataclass(frozen=True)
class Windows:
    """Arrays of n windows."""

    x: np.ndarray  # (n, lags, feature) float32
    day: np.ndarray  # (n, lags) int32, days since 1970-01-01 of the led row
    entity: np.ndarray  # (n,) int64
    date: np.ndarray  # (n,) int64, days since 1970-01-01 of the target
    target: np.ndarray  # (n, horizon) float32, z-units

    def __len__(self) -> int:
        return len(self.date)

    def take(self, index: np.ndarray) -> "Windows":
        """Return the windows at `index`."""
        fields = (self.x, self.day, self.entity, self.date, self.target)
        return Windows(*(field[index] for field in fields))

    def batch(self, index: np.ndarray | None = None, device: str = "cpu") -> Batch:
        """Return all windows, or those at `index`, as tensors on a device."""
        part = self if index is None else self.take(index)
        return Batch(
            x=torch.from_numpy(np.ascontiguousarray(part.x)).to(device),
            valid=torch.ones(part.x.shape[:2], dtype=torch.bool, device=device),
            calendar=torch.from_numpy(calendar(part.day)).to(device),
            entity=torch.from_numpy(part.entity).to(device),
            group=torch.from_numpy(part.date).to(device),
            target=torch.from_numpy(part.target).to(device),
        )


def calendar(day: np.ndarray) -> np.ndarray:
    """Return (..., 4) int64 calendar fields of days since 1970-01-01."""
    dates = day.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    fields = (
        np.zeros_like(day),
        (day + 3) % 7,  # 1970-01-01 was a Thursday, Monday = 0
        (dates - months).astype(int) + 1,
        (dates - years).astype(int) + 1,
    )
    return np.stack(fields, axis=-1).astype(np.int64)


def cut(
    features: pd.DataFrame,
    roles: pd.DataFrame,
    spec: dict,
    scaler: dict,
    entities: list[str],
    wanted: Collection[str],
) -> tuple[Windows, pd.DataFrame]:
    """Cut every window whose target day has a wanted role.

    Returns the windows and a row-aligned frame with entity, origin, date, role,
    id_dates, slice and the raw target_<h> and naive_<h>. `entities` are the seen
    names in id order; any other entity gets id 0.

    Raises
    ------
    BadInput
        If no window is left.
    """
    ids = {name: position + 1 for position, name in enumerate(entities)}
    pieces, frames = [], []
    for entity, rows in features.groupby("entity", sort=True):
        piece, frame = _cut_entity(
            rows, roles.loc[rows.index], spec, scaler, str(entity), set(wanted)
        )
        piece["entity"] = np.full(len(frame), ids.get(str(entity), 0), np.int64)
        pieces.append(piece)
        frames.append(frame)
    frame = pd.concat(frames, ignore_index=True)
    if frame.empty:
        raise BadInput(
            f"no window has a target day with role {', '.join(sorted(wanted))}; check "
            "the eras under splits and the days covered by features.parquet"
        )
    names = ("x", "day", "entity", "date", "target")
    return Windows(*(np.concatenate([p[n] for p in pieces]) for n in names)), frame


def _cut_entity(rows, roles, spec, scaler, entity, wanted) -> tuple[dict, pd.DataFrame]:
    lags, horizons = spec["window"]["lags"], spec["target"]["horizons"]
    step = rows["step"].to_numpy()
    targets = rows[[f"target_{h}" for h in horizons]].to_numpy()
    naives = rows[[f"naive_{h}" for h in horizons]].to_numpy()
    usable = np.isfinite(targets).all(1) & np.isfinite(naives).all(1)
    usable &= roles["role"].isin(wanted).to_numpy()
    usable[:lags] = False
    usable[lags:] &= step[lags:] - step[:-lags] == lags  # no hole inside the window
    at = np.flatnonzero(usable)
    scaled = scaling.scale(rows, spec, scaler, entity)
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int32)
    back = at[:, None] + np.arange(-lags, 0)  # (n, lags)
    led = np.array([name in spec["led"] for name in spec["features"]])
    x = np.where(led, scaled[back + 1], scaled[back])  # (n, lags, feature)
    mean, deviation = scaler["target"][entity]
    piece = {
        "x": x.astype(np.float32),
        "day": day[back + 1].reshape(len(at), lags),
        "date": day[at].astype(np.int64),
        "target": ((targets[at] - mean) / deviation).astype(np.float32),
    }
    frame = pd.DataFrame({"entity": entity, "origin": rows["date"].to_numpy()[at - 1]})
    frame["date"] = rows["date"].to_numpy()[at]
    for name in ("role", "id_dates", "slice"):
        frame[name] = roles[name].to_numpy()[at]
    for position, horizon in enumerate(horizons):
        frame[f"target_{horizon}"] = targets[at, position]
        frame[f"naive_{horizon}"] = naives[at, position]
    return piece, frame
