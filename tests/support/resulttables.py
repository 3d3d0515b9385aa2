"""Result tables as an experiment would leave them, with invented numbers."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from snakemake.iocontainers import InputFiles, OutputFiles, Params

import arenatables
import comparisontables
import planningtables
import trialtables
from project import SCRIPTS
from seqshift import job, ledger, storage
from seqshift.schemas import (
    comparisons,
    controls,
    costs,
    planning,
    results,
    signals,
    studies,
)
from seqshift.statistics.controls import mark

MODELS = ("mlp", "lstm", "transformer", "cross-entity", "memory")
DOMAINS = {
    "finance": (["crash-test", "crash-train"], ["log_return", "volatility", "vix"]),
    "energy": (
        ["heat", "cold"],
        ["load", "cdd", "hdd", "temp_mean", "temp_max", "is_holiday", "solar_share"],
    ),
    "finance-volatility": (
        ["crash-test", "crash-train"],
        ["log_return", "volatility", "vix"],
    ),
}
STATUSES = ["ok", "ok", "ok", "ok", "ok", "underfit", "low_n", "not_testable"]


def _cross(**lists) -> pd.DataFrame:
    return pd.MultiIndex.from_product(lists.values(), names=lists).to_frame(index=False)


def _beside(runs: pd.DataFrame, baselines) -> pd.DataFrame:
    """Add one natural run of the first seed of each baseline and domain."""
    one = runs.drop_duplicates("domain").assign(modality="natural")
    one = one.assign(**({"seed": 0} if "seed" in runs else {}))
    return pd.concat([runs, *(one.assign(model=name) for name in baselines)])


def _entities(domain: str, count: int) -> tuple[list[str], list[str]]:
    names = [f"{domain[:2].upper()}_{number:02d}" for number in range(count)]
    cut = max(1, count // 8)
    return names[:-cut], names[-cut:]


def _axes(domain: str) -> list[tuple[str, str]]:
    parts = {part.split("-")[0]: None for part in DOMAINS[domain][0]}
    return [("temporal", ""), ("spatial", ""), *(("extreme", one) for one in parts)]


def _tests(domain, modalities, models, seeds, baselines, rng) -> pd.DataFrame:
    metrics = [
        ("g_ratio", "temporal", "", 1.5),
        ("loses_to_naive", "temporal", "", 1.0),
        ("transfer_gap", "spatial", "", 1.5),
    ]
    metrics += [
        ("robustness_delta", "extreme", part, 1.2) for part in DOMAINS[domain][0]
    ]
    runs = _cross(domain=[domain], modality=modalities, model=models)
    runs = _beside(runs, baselines)
    cells = pd.DataFrame(metrics, columns=["metric", "axis", "slice", "threshold"])
    frame = runs.merge(cells, how="cross")
    second = (frame["modality"] == "mixup") | frame["model"].isin(baselines)
    frame["family"] = np.where(second, "secondary", "all")
    n = len(frame)
    corr, seed = rng.normal(0.25, 0.35, n), rng.normal(0.45, 0.35, n)
    for name, middle in (("", corr), ("_seed", seed)):
        half = rng.uniform(0.05, 0.5, n)
        frame[f"estimate{name}"] = np.exp(middle)
        frame[f"low{name}"] = np.exp(middle - half)
        frame[f"high{name}"] = np.exp(middle + half)
    for name in (
        "p",
        "q",
        "p_seed",
        "p_corr",
        "p_window",
        "q_metric",
        "p_ok",
        "q_ok",
        "q_by",
        "q_ok_by",
    ):
        frame[name] = rng.uniform(0, 1, n) ** 2
    frame["detectable"] = frame["threshold"] * rng.uniform(1.1, 2, n)
    frame["status"] = rng.choice(STATUSES, n)
    single = frame["metric"] == "loses_to_naive"
    frame.loc[single, ["estimate_seed", "low_seed", "high_seed", "p_seed"]] = np.nan
    naive = frame["model"] == "naive"
    frame.loc[naive, "status"] = "underfit"
    frame.loc[naive, ["estimate", "low", "high"]] = 1.0
    verdict = np.where(
        frame["low"] > frame["threshold"], "fails", "does not fail"
    ).astype(object)
    open_ = (frame["status"] != "ok") | (frame["high"] > frame["threshold"])
    verdict[open_ & (verdict != "fails") | (frame["status"] != "ok")] = "undecided"
    frame["verdict"] = verdict.astype(str)
    lost = frame["status"] == "not_testable"
    numbers = [
        name for name in frame if frame[name].dtype == float and name != "threshold"
    ]
    frame.loc[lost, numbers] = np.nan
    return frame.assign(seeds=len(seeds), entities=8, blocks=7)


def _scores(domain, modalities, models, seeds, baselines, count, rng) -> pd.DataFrame:
    seen, _ = _entities(domain, count)
    run = {"domain": [domain], "modality": modalities, "model": models, "seed": seeds}
    quarters = [f"{year}Q{part}" for year in range(2018, 2024) for part in range(1, 5)]
    runs = _beside(_cross(**run), baselines)
    times = runs.merge(
        _cross(
            entity=seen, period=quarters, metric=["g_ratio"], column=["seed", "corr"]
        ),
        how="cross",
    )
    course = {
        quarter: 0.3 * np.sin(place / 3) + (0.5 if quarter == "2020Q1" else 0)
        for place, quarter in enumerate(quarters)
    }
    times["value"] = times["period"].map(course) + rng.normal(0.1, 0.15, len(times))
    times.loc[times["column"] == "corr", "value"] *= 0.5
    times.loc[(times["column"] == "corr") & (times["model"] == "naive"), "value"] = 0.0
    times["slice"], times["axis"] = "", "temporal"
    info = [
        *[f"{kind}_{era}" for kind in ("rmse", "rmse_naive", "skill")
          for era in ("train", "id", "test")],
    ]  # fmt: skip
    whole = runs.merge(_cross(entity=seen, metric=info, column=["info"]), how="cross")
    whole = whole.assign(slice="", axis="temporal", period="")
    size = {"rmse": 0.02, "rmse_naive": 0.022, "skill": 0.2}
    whole["value"] = whole["metric"].str.rsplit("_", n=1).str[0].map(size)
    whole["value"] *= np.exp(rng.normal(0, 0.1, len(whole)))
    # The naive forecast is the same whichever model stands beside it.
    naive = whole["metric"].str.startswith("rmse_naive")
    whole.loc[naive, "value"] = (
        whole[naive].groupby(["entity", "metric"])["value"].transform("first")
    )
    frame = pd.concat([times, whole], ignore_index=True)
    judged = (frame["model"] == "naive") & (frame["metric"] == "g_ratio")
    return frame.assign(count=60, status=np.where(judged, "underfit", "ok"))


def _drift(domain, modalities, models, seeds, count, rng) -> pd.DataFrame:
    seen, unseen = _entities(domain, count)
    axes = pd.DataFrame(_axes(domain), columns=["axis", "slice"])
    frame = _cross(
        domain=[domain], modality=modalities, model=models, seed=seeds,
        entity=seen + unseen,
    ).merge(axes, how="cross")  # fmt: skip
    spatial = frame["axis"] == "spatial"
    frame = frame[spatial == frame["entity"].isin(unseen)].reset_index(drop=True)
    n = len(frame)
    frame["drift"] = np.exp(rng.normal(-4.5, 1, n)).clip(1e-5, 1)
    frame["null_mean"], frame["null_sd"], frame["mass"] = 0.003, 0.001, 0.6
    frame["z"] = (frame["drift"] - 0.003) / 0.001
    frame["p"] = np.clip(0.06 * 0.01 / frame["drift"], 0.001, 1)
    frame["status"] = "ok"
    frame = frame.assign(reference_periods=14, test_periods=6)
    return trialtables.drift(frame, rng)


def _ranks(domain, modalities, models, seeds, rng) -> pd.DataFrame:
    features = DOMAINS[domain][1]
    cells = [f"{name} lag {lag}" for name in features for lag in range(1, 15)]
    frames = []
    for level, names in (("feature", features), ("cell", cells)):
        frame = _cross(
            domain=[domain], modality=modalities, model=models, seed=seeds,
            entity=[""], level=[level], name=names,
        )  # fmt: skip
        share = dict(zip(names, rng.dirichlet(np.full(len(names), 0.6)), strict=True))
        for era, noise in (("reference", 0.1), ("test", 0.5)):
            frame[era] = frame["name"].map(share) * np.exp(
                rng.normal(0, noise, len(frame))
            )
            runs = frame.groupby(["modality", "model", "seed"])[era]
            frame[f"{era}_rank"] = runs.rank(ascending=False, method="first").astype(
                int
            )
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _history(domain, modalities, models, seeds, rng) -> pd.DataFrame:
    frame = _cross(
        domain=[domain], modality=modalities, model=models, seed=seeds,
        epoch=range(1, 21),
    )  # fmt: skip
    stop = frame.groupby(["modality", "model", "seed"]).ngroup() % 7 + 14
    frame = frame[frame["epoch"] <= stop].reset_index(drop=True)
    decay = np.exp(-frame["epoch"] / 4)
    frame["train_loss"] = 0.4 + 0.6 * decay + rng.normal(0, 0.01, len(frame))
    frame["val_loss"] = 0.5 + 0.5 * decay + rng.normal(0, 0.02, len(frame))
    return frame.assign(learning_rate=1e-3)


def _cost(domain, modalities, models, seeds, rng) -> pd.DataFrame:
    frame = _cross(
        rule=costs.GPU_RULES, domain=[domain], modality=modalities, model=models,
        seed=seeds,
    )  # fmt: skip
    sizes = {name: 1e9 * 30**place for place, name in enumerate(models)}
    frame["flops_per_window"] = frame["model"].map(sizes) / 1e6
    frame["flops"] = frame["model"].map(sizes) * rng.uniform(0.5, 1, len(frame))
    frame["predicted_flops"] = frame["model"].map(sizes)
    for name in ("seconds", "predicted_seconds", "cpu_seconds", "params"):
        frame[name] = frame["flops"] / 1e9
    frame["gpu_hours"] = frame["predicted_gpu_hours"] = frame["flops"] / 1e16
    for name in ("joules", "cuda_allocated_bytes", "cuda_reserved_bytes"):
        frame[name] = np.nan
    frame = frame.assign(
        device="cpu", device_name="a processor", precision="float32", threads=1,
        windows=1000, held=100, passes=4, memory_bytes=3e8, code="01", facts="23",
    )  # fmt: skip
    return frame[list(costs.LEDGER.columns)]


def _with_budgets(cost: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Add the trainings behind the points of the scaling curves."""
    run = ["domain", "modality", "model", "seed"]
    budgets = points[points["by"] != "all"].drop_duplicates(run)
    whole = cost[(cost["rule"] == "train") & (cost["modality"] == "natural")]
    whole = whole.drop(columns="modality")
    found = budgets[[*run, "fraction"]].merge(whole, on=["domain", "model", "seed"])
    found["flops"] *= found["fraction"]
    return pd.concat([cost, found[cost.columns]], ignore_index=True)


