"""Invented tables of the study of soft group masks, with the structure of real ones.

Each arm has a true gain in % of the loss of hard_single; losses vary by origin (with
memory, as overlapping forecasts do), by series and by seed of the backbone.
"""

import numpy as np
import pandas as pd
import xarray as xr

BETAS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, np.inf)
KINDS = ("corr-abs", "corr-clip", "corr-affine", "cosine-abs", "dist", "corrdiff-abs")
CONTROLS = ("permute", "shuffle", "random", "dose", "mix")
ETT = ("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT")
PARENTS = ("CISO", "ERCO", "ISNE", "MISO", "NYIS", "PJM", "SWPP")
STATISTICS = {"alpha": 0.05, "power": 0.8, "margin": 1.0, "draws": 200, "seed": 0}
STATISTICS |= {"alike": 0.9}

CLUSTERS = {
    "backbone": "tiny", "dataset": "clusters", "H": 96, "seeds": [0, 1, 2, 3, 4],
    "kind": "clusters", "source": "drawn", "unit": "replicate", "part": "", "stride": 1,
    "calendar": True, "world": "simulated", "right": "right", "wrong": "wrong",
    "reason": "", "cadence": "hourly", "leak": False, "remarks": [],
    "sweep": {"noise": 0.6, "short": 0.5, "lag": 0.0, "rows": 24.0},
}  # fmt: skip
ETTH1 = {
    "backbone": "tiny", "dataset": "ett-h1", "H": 96, "seeds": [0, 1, 2, 3, 4],
    "kind": "ett", "source": "ett", "unit": "origin", "part": "series", "stride": 24,
    "calendar": True, "world": "real", "right": "type", "wrong": "level",
    "reason": "", "cadence": "hourly", "leak": True, "remarks": [], "sweep": {},
}  # fmt: skip
M4 = {
    "backbone": "tiny", "dataset": "m4-hourly", "H": 48, "seeds": [0, 1, 2, 3, 4],
    "kind": "m4", "source": "m4", "unit": "series", "part": "length", "stride": 1,
    "calendar": False, "world": "real", "right": "", "wrong": "",
    "reason": "", "cadence": "hourly", "leak": False, "remarks": [],
    "sweep": {"rows": 60.0},
}  # fmt: skip
SWEEPS = [
    CLUSTERS
    | {"dataset": f"clusters-{name}", "sweep": CLUSTERS["sweep"] | {key: value}}
    for name, key, value in (
        ("clear", "noise", 0.2), ("noisy", "noise", 1.2), ("long", "short", 0.0),
        ("short", "short", 1.0), ("lag-8", "lag", 8.0), ("lag-24", "lag", 24.0),
        ("96", "rows", 96.0), ("192", "rows", 192.0),
    )
]  # fmt: skip
ETTH2 = ETTH1 | {"dataset": "ett-h2", "reason": "no file of ETTh2 is at hand"}
EIA = {
    cadence: {
        "backbone": "tiny", "dataset": f"eia930-{cadence}", "H": horizon,
        "seeds": [0, 1, 2, 3, 4], "kind": "eia930", "source": "subregions",
        "unit": "origin", "part": "parent",
        "stride": stride, "calendar": True, "world": "real", "right": "right",
        "wrong": "wrong", "reason": "", "cadence": cadence, "leak": False,
        "remarks": [], "sweep": {},
    }
    for cadence, horizon, stride in (("hourly", 96, 168), ("daily", 28, 7),
                                     ("weekly", 8, 4))
}  # fmt: skip
ORIGINS = {"clusters": 40, "ett-h1": 117, "m4-hourly": 3, "eia930-hourly": 52,
           "eia930-daily": 101, "eia930-weekly": 25}  # fmt: skip


def bell(beta: float, top: float, best: float = 2.0) -> float:
    """Return a gain that is highest at a beta and 0 where nothing is shared."""
    if np.isinf(beta):
        return 0.0
    return top * float(np.exp(-0.35 * (np.log((beta + 0.3) / (best + 0.3))) ** 2))


