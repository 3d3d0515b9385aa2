"""F6: similarity of the series of a data set, ordered by their groups."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from seqshift.plotting import style
from seqshift.softgroup.plots import common

COLUMNS = [
    *("dataset", "H", "grouping", "row", "column", "row_group", "column_group"),
    *("r", "origins"),
]
MOST = 80  # series in a matrix; of more, so many at equal distances
NAMED = 12  # series whose names fit
MAP = LinearSegmentedColormap.from_list(
    "r", [style.PAPER, style.SKY, style.BLUE, "#002a4a"]
)


def table(tables: dict[str, list[xr.Dataset]]) -> pd.DataFrame:
    """Return |r| of levels for each pair of series, mean over origins, long.

    Each data set is ordered by its right groups and by its wrong ones where it has
    both, by the grouping it has else. `similarity` holds the files of all data sets.
    """
    frames = [
        _long(one, grouping)
        for one in tables["similarity"]
        for grouping in _groupings(one)
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(
        columns=COLUMNS)  # fmt: skip


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw matrices of |r| with lines between groups, and one scale of colours."""
    keys = ["dataset", "H", "grouping"]
    cells = list(frame.groupby(keys, sort=False))
    if not cells:
        return style.empty("No similarity was measured in this run.")
    figure, axes = common.panels(len(cells), 2.5, 0.2)
    for panel, ((dataset, horizon, grouping), own) in zip(axes, cells, strict=True):
        heading = f"{dataset}, H = {horizon}\nby {grouping}"
        panel.set_title(heading, fontsize=style.SMALL)
        shown = _matrix(panel, own)
    bar = figure.colorbar(shown, ax=axes, shrink=0.6, aspect=30, pad=0.02)
    bar.set_label("mean |r| over origins", fontsize=style.SMALL)
    bar.outline.set_linewidth(0.4)
    return figure


def _groupings(one: xr.Dataset) -> list[str]:
    named = [one.attrs[part] for part in ("right", "wrong") if one.attrs[part]]
    return named or [str(one["grouping"].values[0])]


def _long(one: xr.Dataset, grouping: str) -> pd.DataFrame:
    level = one["r"].sel(on="level").values
    labels = one["group"].sel(grouping=grouping).values
    order = np.argsort(labels, kind="stable")
    if len(order) > MOST:
        order = order[np.linspace(0, len(order) - 1, MOST).round().astype(int)]
    names = one["series"].values.astype(str)[order]
    row, column = (places.ravel() for places in np.indices((len(order),) * 2))
    about = {"dataset": one.attrs["dataset"], "H": one.attrs["horizon"]}
    about["origins"] = one.attrs["origins"]
    groups = {
        "row_group": labels[order][row],
        "column_group": labels[order][column],
    }
    values = {"row": names[row], "column": names[column]}
    r = level[np.ix_(order, order)].ravel()
    frame = pd.DataFrame({**values, **groups, "r": r})
    return frame.assign(grouping=grouping, **about)[COLUMNS]


def _matrix(panel: Axes, own: pd.DataFrame):
    names = list(own["row"].drop_duplicates())
    values = own["r"].to_numpy().reshape(len(names), len(names))
    shown = panel.imshow(values, cmap=MAP, vmin=0, vmax=1)
    groups = own.drop_duplicates("row")["row_group"].to_numpy()
    edges = np.flatnonzero(np.diff(groups)) + 0.5
    width = min(0.8, 6 / max(len(edges), 1))  # many groups: lines must not hide them
    for edge in edges:
        panel.axhline(edge, color=style.VERMILLION, lw=width)
        panel.axvline(edge, color=style.VERMILLION, lw=width)
    if len(names) <= NAMED:
        panel.set_xticks(range(len(names)), names, rotation=90)
        panel.set_yticks(range(len(names)), names)
    else:
        panel.set_xticks([])
        panel.set_yticks([])
        panel.set_xlabel(f"{len(names)} series", fontsize=style.SMALL)
    panel.tick_params(length=0)
    return shown
