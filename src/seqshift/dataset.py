"""A domain's features and splits read together: scaler, shape and windows by role."""

from dataclasses import dataclass

import pandas as pd

from seqshift import coverage, scaling, splits, storage
from seqshift.schemas.features import features as schema
from seqshift.windows import CALENDAR, Shape, Windows, cut


@dataclass(frozen=True)
class Dataset:
    """Features, the role of each row, and the scaler fitted on train rows."""

    features: pd.DataFrame
    roles: pd.DataFrame
    scaler: dict
    spec: dict

    @property
    def shape(self) -> Shape:
        """Return the sizes of a point forecaster's input and output."""
        return Shape(
            lags=self.spec["window"]["lags"],
            features=len(self.spec["features"]),
            calendar=len(CALENDAR),
            entities=len(self.spec["entities"]["seen"]) + 1,
            horizons=len(self.spec["target"]["horizons"]),
            outputs=len(self.spec["target"].get("quantiles", [])) or 1,
        )

    def cut(self, *wanted: str) -> tuple[Windows, pd.DataFrame]:
        """Return the windows of these roles and their row-aligned frame."""
        seen = self.spec["entities"]["seen"]
        return cut(self.features, self.roles, self.spec, self.scaler, seen, wanted)

    def windows(self, *wanted: str) -> Windows:
        """Return the windows of these roles."""
        return self.cut(*wanted)[0]


def load(inputs, spec: dict, scaler: dict | None = None) -> Dataset:
    """Read inputs.features and inputs.splits; fit the scaler unless one is given.

    Entities that the splits leave out are not in the data.

    Raises
    ------
    BadInput
        If a file violates its schema or a train column cannot be scaled.
    """
    form = schema(spec["features"], spec["target"]["horizons"])
    manifest = storage.read_json(inputs.splits)
    features = storage.read_table(inputs.features, form)
    features = coverage.kept(features, manifest["excluded"])
    roles = splits.roles(manifest, features)
    if scaler is None:
        scaler = scaling.fit_scaler(features, roles, spec)
    return Dataset(features, roles, scaler, spec)
