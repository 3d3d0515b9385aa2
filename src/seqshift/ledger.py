"""What a study has cost beside what it was predicted to, per job and in sum."""

import math
from collections.abc import Iterable

import pandas as pd

from seqshift import cost, storage, workload
from seqshift.schemas.costs import JOB, LEDGER, SUMMARY

UNDECIDED = "undecided"
SUMS = (
    "flops predicted_flops gpu_hours predicted_gpu_hours seconds predicted_seconds "
    "cpu_seconds joules"
).split()


def join(paths: Iterable[str], config: dict) -> pd.DataFrame:
    """Return LEDGER: a row a job, with operations in closed form and predictions.

    `config` holds accounting, domains (what the estimate reads of them), modalities,
    models, training and tuning.

    Raises
    ------
    BadInput
        If a file is damaged.
    """
    jobs = pd.concat([storage.read_csv(path, JOB) for path in paths])
    rows = [row | priced(row, config) for row in jobs.to_dict("records")]
    return pd.DataFrame(rows)[list(LEDGER.columns)]


def priced(row: dict, config: dict) -> dict:
    """Return what the closed forms and the configuration say of a job of JOB.

    For a kind of model without a closed form that is nothing but its predicted hours.
    """
    accounting, rule = config["accounting"], row["rule"]
    found = {"predicted_gpu_hours": cost.seconds(config, rule, row) / cost.HOUR}
    work = workload.Work(rule, *(row[name] for name in ("windows", "held", "passes")))
    done = workload.operations(config, work, row)
    names = ("params", "flops_per_window", "flops", "predicted_flops")
    if done is None:
        empty = (*names, "predicted_seconds", "gpu_hours")
        return found | dict.fromkeys(empty, math.nan)
    planned = workload.operations(config, workload.expected(config, rule, row), row)
    count = workload.forward(config, rule, row)
    values = (count.params, count.window, done[0], planned[0])
    kind = config["models"][row["model"]]["kind"]
    ran = "cpu" if row["device"] == "cpu" else accounting["device"]
    return {
        **found,
        **dict(zip(names, values, strict=True)),
        "predicted_seconds": cost.priced(accounting, ran, kind, *planned),
        "gpu_hours": cost.priced(accounting, accounting["device"], kind, *done)
        / cost.HOUR,
    }


def summary(
    ledger: pd.DataFrame, tests: Iterable[pd.DataFrame], claimed: dict
) -> pd.DataFrame:
    """Return SUMMARY: sums per rule, domain and model, and over the rules.

    `tests` are the verdict tables of the experiments; a verdict that two of them give
    counts once. `claimed` maps models to gflop_per_epoch and gpu_hours of a run.
    """
    whole = pd.concat([ledger, ledger.assign(rule="all")], ignore_index=True)
    groups = whole.groupby(["rule", "domain", "model"])
    # A sum of nothing but missing values is missing, not 0.
    found = groups[SUMS].sum(min_count=1)
    found["jobs"] = groups.size()
    found[["params", "memory_bytes"]] = groups[["params", "memory_bytes"]].max()
    found = found.reset_index()
    trained = ledger[ledger["rule"] == "train"]
    epoch = workload.STEP * trained["flops_per_window"] * trained["windows"]
    keys = [trained["domain"], trained["model"]]
    means = pd.DataFrame({
        "flops_per_epoch": epoch.groupby(keys).mean(),
        "gpu_hours_per_run": trained["gpu_hours"].groupby(keys).mean(),
    })  # fmt: skip
    means["flops_per_epoch_claimed"] = _claimed(means, claimed, "gflop_per_epoch", 1e9)
    means["gpu_hours_per_run_claimed"] = _claimed(means, claimed, "gpu_hours", 1)
    at = pd.MultiIndex.from_frame(found[["domain", "model"]])
    for name in means:
        values = means[name].reindex(at).to_numpy()
        found[name] = pd.Series(values).where(found["rule"] == "train")
    decided = _verdicts(tests).reindex(at, fill_value=0).to_numpy()
    found["verdicts"] = pd.Series(decided, dtype=float).where(found["rule"] == "all")
    some = found["verdicts"].where(found["verdicts"] > 0)
    found["gpu_hours_per_verdict"] = found["gpu_hours"] / some
    return found[list(SUMMARY.columns)]


def _claimed(means: pd.DataFrame, claimed: dict, key: str, unit: float) -> list[float]:
    models = means.index.get_level_values("model")
    return [unit * claimed.get(model, {}).get(key, math.nan) for model in models]


def _verdicts(tests: Iterable[pd.DataFrame]) -> pd.Series:
    """Return how many verdicts were reached per domain and model."""
    key = ["domain", "modality", "model", "axis", "slice", "metric"]
    rows = pd.concat(tests).drop_duplicates(key)
    return rows[rows["verdict"] != UNDECIDED].groupby(["domain", "model"]).size()
