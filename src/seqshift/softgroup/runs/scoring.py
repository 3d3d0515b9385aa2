"""What the jobs of the study do with a backbone: load it, select, score, trace."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import torch
import xarray as xr

from seqshift import device
from seqshift.softgroup.data import cutting
from seqshift.softgroup.runs import arms, curve, leak, mass, probe, replica, study
from seqshift.softgroup.runs.forecaster import Forecaster, subset


def each_seed(
    weights: list[str], backbone: str, on: str, tables: Callable
) -> list[pd.DataFrame]:
    """Return the tables of every seed of a backbone, those of one kind joined.

    Parameters
    ----------
    weights
        Files seed=K/model.safetensors; one job forecasts with all of them, because
        loading the library takes longer than most forecasts.
    tables
        Function of a pipeline and {"backbone", "seed"}, which returns tables.
    """
    found = []
    for place, path in enumerate(weights, start=1):
        folder = Path(path).parent
        seed = int(folder.name.removeprefix("seed="))
        print(f"{backbone}, seed {seed}: {place} of {len(weights)}", flush=True)
        found.append(tables(load(folder, on), {"backbone": backbone, "seed": seed}))
    return [pd.concat(kind, ignore_index=True) for kind in zip(*found, strict=True)]


def load(folder: str | Path, on: str = "cpu"):
    """Return the backbone of a folder on a device, without asking any network."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when the library is first imported
    from seqshift.softgroup import backbones

    torch.set_num_threads(1)  # with more, small networks are many times slower
    model = backbones.load(folder)
    model.model.to(device.pick(on))
    return model


def validate(
    model, windows: xr.Dataset, spec: dict, run: dict
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables LOSSES and MASS of what selection may choose from.

    `windows` are those of the validation, of which `spec["validation"]` origins are
    forecast; `spec` is softgroup.arms with the set and min_overlap of the dataset,
    `run` holds backbone and seed.
    """
    rows = study.rows_of(windows, spec["min_overlap"])
    judged = build(model, subset(windows, spec["validation"]), spec)
    plan = arms.validated(spec["set"], rows)
    losses, _ = study.tables(study.Study(judged), plan, run)
    few = build(model, subset(windows, spec["dose"]["origins"]), spec)
    softs = arms.candidates(spec["set"], rows)
    measured = [*arms.hard(rows), *(arm for arm in softs if arm.groups == "single")]
    return losses, mass.measure(few, measured, run)


def score(
    model,
    windows: xr.Dataset,
    validation: xr.Dataset,
    spec: dict,
    selected: dict[str, str],
    run: dict,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the tables LOSSES, AGREEMENT and PROBE of all arms on test windows.

    Raises
    ------
    BadInput
        If an arm sees values after its origin.
    """
    plan = arms.plan(spec["set"], study.rows_of(windows, spec["min_overlap"]), selected)
    few = build(model, subset(validation, spec["dose"]["origins"]), spec)
    whole = build(model, windows, spec)
    scored = study.Study(whole, few, spec["dose"]["tolerance"])
    losses, agreement = study.tables(scored, plan, run)

    def make(part: xr.Dataset) -> Forecaster:
        return build(model, part, spec | {"rows": sys.maxsize})  # one batch

    return losses, agreement, probe.probe(make, windows, plan, spec["probes"], run)


def build(model, windows: xr.Dataset, spec: dict) -> Forecaster:
    """Return a forecaster by softgroup.arms."""
    return Forecaster(model, windows, spec["rows"], spec["min_overlap"], spec["seed"])


def trace_leak(model, cut: dict, spec: dict, run: dict) -> tuple[pd.DataFrame]:
    """Return the table LEAK alone; `cut` holds what cutting.cut needs of a dataset.

    `spec` is softgroup.leak with min_overlap of the dataset.
    """
    context = cut["spec"]["context"]
    spec = spec | {"context": context}
    longer = context + spec["block"] - 1
    windows = cutting.cut(**consecutive(cut, context=longer))
    found = [leak.trace(model, windows, spec, run)]
    if spec["replica"]:
        bounds = [cut["spec"]["bounds"][0], context, spec["replica"]]
        whole = cutting.cut(**consecutive(cut, context=context, bounds=bounds))
        found.append(replica.replicate(model, whole, spec, run))
    return (pd.concat(found, ignore_index=True),)


def trace_curve(
    model, cut: dict, spec: dict, own: dict, run: dict
) -> tuple[pd.DataFrame]:
    """Return the table CURVE alone, of joint groups and the first similarity.

    `spec` is softgroup.curve, `own` softgroup.arms with min_overlap of the dataset.
    """
    windows = cutting.cut(**consecutive(cut))
    windows = windows.isel(origin=slice(0, spec["origins"]))
    rows = study.rows_of(windows, own["min_overlap"])
    chosen = [arms.Arm(arms.JOINT, "joint"), arms.seed(rows)]
    return (curve.trace(build(model, windows, own), chosen, spec, run),)


def consecutive(cut: dict, **changes) -> dict:
    """Return what cutting.cut needs for windows at every step of the test."""
    return cut | {"spec": cut["spec"] | {"stride": 1} | changes}
