"""The verdict on every model and metric, with its estimates."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from seqshift.plotting import panels, style

NEEDED = (
    "domain modality model axis slice metric estimate estimate_seed verdict status "
)
NEEDED += "controls"
CELL, ROW = 0.65, 0.3  # inches
LABELS = 0.95  # inches kept for the names of the models


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw a matrix model × metric of verdicts per domain and modality."""
    tests = panels.table(tables, "tests", NEEDED)
    if tests.empty:
        return style.empty("No hypothesis was tested in this run.")
    groups, models = panels.groups(tests), style.order(tests["model"])
    cells = {group: _columns(panels.pick(tests, group)) for group in groups}
    widest = max(len(one) for one in cells.values())
    across = int(style.DOUBLE // (LABELS + CELL * widest))
    across = max(1, min(across, len(groups)))
    lines = math.ceil(len(groups) / across)
    rows = {group: _rows(panels.pick(tests, group), models) for group in groups}
    counts = [len(one) for one in rows.values()]
    ratios = [max(counts[at : at + across]) for at in range(0, len(groups), across)]
    figure = style.blank(style.DOUBLE, ROW * sum(ratios) + 0.95 * lines + 0.55)
    axes = figure.subplots(lines, across, squeeze=False, height_ratios=ratios).ravel()
    for panel, group in zip(axes, groups, strict=False):
        own = panels.pick(tests, group)
        _matrix(panel, own, cells[group], rows[group])
        panel.set_title(" · ".join(group), loc="left", fontweight="bold")
    for panel in axes[len(groups) :]:
        panel.set_axis_off()
    panels.legend(figure, _handles(tests))
    return figure


def _columns(own: pd.DataFrame) -> list[tuple[str, str, str]]:
    known = [*panels.METRICS]
    columns = set(zip(own["metric"], own["axis"], own["slice"], strict=True))
    place = {one[0]: known.index(one[0]) if one[0] in known else 99 for one in columns}
    return sorted(columns, key=lambda one: (place[one[0]], one))


def _rows(own: pd.DataFrame, models: list[str]) -> list[str]:
    """Return all models, but baselines only where they were scored."""
    held = set(own["model"])
    return [name for name in models if name not in style.BASELINES or name in held]


def _matrix(panel: Axes, own: pd.DataFrame, columns, models: list[str]):
    rows = own.set_index(["model", "metric", "axis", "slice"]).sort_index()
    for high, model in enumerate(models):
        for wide, column in enumerate(columns):
            key = (model, *column)
            row = rows.loc[key] if key in rows.index else None
            _cell(panel, wide, high, row)
    panel.set(xlim=(0, len(columns)), ylim=(len(models), 0))
    labels = [
        f"{panels.metric(metric)}\n{panels.where(axis, part)}"
        for metric, axis, part in columns
    ]
    slope = {"rotation": 30, "ha": "left", "rotation_mode": "anchor"}
    panel.xaxis.tick_top()
    panel.set_xticks(np.arange(len(columns)) + 0.5, labels, **slope)
    invalid = set(own.loc[own["controls"] != "", "model"])
    names = [f"{model}\n(invalid)" if model in invalid else model for model in models]
    panel.set_yticks(np.arange(len(models)) + 0.5, names)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)


def _cell(panel: Axes, wide: int, high: int, row: pd.Series | None):
    spot = {"ha": "center", "va": "center", "fontsize": style.SMALL}
    box = {"lw": 1.2, "edgecolor": style.PAPER}
    if row is None:
        panel.add_patch(Rectangle((wide, high), 1, 1, facecolor="#f6f6f6", **box))
        panel.text(wide + 0.5, high + 0.5, "–", color=style.MUTED, **spot)
        return
    colour = style.VERDICTS.get(row["verdict"], style.FAINT)
    box |= {"hatch": "///"} if row["status"] != "ok" else {}
    panel.add_patch(Rectangle((wide, high), 1, 1, facecolor=colour, **box))
    text = _number(row["estimate"])
    if math.isfinite(row["estimate_seed"]):
        text += f" ({_number(row['estimate_seed'])})"
    word = row["verdict"] if row["status"] == "ok" else row["status"].replace("_", " ")
    word = "reference" if row.name[0] == style.NAIVE else word
    panel.text(wide + 0.5, high + 0.5, f"{text}\n{word}", **spot)


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "–"


def _handles(tests: pd.DataFrame) -> list:
    counts = tests["verdict"].value_counts()
    handles = [
        Patch(fc=colour, label=f"{name} ({counts.get(name, 0)})")
        for name, colour in style.VERDICTS.items()
    ]
    hatch = Patch(
        fc=style.PAPER,
        ec=style.MUTED,
        hatch="///",
        label="no verdict because of the status",
    )
    text = Patch(fc="none", label="in a cell: corrected ratio (pre-registered)")
    return [*handles, hatch, text]
