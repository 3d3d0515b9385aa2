"""Chronos-2 with soft group masks: `Chronos2Pipeline` and one argument more.

Upstream shares information inside a group of rows (the variates of one item) or
among all rows of a batch (`cross_learning=True`). Here rows of different groups share
as much as their similarity says. Weights and code of Chronos-2 stay as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from seqshift.extras import library
from seqshift.softgroup import bounds, frames
from seqshift.softgroup.batches import Batches
from seqshift.softgroup.mask import Active, expand_paths, log_bias, soft_bias
from seqshift.softgroup.quantiles import LEVELS
from seqshift.softgroup.settings import SoftGroups, chosen

CHRONOS = library("chronos", "softgroup", "a soft group mask")
# The levels of a forecast of the study, whatever others a model knows.
QUANTILES = LEVELS.tolist()


class SoftGroupPipeline(CHRONOS.Chronos2Pipeline):
    """A `Chronos2Pipeline` whose rows share by similarity; `soft=None` is upstream.

    `predict` and `predict_quantiles` take the keywords `similarity`, `beta`, `scope`,
    `origins` and `same_origin`, `predict_df` the first three. They change `soft`, the
    settings of the pipeline, for one call. Not thread-safe.
    """

    def __init__(self, model: torch.nn.Module, soft: SoftGroups | None = None):
        super().__init__(model)
        self.soft = soft
        self._batches: Batches | None = None
        self._active: Active | None = None

    @classmethod
    def from_pretrained(cls, *args, **kwargs) -> "SoftGroupPipeline":
        """Load a model as `Chronos2Pipeline.from_pretrained` does."""
        # The s3:// branch of upstream returns its own class.
        return cls(super().from_pretrained(*args, **kwargs).model)

    def fit(self, *args, **kwargs) -> "SoftGroupPipeline":
        """Fine-tune a copy under the hard mask, as upstream; `soft` is kept."""
        return type(self)(super().fit(*args, **kwargs).model, self.soft)

    def predict(
        self,
        inputs: Any,
        *args,
        similarity: Any = None,
        beta: float | None = None,
        scope: str | None = None,
        origins: Any = None,
        same_origin: bool | None = None,
        **kwargs,
    ) -> list[Tensor]:
        """Return quantile forecasts (variate, quantile, step), one tensor an item.

        `similarity` is a kind by name, a matrix S (row, row) or SoftGroups. Bare
        arrays carry no time stamps: give `origins`, one id an item (items of different
        origins do not share), or declare `same_origin=True`.

        Raises
        ------
        BadInput
            If a setting is wrong, the origins are not given, a length differs, or
            `cross_learning` is asked for beside a similarity.
        """
        changes = dict(beta=beta, scope=scope, origins=origins, same_origin=same_origin)
        with self._using(chosen(self.soft, similarity, **changes)):
            if self.soft is None:
                return super().predict(inputs, *args, **kwargs)
            self._batches = Batches(self.soft)
            out = super().predict(inputs, *args, **kwargs)
            self._batches.finish()
            return out

    def predict_df(
        self,
        df: pd.DataFrame,
        future_df: pd.DataFrame | None = None,
        id_column: str = "item_id",
        timestamp_column: str = "timestamp",
        target: str | list[str] = "target",
        *,
        similarity: Any = None,
        beta: float | None = None,
        scope: str | None = None,
        **kwargs,
    ) -> pd.DataFrame:
        """Return the forecasts of a long data frame, as upstream's `predict_df`.

        Where items share (a similarity, or `cross_learning=True`), all must end at
        one time stamp.

        Raises
        ------
        MixedOriginError
            If two items end at different time stamps.
        BadInput
            If an item has a time stamp twice or no value, or a setting is wrong.
        """
        soft = chosen(self.soft, similarity, beta=beta, scope=scope)
        # The old name of cross_learning is still accepted.
        joint = {"cross_learning", "predict_batches_jointly"}
        if soft is not None or any(kwargs.get(name) for name in joint):
            frames.check(df, id_column, timestamp_column, target)
        if soft is not None:
            soft = replace(soft, origins=None, same_origin=True)
        with self._using(soft):
            return super().predict_df(
                df, future_df, id_column, timestamp_column, target, **kwargs
            )

    @contextmanager
    def _using(self, soft: SoftGroups | None) -> Iterator[None]:
        own = self.soft
        self.soft = soft
        try:
            yield
        finally:
            self.soft, self._batches = own, None

    def _predict_batch(self, context, group_ids, *args, target_idx_ranges, **kwargs):
        bias = None
        if self.soft is not None:
            batches = self._batches or Batches(self.soft)
            bias = batches.bias(context, group_ids, target_idx_ranges)
        kwargs["target_idx_ranges"] = target_idx_ranges
        return self._predict_under(bias, context, group_ids, *args, **kwargs)

    def _predict_under(self, bias: Tensor | None, *args, **kwargs) -> list[Tensor]:
        """Forecast one batch under a bias (row, row); None is the hard mask."""
        if bias is None:
            return super()._predict_batch(*args, **kwargs)
        with soft_bias(self.model, bias) as self._active:
            try:
                return super()._predict_batch(*args, **kwargs)
            finally:
                self._active = None

    def _prepare_inputs_for_long_horizon_unrolling(self, *args, **kwargs):
        out = super()._prepare_inputs_for_long_horizon_unrolling(*args, **kwargs)
        if self._active is not None:
            # The paths of a row are no rows of their own: similarity stays that of
            # the original contexts, and paths of different quantiles stay apart.
            paths = out[0].shape[1]  # contexts (row, path, time)
            self._active.bias = expand_paths(self._active.bias, paths)
        return out


def forecast(
    pipeline: SoftGroupPipeline,
    x: Tensor,
    horizon: int,
    group_ids: Tensor,
    S: Tensor | None = None,
    beta: float | None = None,
    origin_ids: Tensor | None = None,
    allowed: Tensor | None = None,
) -> Tensor:
    """Return quantile forecasts (row, quantile, step) of contexts x (row, time).

    Without S the mask is hard, else beta ln S across groups. Rows of different
    origins never share, so a batch may hold several; without `origin_ids` the caller
    declares one origin. `allowed` (query row, key row) blocks pairs besides.

    Raises
    ------
    BadInput
        If a length differs from the number of rows, S or beta is out of range, a row
        is all NaN, or x is longer than the context of the model.
    """
    x, group_ids = torch.as_tensor(x), torch.as_tensor(group_ids)
    bounds.check_contexts(x, group_ids, pipeline.model_context_length)
    if S is None and (origin_ids is not None or allowed is not None):
        S, beta = torch.eye(len(x)), 1.0
    bias = None
    if S is not None:
        bias = log_bias(S, group_ids, beta, origin_ids, allowed=allowed)
    out = pipeline._predict_under(
        bias,
        context=x,
        group_ids=group_ids,
        future_covariates=torch.full((len(x), horizon), torch.nan),
        unrolled_quantiles_tensor=torch.tensor(QUANTILES),
        prediction_length=horizon,
        max_output_patches=pipeline.max_output_patches,
        target_idx_ranges=[(0, len(x))],
    )[0]
    return out[:, [pipeline.quantiles.index(level) for level in QUANTILES]]