def gains(cell: dict) -> dict[str, float]:
    """Return the true gain of every arm but hard_single, in %."""
    top = {"clusters": 1.2, "eia930": 2.5, "ett": 0.1, "m4": -0.3}[cell["kind"]]
    found = {"hard_joint": 0.5 * top, "hard_random": 0.3 * top, "seed": 0.4 * top}
    if cell["right"]:
        found[f"hard_{cell['right']}"] = 1.5 * top
    if cell["right"] == "right":
        found["oracle"] = 1.5 * top
    for place, kind in enumerate(KINDS):
        betas = BETAS if kind == "corr-abs" else (1.0, 2.0, 5.0)
        for beta in betas:
            found[f"soft_single_{kind}_b{beta:g}"] = bell(beta, top * (1 - 0.1 * place))
    found["soft_single_selected"] = found["soft_single_corr-abs_b2"]
    if cell["wrong"]:
        found[f"hard_{cell['wrong']}"] = -0.2 * top
        for beta in (1.0, 2.0, 5.0):
            found[f"soft_{cell['wrong']}_corr-abs_b{beta:g}"] = 0.7 * bell(beta, top)
        found[f"soft_{cell['wrong']}_selected"] = 0.7 * top
    for suffix, whole in (("b2", top), ("selected", top)):
        shares = (0.2, 0.5, 0.5, 0.5, 0.45)
        for control, share in zip(CONTROLS, shares, strict=True):
            found[f"ctrl_{control}_{suffix}"] = share * whole
    return found | {"ctrl_shrink10": 0.15, "ctrl_ma5": -0.6}


def about(cell: dict) -> pd.DataFrame:
    """Return what the windows say of every series: part, stratum, cluster."""
    names, groups = _series(cell)
    found = pd.DataFrame({"part": "", "stratum": ""}, index=names)
    found["cluster"] = np.arange(len(names))
    if cell["part"]:
        found["part"] = groups
    if cell["unit"] == "series":
        found["stratum"] = groups
        found["cluster"] = np.arange(len(names)) // 2 * 2
    return found


def best(cell: dict) -> dict[str, str]:
    """Return the arm that validation chose of each kind of similarity."""
    return {kind: f"soft_single_{kind}_b2" for kind in KINDS}


def agreement(cell: dict, seed: int, of: dict[str, float]) -> pd.DataFrame:
    """Return what AGREEMENT says of the arms."""
    rows = []
    for place, arm in enumerate(["hard_single", *of]):
        parts = arm.split("_")
        row = {"arm": arm, "groups": "single", "kind": "hard", "how": "", "on": "",
               "control": "", "of": "", "beta": np.nan}  # fmt: skip
        if parts[0] == "hard":
            row["groups"] = parts[1]
        elif parts[0] == "ctrl":
            row |= {"control": parts[1], "of": "hard_single"}
            if len(parts) > 2:
                plain = {"selected": "soft_single_selected"}
                row["of"] = plain.get(parts[2], f"soft_single_corr-abs_{parts[2]}")
        elif parts[0] == "soft":
            row |= {"groups": parts[1], "kind": "corr", "how": "abs", "on": "level"}
            row["beta"] = float(parts[3][1:]) if len(parts) > 3 else 2.0
        row |= {"agreement": 0.97 - 0.002 * place, "pearson": 0.986}
        dose = row["control"] == "dose"
        row |= {"mass": 0.21 if dose else np.nan, "level": 0.4 if dose else np.nan}
        row |= {"weight": 0.35 if row["control"] == "mix" else np.nan}
        row |= {"batches": 117, "units": 117, "rows": 7, "row_order": "a-b-c"}
        rows.append(row)
    frame = pd.DataFrame(rows)
    return frame.assign(temperature=1 / frame["beta"], **_run(cell, seed))


def losses(
    cell: dict, seed: int, of: dict[str, float] | None = None, split: str = "test",
    noise: float = 2.0,
) -> pd.DataFrame:  # fmt: skip
    """Return LOSSES of a cell and seed; `noise` is the sd of a gain by origin, in %."""
    of = gains(cell) if of is None else of
    shared = np.random.default_rng([7, len(cell["dataset"]), cell["H"]])
    names, groups = _series(cell)
    count = ORIGINS.get(cell["dataset"], 60) if split == "test" else 20
    bands = _bands(cell["H"])
    size = (count, len(names), len(bands))
    level = 0.7 * np.exp(0.2 * _memory(shared, count, 4)[:, None, None]
                         + 0.2 * shared.standard_normal(size))  # fmt: skip
    # (origin, series, band): what the arms share, then what tells them apart
    frames = []
    for arm in ["hard_single", *of]:
        own = 1.5 * shared.standard_normal(size)
        if cell["unit"] == "origin":
            own += 0.7 * _memory(shared, count, 4)[:, None, None]
        rng = np.random.default_rng([seed, len(arm), count])
        gain = of.get(arm, 0.0) * (1 + 0.25 * rng.standard_normal())
        wobble = 0.0 if arm == "hard_single" else noise * own
        frames.append(level * (1 - (gain + wobble * (gain != 0)) / 100))
    grid = np.stack(frames)  # (arm, origin, series, band)
    return _frame(grid, ["hard_single", *of], cell, seed, split, names, groups, bands)