def _trials(domain, models, rng) -> pd.DataFrame:
    frame = _cross(domain=[domain], model=models, trial=range(12))
    n = len(frame)
    ends = rng.choice(["complete", "pruned", "diverged"], n, p=[0.6, 0.3, 0.1])
    frame["state"] = np.where(frame["trial"] < 4, "complete", ends)
    frame["val_loss"] = rng.uniform(0.5, 0.8, n)
    frame.loc[frame["state"] == "diverged", "val_loss"] = np.nan
    stopped = frame["state"] == "pruned"
    frame["epochs"] = np.where(frame["state"] == "complete", 3, 1)
    frame["pruned_at"] = np.where(stopped, 1, 0)
    frame["learning_rate"] = 10 ** rng.uniform(-4, -2.6, n)
    frame["dropout"] = rng.uniform(0, 0.3, n)
    frame["weight_decay"] = 10 ** rng.uniform(-4, -1, n)
    frame["at_edge"] = np.where(frame["dropout"] < 0.015, "dropout", "")
    return frame[list(studies.STUDIES.columns)]


def make(
    domains=("finance", "energy"), modalities=("natural", "timegan"),
    models=MODELS, seeds=3, entities=8, baselines=("naive",),
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return the tables of an experiment of that size."""
    rng = np.random.default_rng(0)
    seeds, modalities, models = range(seeds), list(modalities), list(models)
    sizes = {name: entities - 6 * place for place, name in enumerate(domains)}
    sizes = {name: max(8, size) for name, size in sizes.items()}
    runs = (modalities, models, seeds)
    parts = {
        "tests": [_tests(one, *runs, baselines, rng) for one in domains],
        "scores": [_scores(one, *runs, baselines, sizes[one], rng) for one in domains],
        "drift": [_drift(one, *runs, sizes[one], rng) for one in domains],
        "ranks": [_ranks(one, *runs, rng) for one in domains],
        "history": [_history(one, *runs, rng) for one in domains],
        "cost": [_cost(one, *runs, rng) for one in domains],
        "trials": [_trials(one, models, rng) for one in domains],
    }
    tables = {
        name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()
    }
    claimed = {"mlp": {"gflop_per_epoch": 1.2, "gpu_hours": 0.2}}
    tables["compute"] = ledger.summary(tables["cost"], [tables["tests"]], claimed)
    tables |= {"quality": _quality(), "coverage": _coverage()}
    tables |= _trial(domains, *runs, sizes)
    tables["tests"] = mark(tables["tests"], tables["controls"])
    tables |= planningtables.make(tables["tests"], len(seeds))
    tables |= arenatables.judged(domains, models)
    tables |= comparisontables.make(domains, models, seeds)
    tables["cost"] = _with_budgets(tables["cost"], tables["points"])
    return tables


def _trial(domains, modalities, models, seeds, sizes) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(1)
    found = {"quarters": [], "controls": []}
    for one in domains:
        runs = _cross(domain=[one], modality=modalities, model=models, seed=seeds)
        entities = _entities(one, sizes[one])[0]
        found["quarters"].append(trialtables.quarters(runs, entities, rng))
        found["controls"].append(trialtables.judged(runs, rng))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}


def schema(name: str):
    """Return the schema of a table of that name."""
    special = {"cost": costs.LEDGER, "compute": costs.SUMMARY}
    special |= {"history": results.HISTORIES, "trials": studies.STUDIES}
    if name in special:
        return special[name]
    rooms = (comparisons, controls, planning, signals, results)
    return next(vars(one)[name.upper()] for one in rooms if name.upper() in vars(one))


def _quality() -> pd.DataFrame:
    """Return QUALITY of one source: 2 of 252 hours were filled in."""
    rows = [("", "", 250), ("E12", "repaired", 2)]
    frame = pd.DataFrame(rows, columns=["rule", "action", "rows"])
    return frame.assign(source="load", entity="AAA", year=2010, checked=252)


def _coverage() -> pd.DataFrame:
    """Return COVERAGE of a domain with two entities, one of which is left out."""
    rows = [("AAA", "train", 1000, 10), ("BBB", "train", 500, 100)]
    frame = pd.DataFrame(rows, columns=["entity", "era", "expected", "missing"])
    frame = pd.concat([frame, frame.assign(era="all")], ignore_index=True)
    frame["repaired"] = 2.5
    frame["share"] = (frame["missing"] + frame["repaired"]) / frame["expected"]
    frame["excluded"] = frame["entity"] == "BBB"
    frame["reason"] = np.where(frame["excluded"], "too many days are missing", "")
    return frame


def save(tables: dict[str, pd.DataFrame], folder: Path) -> dict[str, str]:
    """Write tables as the pipeline does; return the path of each."""
    paths = {}
    for name, frame in tables.items():
        csv = name in ("tests", "coverage", "cost", "compute", "controls")
        csv = csv or name in (*comparisontables.NAMES, *planningtables.NAMES)
        csv = csv or name in arenatables.NAMES
        paths[name] = str(folder / f"{name}.{'csv' if csv else 'parquet'}")
        write = storage.write_csv if csv else storage.write_table
        write(frame, paths[name], schema(name))
    return paths


def run(script: str, monkeypatch, inputs: dict, outputs: dict, params: dict):
    """Run a script as its rule would, without its log."""
    monkeypatch.setattr(job, "log_to", lambda path: None)
    rule = SimpleNamespace(
        input=InputFiles(fromdict=inputs),
        output=OutputFiles(fromdict=outputs),
        params=Params(fromdict=params),
        log=[""],
    )
    runpy.run_path(str(SCRIPTS / script), {"snakemake": rule})
