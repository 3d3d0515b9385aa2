"""All arms of one data set and horizon by one backbone: losses and agreement."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.softgroup.quantiles import MEDIAN
from seqshift.softgroup.runs import controls, losses, units
from seqshift.softgroup.runs.arms import BASE, JOINT, Arm, Rows
from seqshift.softgroup.runs.forecaster import Forecaster


@dataclass(frozen=True)
class Scored:
    """Losses of an arm, (measure, origin, series, band), and what is said of it."""

    arm: Arm
    measured: np.ndarray
    about: dict


@dataclass
class Study:
    """The forecasts that later arms need, and what equal masks have given before."""

    forecaster: Forecaster
    doses: Forecaster | None = None  # of validation origins
    tolerance: float = 0.0
    kept: dict[str, np.ndarray] = field(default_factory=dict)
    known: dict[str, tuple[np.ndarray, dict]] = field(default_factory=dict)
    dosed: dict[str, dict[str, float]] = field(default_factory=dict)

    def run(self, plan: list[Arm]) -> Iterator[Scored]:
        """Yield every arm of a plan in its order, scored."""
        needed = {arm.of for arm in plan if arm.control} | {BASE, JOINT}
        for number, arm in enumerate(plan, start=1):
            print(f"arm {number} of {len(plan)}: {arm.id}", flush=True)
            if arm.masked:
                yield self._masked(arm, arm.id in needed)
            else:
                windows = self.forecaster.windows
                quantiles, share = controls.derive(arm, self.kept, windows)
                yield Scored(arm, *self._judge(quantiles, {"weight": share}))
            if arm.control == "mix":  # the last control of an arm
                self.kept.pop(arm.of)

    def _masked(self, arm: Arm, keep: bool) -> Scored:
        """Score an arm that is a mask; one known under another id is not run again."""
        level, about = np.nan, {}
        if arm.control == "dose":
            about = self._dose(arm)
            level = about["level"]
        key = self.forecaster.digest(arm, level)
        if key not in self.known or keep:
            quantiles = self.forecaster.forecast(arm, level)
            if keep:
                self.kept[arm.id] = quantiles
            self.known[key] = self._judge(quantiles, {})
        measured, agreed = self.known[key]
        return Scored(arm, measured, agreed | about)

    def _dose(self, arm: Arm) -> dict[str, float]:
        """Return the constant of ctrl_dose and its mass; equal masks share them."""
        key = self.forecaster.digest(replace(arm, control=""))
        if key not in self.dosed:
            level, mass = self.doses.dose(arm, self.tolerance)
            self.dosed[key] = {"level": level, "mass": mass}
        return self.dosed[key]

    def _judge(self, quantiles: np.ndarray, about: dict) -> tuple[np.ndarray, dict]:
        windows = self.forecaster.windows
        context, season = windows["context"].values, windows.attrs["season"]
        naive = losses.seasonal_naive(context, season, windows.sizes["step"])
        median = quantiles[..., MEDIAN, :]
        base = self.kept.get(BASE, quantiles)[..., MEDIAN, :]
        agreed = {
            "agreement": losses.agreement(median, base, naive),
            "pearson": losses.pearson(median, base),
        }
        return losses.measure(quantiles, windows), about | agreed


def rows_of(windows: xr.Dataset, overlap: int) -> Rows:
    """Return what the arms need to know of windows.

    A context that leaves no overlap after a seasonal difference has no season.
    """
    season = int(windows.attrs["season"])
    room = windows.sizes["lag"] - season
    return Rows(
        tuple(windows["grouping"].values.tolist()),
        windows.attrs["wrong"],
        season if room >= overlap else 1,
        bool(windows["origin_time"].notnull().all()),
    )


def tables(study: Study, plan: list[Arm], run: dict) -> tuple[pd.DataFrame, ...]:
    """Return the tables LOSSES and AGREEMENT of all arms.

    `run` holds backbone and seed. Every arm is forecast in the same batches.
    """
    windows = study.forecaster.windows
    composed = units.composition(study.forecaster.batches)
    key = {**run, "dataset": windows.attrs["dataset"], "H": windows.sizes["step"]}
    frames, facts = [], []
    for scored in study.run(plan):
        about = {**run, "arm": scored.arm.id, "leak": 0}
        frames.append(losses.table(scored.measured, windows, about))
        facts.append({**key, **_described(scored.arm), **scored.about, **composed})
    columns = ["level", "mass", "weight"]
    described = pd.DataFrame(facts)
    described = described.reindex(columns=described.columns.union(columns, sort=False))
    return pd.concat(frames, ignore_index=True), described


def _described(arm: Arm) -> dict:
    with np.errstate(divide="ignore"):
        temperature = float(np.divide(1.0, arm.beta))
    names = ("groups", "kind", "how", "on", "control", "of", "beta")
    fields = {name: getattr(arm, name) for name in names}
    return {"arm": arm.id, **fields, "temperature": temperature}
