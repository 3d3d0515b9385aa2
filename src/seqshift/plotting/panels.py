"""What several figures share: groups, grids of panels, logarithmic ticks."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from seqshift.plotting import style

ACROSS = 5  # panels side by side; narrower ones cannot hold a label of 7 points
# Ticks of a decade, in the order of need.
STEPS = (2, 5, 3, 1.5, 7, 4, 6, 8, 1.2, 9, 1.1, 2.5, 1.3, 1.4)
METRICS = {
    "g_ratio": "G-Ratio",
    "loses_to_naive": "Loses to naive",
    "transfer_gap": "Transfer-Gap",
    "robustness_delta": "Robustness Δ",
    "collapse": "Synthetic-Collapse",
    "cos_drift": "Cos-Drift",
}
Group = tuple[str, str]


def table(tables: dict[str, pd.DataFrame], name: str, columns: str) -> pd.DataFrame:
    """Return a table, or an empty one with these columns if the run made none."""
    frame = tables.get(name)
    if frame is None or frame.empty:
        return pd.DataFrame({column: [] for column in columns.split()})
    return frame


def groups(frame: pd.DataFrame) -> list[Group]:
    """Return the pairs (domain, modality) of a table, natural data first."""
    place = {name: at for at, name in enumerate(modalities(frame))}
    pairs = set(zip(frame["domain"], frame["modality"], strict=True))
    return sorted(pairs, key=lambda pair: (pair[0], place[pair[1]]))


def modalities(frame: pd.DataFrame) -> list[str]:
    """Return the modalities of a table: natural, the known ones, the others."""
    names = set(frame["modality"])
    known = [name for name in style.MARKS if name in names]
    return [*known, *sorted(names - set(known))]


def pick(frame: pd.DataFrame, group: Group, model: str | None = None) -> pd.DataFrame:
    """Return the rows of a group, or of one model in it."""
    rows = (frame["domain"] == group[0]) & (frame["modality"] == group[1])
    if model is not None:
        rows &= frame["model"] == model
    return frame[rows]


def metric(name: str) -> str:
    """Return the printed name of a metric."""
    return METRICS.get(name, name.replace("_", " "))


def where(axis: str, part: str) -> str:
    """Return the printed name of an axis and its slice."""
    return f"{axis} {part}".strip()


def seeds(frame: pd.DataFrame) -> str:
    """Return how many seeds a table holds, in words."""
    number = frame["seed"].nunique()
    return f"{number} seed{'' if number == 1 else 's'}"


def grid(
    rows: dict[Group, float],
    models: list[str] | dict[Group, list[str]],
    extra: float = 0.6,
) -> tuple[Figure, dict[tuple[Group, str], Axes]]:
    """Return a figure of one panel per group and model, models across.

    Parameters
    ----------
    rows
        Height in inches of the panels of each group.
    models
        Names of the panels of every group, or of each group.
    extra
        Height in inches kept for the legend.
    """
    names = models if isinstance(models, dict) else dict.fromkeys(rows, models)
    across = min(ACROSS, max(len(own) for own in names.values()))
    lines = {group: math.ceil(len(names[group]) / across) for group in rows}
    heights = [rows[group] for group in rows for _ in range(lines[group])]
    figure = style.blank(style.DOUBLE, sum(heights) + 0.62 * len(heights) + extra)
    axes = figure.subplots(
        len(heights), across, squeeze=False, height_ratios=heights
    )  # (group x line, across)
    panels, start = {}, 0
    for group, count in lines.items():
        own = axes[start : start + count].ravel()
        start += count
        for panel, model in zip(own, names[group], strict=False):
            panels[group, model] = panel
            panel.set_title(model, fontsize=style.SMALL)
        for panel in own[len(names[group]) :]:
            panel.set_axis_off()
        heading(own[0], " · ".join(group))
    return figure, panels


def heading(axes: Axes, text: str, key: str = ""):
    """Write a heading, and a line of explanation, above a row of titled panels."""
    bold = {"fontweight": "bold", "fontsize": style.NORMAL}
    axes.set_title(text + ("\n\n" if key else "\n"), loc="left", **bold)
    if key:
        spot = {"xycoords": "axes fraction", "textcoords": "offset points"}
        # The room is made by the title, whose own width the layout rightly ignores.
        put = {"fontsize": style.SMALL, "in_layout": False}
        axes.annotate(key, (0, 1), (0, 16), **spot, **put)


def first(models: list[str], model: str) -> bool:
    """Tell whether a model's panel begins a row of the grid."""
    return models.index(model) % ACROSS == 0


def outer(models: list[str], own: dict[str, Axes]) -> list[Axes]:
    """Return the first panel with lines of each row of a group: it bears the labels."""
    rows: dict[int, Axes] = {}
    for place, model in enumerate(models):
        if own[model].lines:
            rows.setdefault(place // ACROSS, own[model])
    return list(rows.values())


def last(models: list[str], model: str) -> bool:
    """Tell whether no panel stands below a model's panel in its group."""
    return models.index(model) + ACROSS >= len(models)


def share_limits(axes: list[Axes], axis: str):
    """Give panels the union of their limits."""
    ends = np.array([getattr(one, f"get_{axis}lim")() for one in axes])  # (panel, 2)
    for one in axes:
        getattr(one, f"set_{axis}lim")(ends[:, 0].min(), ends[:, 1].max())


def log_axis(axis: Axis, low: float, high: float, room: float, keep: tuple = ()):
    """Make an axis logarithmic with plain numbers as ticks.

    Parameters
    ----------
    low, high
        Limits, both positive.
    room
        Smallest distance of two ticks as a share of the axis.
    keep
        Values that get a tick before all others.
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    whole = [10.0**power for power in decades]
    parts = [step * ten for step in STEPS for ten in whole]
    width = math.log(high / low)
    chosen: list[float] = []
    for value in [*keep, *whole, *parts]:
        inside = low * 0.999 <= value <= high * 1.001
        free = all(abs(math.log(value / one)) > room * width for one in chosen)
        if inside and free:
            chosen.append(value)
    chosen.sort()
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.axes.set(**{f"{axis.axis_name}lim": (low, high)})
    axis.set_major_locator(FixedLocator(chosen))
    axis.set_major_formatter(FixedFormatter([f"{value:g}" for value in chosen]))
    axis.set_minor_locator(NullLocator())


def finite(*columns: pd.Series) -> np.ndarray:
    """Return all finite positive numbers of some columns."""
    values = np.concatenate([np.asarray(one, float).ravel() for one in columns])
    return values[np.isfinite(values) & (values > 0)]


def legend(figure: Figure, handles: list, width: float = style.DOUBLE):
    """Write the legend above the panels in as many columns as fit the width."""
    if not handles:
        return
    widest = max(len(handle.get_label()) for handle in handles)
    across = max(1, int(width / (0.058 * widest + 0.45)))
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=min(across, len(handles)),
    )
