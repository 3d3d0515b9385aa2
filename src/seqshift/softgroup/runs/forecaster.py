"""Forecasts of the arms of one set of windows by one backbone."""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from seqshift.softgroup import mask, similarity
from seqshift.softgroup.quantiles import LEVELS
from seqshift.softgroup.runs import units
from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.controls import matched
from seqshift.softgroup.runs.units import Batch, Unit

DRAWN = {
    "permute": similarity.permute,
    "shuffle": similarity.shuffle,
    "random": similarity.random_like,
}


@dataclass(frozen=True)
class Shared:
    """What the rows of a batch share: group ids (row,), S (row, row) and beta.

    Without S the mask is Chronos-2's own.
    """

    batch: Batch
    groups: Tensor
    S: Tensor | None = None
    beta: float = 1.0

    def bias(self) -> Tensor:
        """Return the bias (query row, key row) that stands for the sharing."""
        rows = len(self.groups)
        S = torch.zeros(rows, rows) if self.S is None else self.S
        return mask.log_bias(S, self.groups, self.beta, self.batch.unit)


class Forecaster:
    """A backbone before one set of windows; similarities are computed once.

    Parameters
    ----------
    rows
        Most rows of a forward pass.
    seed
        Of the random controls; all backbones see the same ones.
    """

    def __init__(self, model, windows: xr.Dataset, rows: int, overlap: int, seed: int):
        self.pipeline, self.most, self.overlap, self.seed = model, rows, overlap, seed
        self.windows = shortened(windows, model)
        self.units = units.units(self.windows)
        # Beyond one pass every row becomes a row for each quantile.
        long = self.windows.sizes["step"] > model.model_prediction_length
        most = rows // len(LEVELS) if long else rows
        self.batches = units.pack(self.windows, self.units, most)
        self._similar: dict[tuple, Tensor] = {}

    def shared(self, arm: Arm, level: float = math.nan) -> Iterator[Shared]:
        """Yield what each batch shares in an arm; `level` is that of ctrl_dose."""
        labels = self.labels(arm.groups)
        for batch in self.batches:
            groups = batch.groups(labels)
            if arm.kind == "hard":
                yield Shared(batch, groups)
                continue
            S = torch.zeros(len(batch.x), len(batch.x), dtype=torch.float64)
            for unit, place in batch.blocks():
                S[place, place] = self._of(unit, batch.x[place], arm, level)
            beta = 1.0 if arm.control == "dose" else arm.beta
            yield Shared(batch, groups, S, beta)

    def labels(self, groups: str) -> np.ndarray | None:
        """Return the group of each series, or nothing if each stands alone."""
        if groups == "single":
            return None
        return self.windows["group"].sel(grouping=groups).values

    def digest(self, arm: Arm, level: float = math.nan) -> str:
        """Return a digest of an arm's masks: equal ones forecast the same."""
        found = hashlib.sha256()
        for shared in self.shared(arm, level):
            found.update((shared.bias() + 0.0).numpy().tobytes())  # no -0
        return found.hexdigest()

    def forecast(self, arm: Arm, level: float = math.nan) -> np.ndarray:
        """Return the quantiles of an arm, (origin, series, level, step) float32."""
        from seqshift.softgroup import pipeline

        sizes = self.windows.sizes
        levels = len(LEVELS)
        shape = (sizes["origin"], sizes["series"], levels, sizes["step"])
        found = np.full(shape, np.nan, dtype="float32")
        for shared in self.shared(arm, level):
            batch = shared.batch
            quantiles = pipeline.forecast(
                self.pipeline,
                batch.x,
                sizes["step"],
                shared.groups,
                S=shared.S,
                beta=None if shared.S is None else shared.beta,
                origin_ids=batch.unit,
            )
            found[batch.origin, batch.series] = quantiles.numpy()
        return found

    def mass(self, arm: Arm, level: float = math.nan) -> np.ndarray:
        """Return the mean attention on other groups, (layer,), over rows and patches.

        Of the first pass of a long horizon.
        """
        size = self.pipeline.model_output_patch_size
        patches = math.ceil(self.windows.sizes["step"] / size)
        patches = min(patches, self.pipeline.max_output_patches)
        total, rows, model = 0.0, 0, self.pipeline.model
        for shared in self.shared(arm, level):
            inputs = (shared.batch.x, shared.groups, shared.bias())
            inputs = (one.to(model.device) for one in inputs)
            found = mask.cross_mass(model, *inputs, patches).nanmean(-1)
            total = total + len(shared.batch.x) * found.double().cpu().numpy()
            rows += len(shared.batch.x)
        return total / rows

    def dose(self, arm: Arm, tolerance: float) -> tuple[float, float]:
        """Return the constant with the cross-group mass of what `arm` imitates.

        And that mass.
        """
        wanted = float(self.mass(replace(arm, control="")).mean())
        level = matched(lambda s: float(self.mass(arm, s).mean()), wanted, tolerance)
        return level, wanted

    def _of(self, unit: Unit, x: Tensor, arm: Arm, level: float) -> Tensor:
        """Return S (row, row) of one unit in an arm."""
        rows = len(x)
        if arm.control == "dose":
            return similarity.constant(torch.eye(rows), level)
        if arm.kind == "oracle":
            labels = torch.from_numpy(self.labels("right")[unit.series])
            return (labels[:, None] == labels[None, :]).double()
        key = (unit.origin, int(unit.series[0]), arm.kind, arm.how, arm.on)
        if key not in self._similar:
            self._similar[key] = similarity.of(
                x,
                arm.kind,
                arm.how or "abs",
                arm.on,
                self.windows.attrs["season"],
                self.overlap,
            )
        if arm.control not in DRAWN:
            return self._similar[key]
        place = (self.seed, list(DRAWN).index(arm.control), *key[:2])
        return DRAWN[arm.control](self._similar[key], np.random.default_rng(place))


def shortened(windows: xr.Dataset, model) -> xr.Dataset:
    """Return the windows with contexts no longer than the backbone's."""
    return windows.isel(lag=slice(-model.model_context_length, None))


def subset(windows: xr.Dataset, count: int) -> xr.Dataset:
    """Return at most `count` origins, evenly spread."""
    origins = windows.sizes["origin"]
    places = np.unique(np.linspace(0, origins - 1, min(count, origins)).round())
    return windows.isel(origin=places.astype(int))