def _frame(grid, arms, cell, seed, split, names, groups, bands) -> pd.DataFrame:
    index = np.indices(grid.shape).reshape(4, -1)
    arm, origin, series, band = index
    value = grid.ravel()
    hours = {"hourly": 1, "daily": 24, "weekly": 168}[cell["cadence"]] * cell["stride"]
    start = pd.Timestamp("2023-01-02") + pd.to_timedelta(origin * hours, "h")
    steps = np.array([last - first + 1 for first, last in bands])
    labels = np.array([f"{first}-{last}" for first, last in bands])
    plain = {"mase": 1.2 * value, "sql": value, "cover80": 0.79, "width80": 1.5}
    return pd.DataFrame(
        {
            **_run(cell, seed),
            "arm": np.array(arms)[arm],
            "leak": 0,
            "split": split,
            "origin": 100 + origin * cell["stride"],
            "origin_time": start if cell["calendar"] and cell["stride"] > 1 else pd.NaT,
            "series": np.array(names)[series],
            "group": np.array(groups)[series],
            "step_band": labels[band],
            "n_steps": steps[band],
            **plain,
            "wql_num": value * steps[band],
            "wql_den": 5.0 * steps[band],
            "mae_z": 0.4 * value,
            "mse_z": 0.3 * value,
        }
    ).astype({"origin_time": "datetime64[ns]"})


def _run(cell: dict, seed: int) -> dict:
    return {"seed": seed} | {name: cell[name] for name in ("backbone", "dataset", "H")}


def _series(cell: dict) -> tuple[list[str], list[str]]:
    if cell["kind"] == "ett":
        return list(ETT), list(ETT)
    if cell["kind"] == "m4":
        names = [f"H{place}" for place in range(1, 61)]
        return names, [f"length class {1 + (place >= 20)}" for place in range(60)]
    if cell["kind"] == "clusters":
        return [f"{a}-{b}" for a in range(6) for b in range(4)], ["all"] * 24
    groups = [parent for parent in PARENTS for _ in range(2)]
    return [f"{name}-{place}" for place, name in enumerate(groups)], groups


def _bands(horizon: int) -> list[tuple[int, int]]:
    edges = [1, 25, 49, 73, 97, 193, 337, 721]
    inside = [edge for edge in edges if edge <= horizon]
    ends = [*(edge - 1 for edge in inside[1:]), horizon]
    return list(zip(inside, ends, strict=True))


def _memory(rng: np.random.Generator, count: int, q: int) -> np.ndarray:
    """Return a moving average of q with unit deviation, (count,)."""
    parts = np.cumsum(np.pad(rng.standard_normal(count + q - 1), (1, 0)))
    return (parts[q:] - parts[:-q]) / np.sqrt(q)


