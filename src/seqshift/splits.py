"""The role of every (entity, day): train, val, tests, embargo, and extreme slices.

The manifest (splits.json) lists, per entity, intervals [first day, last day, role,
id_dates]; thresholds of the extreme slices; the entities that were left out, and why;
and the facts the audit checked.
"""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput

EVALUATED = (
    "id_test",
    "val",
    "temporal_test",
    "spatial_test",
    "spatiotemporal_test",
    "extreme_holdout",
)


def make(
    features: pd.DataFrame, spec: dict, excluded: dict[str, str] | None = None
) -> dict:
    """Return the manifest of a domain; `excluded` entities have no row in features.

    Raises
    ------
    BadInput
        If no ID-test block fits into the train era.
    """
    days = features.drop_duplicates("step").set_index("step")["date"].sort_index()
    shared = _shared_roles(days, spec)
    tested = shared["role"] == "id_test"
    entities = {}
    for entity, rows in features.groupby("entity", sort=True):
        seen = entity in spec["entities"]["seen"]
        frame = shared.loc[rows["step"]]
        role = frame["role"].to_numpy() if seen else _unseen(frame["role"].to_numpy())
        dates = rows["date"].dt.strftime("%Y-%m-%d").to_numpy()
        id_dates = (frame["role"] == "id_test").to_numpy()
        entities[str(entity)] = {
            "seen": seen,
            "intervals": _intervals(dates, role, id_dates),
        }
    return {
        "entities": entities,
        "excluded": excluded or {},
        "thresholds": _thresholds(features, entities, spec),
        "slices": {k: v for k, v in spec["splits"]["slices"].items() if "dates" in v},
        "id_blocks": int(tested.sum()) // spec["splits"]["block"],
        "embargo": spec["splits"]["embargo"],
        "lags": spec["window"]["lags"],
        "span": spec["target"]["span"],
        "scaler_source": "own_train_era",
    }


def roles(manifest: dict, features: pd.DataFrame) -> pd.DataFrame:
    """Return role, id_dates and slice of each row of features, on the same index."""
    role = np.full(len(features), "unused", dtype=object)
    id_dates = np.zeros(len(features), dtype=bool)
    place = pd.Series(np.arange(len(features)), index=features.index)
    for entity, rows in features.groupby("entity"):
        intervals = manifest["entities"][str(entity)]["intervals"]
        starts = np.array([interval[0] for interval in intervals], "datetime64[D]")
        dates = rows["date"].to_numpy().astype("datetime64[D]")
        index = np.searchsorted(starts, dates, side="right") - 1
        at = place[rows.index].to_numpy()
        role[at] = np.array([interval[2] for interval in intervals], object)[index]
        id_dates[at] = np.array([interval[3] for interval in intervals])[index]
    frame = pd.DataFrame({"role": role, "id_dates": id_dates}, index=features.index)
    frame["slice"] = _slices(manifest, features)
    return frame


def _shared_roles(days: pd.Series, spec: dict) -> pd.DataFrame:
    """Return the role of each step of the domain's calendar for a seen entity."""
    split, embargo = spec["splits"], spec["splits"]["embargo"]
    role = pd.Series("unused", index=days.index, dtype=object)
    for name, label in (("train", "train"), ("val", "val"), ("test", "temporal_test")):
        inside = days.between(*split[name])
        role[inside] = label
        if name != "train":
            first = days[inside].index.min()
            role[inside & (days.index < first + embargo)] = "embargo"
    train = (role == "train").to_numpy()
    held = np.zeros(len(days), bool)
    for spans in (s for s in split["slices"].values() if s.get("hold_out")):
        for start, end in spans["dates"]:
            held |= days.between(start, end).to_numpy() & train
    tested = _id_blocks(train, held, spec)
    near = _dilate(held | tested, days.index.to_numpy(), embargo)
    role[train & near] = "embargo"
    role[held] = "extreme_holdout"
    role[tested] = "id_test"
    return pd.DataFrame({"role": role})


def _id_blocks(train: np.ndarray, held: np.ndarray, spec: dict) -> np.ndarray:
    """Mark one block of days in each of K equal strata of the train era."""
    split = spec["splits"]
    block, embargo = split["block"], split["embargo"]
    at = np.flatnonzero(train)
    count = max(1, round(split["fraction"] * len(at) / block))
    draw = np.random.default_rng(np.random.SeedSequence([split["seed"]]))
    free = train & ~held
    marked = np.zeros(len(train), bool)
    for stratum in np.array_split(at, count):
        starts = [
            start
            for start in stratum
            if free[max(0, start - embargo) : start + block + embargo].all()
            and start - embargo >= at[0]
            and start + block + embargo <= at[-1] + 1
            and start + block <= stratum[-1] + 1
        ]
        if starts:
            start = int(draw.choice(starts))
            marked[start : start + block] = True
    if not marked.any():
        raise BadInput(
            f"splits: no block of {block} days with an embargo of {embargo} days fits "
            "into the train era; shorten 'block' or widen 'train'"
        )
    return marked


def _dilate(marked: np.ndarray, steps: np.ndarray, width: int) -> np.ndarray:
    """Mark steps within `width` of a marked one."""
    near = np.zeros(len(marked), bool)
    for step in steps[marked]:
        near |= np.abs(steps - step) <= width
    return near


def _unseen(role: np.ndarray) -> np.ndarray:
    names = {
        "train": "spatial_test",
        "id_test": "spatial_test",
        "val": "unused",
        "temporal_test": "spatiotemporal_test",
    }
    return np.array([names.get(name, name) for name in role], dtype=object)


def _intervals(dates: np.ndarray, role: np.ndarray, id_dates: np.ndarray) -> list:
    change = np.flatnonzero((role[1:] != role[:-1]) | (id_dates[1:] != id_dates[:-1]))
    first = np.concatenate([[0], change + 1])
    last = np.concatenate([change, [len(role) - 1]])
    return [
        [dates[a], dates[b], role[a], bool(id_dates[a])]
        for a, b in zip(first, last, strict=True)
    ]


def _thresholds(features: pd.DataFrame, entities: dict, spec: dict) -> dict:
    """Return the quantile of each train-era feature that starts an extreme slice."""
    history = roles({"entities": entities, "thresholds": {}, "slices": {}}, features)
    train = features[history["role"].isin(["train", "spatial_test"])]
    return {
        name: {
            "feature": rule["feature"],
            "above": rule["quantile"] > 0.5,
            "values": train.groupby("entity")[rule["feature"]]
            .quantile(rule["quantile"])
            .to_dict(),
        }
        for name, rule in spec["splits"]["slices"].items()
        if "quantile" in rule
    }


def _slices(manifest: dict, features: pd.DataFrame) -> pd.Series:
    label = pd.Series("", index=features.index, dtype=object)
    for name, rule in manifest["thresholds"].items():
        bound = features["entity"].map(rule["values"])
        value = features[rule["feature"]]
        label[value >= bound if rule["above"] else value <= bound] = name
    for name, rule in manifest["slices"].items():
        for start, end in rule["dates"]:
            label[features["date"].between(start, end)] = name
    return label
