"""One batch, one forecast origin: no row may see another row's future.

The origin of a row is the last observed time stamp of its context. A row of a later
origin holds values that an earlier row is to forecast, so rows that share information
must share their origin.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from seqshift.errors import BadInput


class MixedOriginError(BadInput):
    """Rows that would share information end at different times."""


def origin_ids(last_timestamps: Sequence | Tensor) -> Tensor:
    """Return int64 ids (row,), equal exactly where the last time stamps are.

    Raises
    ------
    BadInput
        If a time stamp is missing.
    """
    if isinstance(last_timestamps, Tensor):
        last_timestamps = last_timestamps.cpu().numpy()
    codes, _ = pd.factorize(pd.Index(last_timestamps), sort=True)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise BadInput(f"row {row} has no last time stamp; give one for every row")
    return torch.from_numpy(codes.astype(np.int64))


def assert_same_origin(last_timestamps: Sequence, names: Sequence | None = None):
    """Refuse rows whose contexts end at different times.

    Raises
    ------
    MixedOriginError
        With the names (row numbers without names) of the first two that differ.
    """
    ids = origin_ids(last_timestamps)
    other = (ids != ids[:1]).nonzero()
    if len(other):
        first, second = 0, int(other[0])
        called = (lambda row: f"row {row}") if names is None else (lambda r: names[r])
        raise MixedOriginError(
            f"{called(first)} ends at {last_timestamps[first]} and {called(second)} at "
            f"{last_timestamps[second]}, so sharing would show one the other's future; "
            "cut all series at one time stamp or forecast each origin by its own call"
        )


def future_probe(
    forecast: Callable[[np.ndarray, int, int], Tensor],
    panel: np.ndarray,
    origin: int,
    horizon: int,
) -> float:
    """Return the largest change of a forecast when the future is changed.

    `panel` (series, time) holds contexts, targets and covariates; every value after
    position `origin` becomes 50 minus itself. `forecast(panel, origin, horizon)` must
    rebuild windows and similarity. Without a leak the result is exactly 0.

    Raises
    ------
    BadInput
        If no value after the origin changes, so that the probe would prove nothing.
    """
    changed = np.array(panel, copy=True)
    changed[:, origin + 1 :] = 50 - changed[:, origin + 1 :]
    if not (np.nan_to_num(changed) != np.nan_to_num(panel)).any():
        raise BadInput(
            f"the panel has no value to change after position {origin}; choose an "
            "earlier origin"
        )
    before = torch.as_tensor(forecast(np.array(panel, copy=True), origin, horizon))
    after = torch.as_tensor(forecast(changed, origin, horizon))
    return float((after - before).abs().max())
