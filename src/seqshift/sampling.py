"""Which windows are explained: fixed by one seed, the same for all runs of a domain."""

from zlib import crc32

import numpy as np
import pandas as pd

from seqshift.schemas import results

SLICES = results.FORECAST_SLICES
SIDE = {"train": "reference", "temporal_test": "test", "spatial_test": "test"}
YEAR = ["entity", "year", "slice"]
GROUP = [*YEAR, "quarter"]  # of one period


def eligible(frame: pd.DataFrame, spec: dict, drift: dict) -> pd.DataFrame:
    """Return row, entity, date, year, slice, quarter and role of all to choose from.

    `frame` is the one beside the windows. Slice "" holds all days; the reference of a
    slice cut by a quantile is the train days that meet the same rule, that of a slice
    cut by dates the train days within `season_days` of its test days' day of year. The
    quarter is that of the date in slice "" and 0 in the others.
    """
    frame = frame.assign(row=np.arange(len(frame)), side=frame["role"].map(SIDE))
    frame = frame[frame["side"].notna()]
    train, test = frame["role"] == "train", frame["role"] == "temporal_test"
    day = frame["date"].dt.dayofyear.to_numpy()
    parts = [frame.assign(slice="")]
    for name, rule in spec["splits"]["slices"].items():
        inside = frame["slice"] == name
        alike = inside
        if "quantile" not in rule:
            alike = _same_season(day, day[inside & test], drift["season_days"])
        parts.append(frame[(inside & test) | (alike & train)].assign(slice=name))
    found = pd.concat(parts).assign(year=lambda part: part["date"].dt.year)
    # A year that two eras share is a reference: a period has one role.
    last = found.loc[found["role"] == "train", "year"].max()
    found = found[(found["role"] != "temporal_test") | ~(found["year"] <= last)]
    found["quarter"] = found["date"].dt.quarter.where(found["slice"] == "", 0)
    found = found[["row", "entity", "date", "year", "slice", "quarter", "side"]]
    found = found.rename(columns={"side": "role"})
    return found.sort_values([*GROUP, "date"]).reset_index(drop=True)


def _same_season(day: np.ndarray, wanted: np.ndarray, width: int) -> np.ndarray:
    apart = np.abs(np.arange(367)[:, None] - np.unique(wanted))
    near = np.minimum(apart, 366 - apart) <= width  # (day of year, wanted day)
    return near.any(axis=1)[day]


def sample(
    found: pd.DataFrame, seen: np.ndarray, spec: dict, drift: dict, by_date: bool
) -> pd.DataFrame:
    """Return the drawn rows of `found`; `seen` flags the windows of seen entities.

    Up to `windows_per_year` windows per entity and year, a quarter of them in each
    calendar quarter, and as many per extreme slice; with `by_date` as many dates, drawn
    from those of the seen entities. Years under `min_windows` are dropped, those of an
    extreme slice under `min_slice_windows`; the years of a slice are then cut to the
    size of the smallest, because a mean over fewer windows is noisier and years of
    unequal noise cannot be permuted.
    """
    year_size = spec["attribution"]["windows_per_year"]
    kept = [found.iloc[:0].assign(turn=0)]
    for names, group in found.groupby(GROUP[1:] if by_date else GROUP):
        *entity, year, label, quarter = names
        code = crc32(entity[0].encode()) if entity else 0
        entropy = [drift["seed"], code, int(year), SLICES.index(label), int(quarter)]
        draw = np.random.default_rng(np.random.SeedSequence(entropy))
        pool = group
        if by_date and seen[group["row"]].any():
            pool = group[seen[group["row"]]]
        most = year_size // 4 if quarter else year_size
        days = draw.permutation(np.sort(pool["date"].unique()))[:most]
        turn = group["date"].map(pd.Series(np.arange(len(days)), index=days))
        kept.append(group.assign(turn=turn)[turn.notna()])
    drawn = _balance(pd.concat(kept), spec["attribution"])
    return drawn.sort_values([*GROUP, "date"]).reset_index(drop=True)


def _balance(drawn: pd.DataFrame, rule: dict) -> pd.DataFrame:
    """Drop years with too few windows; give the years of a slice equal numbers."""
    plain = drawn["slice"] == ""
    least = np.where(plain, rule["min_windows"], rule["min_slice_windows"])
    count = drawn.groupby(YEAR)["row"].transform("size")
    drawn = drawn[count >= least].sort_values([*YEAR, "turn"])
    count = drawn.groupby(YEAR)["row"].transform("size")
    smallest = count.groupby([drawn["entity"], drawn["slice"]]).transform("min")
    place = drawn.groupby(YEAR).cumcount()
    kept = drawn[(drawn["slice"] == "") | (place < smallest)]
    return kept.drop(columns="turn")