def leak(cell: dict, seed: int, future: float = 3.0, past: float = 1.0) -> pd.DataFrame:
    """Return LEAK: what later and earlier neighbours gain, in %; all gains less."""
    rng = np.random.default_rng([seed, 9])
    shared = np.random.default_rng(9)
    truth = {("hard", 0): 0.0, ("all", 0): future - 0.4, ("past", 0): past}
    truth[("future", 0)] = future
    for lead in (8, 24, 48, 96):
        truth["future", lead] = future * lead / 120
        truth["past", lead] = past * lead / 120
    designs = {"block": truth, "short": {**dict(list(truth.items())[:4])}}
    designs["short"]["hard_longctx", 0] = 0.8 * past
    rows = []
    for design, variants in designs.items():
        levels = 0.5 * np.exp(0.2 * shared.standard_normal((8, 7)))
        for (variant, lead), gain in variants.items():
            for block in range(8):
                for place, series in enumerate(ETT):
                    own = gain + (0.5 * rng.standard_normal() if gain else 0)
                    error = levels[block, place] * (1 - own / 100)
                    share = 0.5 + 0.05 * own if gain else 0.0
                    rows.append(
                        {"design": design, "series": series, "block": block,
                         "variant": variant, "lead": lead,
                         "context": 256 if design == "block" else 128,
                         "windows": 256 if design == "block" else 128,
                         "mae_z": error, "mae_first": error * (1 - 0.002 * own),
                         "mae_last": error * (1 + 0.002 * own),
                         "improved": min(max(share, 0), 1), "pearson": 0.987,
                         "mase_seed": 2 * error, "gain_mean": 0.01 * own,
                         "gain_sd": 0.3}
                    )  # fmt: skip
    return pd.DataFrame(rows).assign(leak=1, **_run(cell, seed))


def curve(cell: dict, seed: int, gain: float = 0.1) -> pd.DataFrame:
    """Return CURVE: first windows scatter, blocks of all windows less so."""
    rng, rows = np.random.default_rng([seed, 11]), []
    for windows in (100, 200, 500, 1000, 2000, 8400):
        spread = 30 / np.sqrt(windows)
        for sampling, draws in (("first", 1), ("blocks", 10)):
            for draw in range(draws):
                own = gain + spread * rng.standard_normal()
                reach = spread * (0.5 if sampling == "first" else 2.0)
                rows.append({"sampling": sampling, "windows": windows, "draw": draw,
                             "origins": max(1, windows // 7), "gain_pct": own,
                             "low": own - reach, "high": own + reach,
                             "naive_t": 2.0 * own / spread})  # fmt: skip
    about = {"arm": "seed", "base": "hard_single", "leak": 0}
    return pd.DataFrame(rows).assign(**about, **_run(cell, seed))


def mass(cell: dict, seed: int) -> pd.DataFrame:
    """Return MASS: attention on other groups, which falls as beta rises."""
    rows = [
        {"arm": f"soft_single_{kind}_b{beta:g}", "kind": "corr", "how": "abs",
         "on": "level", "beta": beta, "layer": layer,
         "mass": 0.0 if np.isinf(beta) else (0.7 - 0.1 * layer) / (1 + 0.4 * beta)}
        for kind in KINDS
        for beta in BETAS
        for layer in (0, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**_run(cell, seed))


def similarity(cell: dict) -> pd.DataFrame:
    """Return SIMILARITY of level, by grouping and origin."""
    level = {"clusters": 0.48, "ett": 0.35, "m4": 0.55, "eia930": 0.8}[cell["kind"]]
    groupings = [name for name in (cell["right"], cell["wrong"], "joint") if name]
    rows = [
        {"grouping": grouping, "on": "level", "origin": origin,
         "within": level * (1.0 if grouping == cell["right"] else 0.5),
         "across": 0.3 * level}
        for grouping in groupings
        for origin in range(5)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(dataset=cell["dataset"], H=cell["H"])


def matrix(cell: dict) -> xr.Dataset:
    """Return what similarity.nc holds: |r| of series and their groupings."""
    names, _ = _series(cell)
    rng = np.random.default_rng(len(names))
    size = {"clusters": 4, "eia930": 2, "ett": 3, "m4": 20}[cell["kind"]]
    right = np.arange(len(names)) // size
    groups = {cell["right"] or "length": right}
    if cell["wrong"]:
        groups[cell["wrong"]] = np.arange(len(names)) % size
    noise = rng.uniform(0, 0.25, (len(names),) * 2)
    r = np.where(right[:, None] == right[None, :], 0.65, 0.15) + (noise + noise.T) / 2
    np.fill_diagonal(r, 1)
    return xr.Dataset(
        {"r": (("on", "series", "other"), r[None]),
         "group": (("grouping", "series"), np.stack(list(groups.values())))},
        coords={"on": ["level"], "series": names, "other": names,
                "grouping": list(groups)},
        attrs={"dataset": cell["dataset"], "horizon": cell["H"], "origins": 40,
               "right": cell["right"], "wrong": cell["wrong"]},
    )  # fmt: skip
