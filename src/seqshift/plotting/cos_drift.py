"""Cos-Drift of every entity on every axis, a heat map per model."""

import math

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from seqshift.plotting import panels, style

NEEDED = "domain modality model seed entity variant axis slice drift p"
AXES = ("temporal", "spatial", "extreme", "overall")
LEVEL = 0.05  # a permutation p below this counts as drift in that seed
DOTS = ((0.999, 4.4, "all seeds"), (0.5, 3, "half or more"), (1e-9, 1.6, "fewer"))
ROWS = 6.4  # inches that all rows share, so that the figure fits a page
TALLEST, LEAST = 0.16, 0.036  # inches of a row
LINE = 0.105  # inches that a label needs


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw entity × axis maps of the mean Cos-Drift over seeds."""
    drift = panels.table(tables, "drift", NEEDED)
    drift = drift[drift["variant"] == "ig"]
    if drift.empty:
        return style.empty("No Cos-Drift was measured in this run.")
    cells = _cells(drift)
    models = style.order(drift["model"])
    modalities = panels.modalities(drift)
    domains = {(name,): part for name, part in cells.groupby("domain")}
    total = sum(part["entity"].nunique() for part in domains.values())
    row = float(np.clip(ROWS / total, LEAST, TALLEST))
    rows = {
        group: max(0.7, row * part["entity"].nunique())
        for group, part in domains.items()
    }
    figure, grid = panels.grid(rows, models, extra=1.3)
    figure.get_layout_engine().set(w_pad=0.07)
    colours = ScalarMappable(_norm(cells["drift"]), colormaps["viridis"])
    for (group, model), panel in grid.items():
        own = domains[group]
        _map(panel, own, own[own["model"] == model], modalities, colours, row)
        if panels.first(models, model):
            _stagger(panel, row)
        else:
            panel.set_yticklabels([])
        if not panels.last(models, model):
            panel.set_xticklabels([])
    _bar(figure, list(grid.values()), colours, panels.seeds(drift))
    panels.legend(figure, _handles(modalities, row))
    return figure


def _cells(drift: pd.DataFrame) -> pd.DataFrame:
    """Return mean drift over seeds and the share of seeds with a small p."""
    drift = drift.assign(small=(drift["p"] < LEVEL).where(drift["p"].notna()))
    drift["small"] = drift["small"].astype(float)
    key = ["domain", "modality", "model", "entity", "axis", "slice"]
    cells = drift.groupby(key, as_index=False)[["drift", "small"]].mean()
    cells["place"] = cells["axis"].map({axis: n for n, axis in enumerate(AXES)})
    return cells.sort_values([*key[:3], "place", "slice", "entity"])


def _stagger(panel: Axes, row: float):
    """Set labels in as many columns as they need not to touch each other."""
    columns = math.ceil(LINE / row)
    ticks = panel.yaxis.get_major_ticks()
    widest = max(len(tick.label1.get_text()) for tick in ticks)
    for place, tick in enumerate(ticks):
        tick.set_pad(2 + (place % columns) * (5.2 * widest + 3))


def _scaled(size: float, row: float) -> float:
    """Return the size of a dot in points, smaller where rows are thin."""
    return size * min(1.0, row * 72 * 0.85 / DOTS[0][1])


def _norm(values: pd.Series) -> LogNorm:
    good = panels.finite(values)
    if not len(good):
        return LogNorm(0.001, 1)
    low, high = good.min(), max(good.max(), good.min() * 1.5)
    # Drift spans decades; everything under a hundredth of the top looks alike anyway.
    return LogNorm(max(low, high / 1000), high)


def _entities(own: pd.DataFrame) -> list[str]:
    """Return entities by name, those of the spatial axis only (unseen) at the end."""
    unseen = set(own["entity"]) - set(own.loc[own["axis"] != "spatial", "entity"])
    return sorted(own["entity"].unique(), key=lambda name: (name in unseen, name))


def _map(
    panel: Axes, own, part: pd.DataFrame, modalities: list[str], colours, row: float
):
    entities = _entities(own)
    axes = list(dict.fromkeys(zip(own["axis"], own["slice"], strict=True)))
    step = len(modalities)
    rows = part["entity"].map(entities.index).to_numpy(int)
    pairs = zip(part["axis"], part["slice"], strict=True)
    columns = np.array([axes.index(pair) for pair in pairs], int) * step
    columns += part["modality"].map(modalities.index).to_numpy(int)
    drift, small = np.full((2, len(entities), len(axes) * step), np.nan)
    drift[rows, columns], small[rows, columns] = part["drift"], part["small"]
    # A drift of exactly zero has no place on a log scale: it takes the lowest colour.
    shown = np.ma.masked_invalid(np.where(drift > 0, drift, drift + colours.norm.vmin))
    panel.patch.set(facecolor="#f2f2f2", edgecolor="#bdbdbd", hatch="////////", lw=0)
    edges = {"edgecolors": style.PAPER, "linewidth": 0.3}
    panel.pcolormesh(shown, norm=colours.norm, cmap=colours.cmap, **edges)
    _dots(panel, small, row)
    for place in range(step, step * len(axes), step):
        panel.axvline(place, color=style.PAPER, lw=3)
    panel.set(xlim=(0, step * len(axes)), ylim=(len(entities), 0))
    panel.set_yticks(np.arange(len(entities)) + 0.5, entities)
    labels = [slice_ or axis for axis, slice_ in axes]
    panel.set_xticks((np.arange(len(axes)) + 0.5) * step, labels, rotation=90)
    panel.tick_params(length=0, pad=2)
    panel.spines[:].set_visible(False)
    if part.empty:
        style.say(panel, "no run")


def _dots(panel: Axes, small: np.ndarray, height: float):
    low = 0.0
    for least, size, _ in reversed(DOTS):
        high = next((one[0] for one in reversed(DOTS) if one[0] > least), np.inf)
        row, column = np.nonzero((small >= max(least, low)) & (small < high))
        panel.plot(column + 0.5, row + 0.5, "o", ms=_scaled(size, height), **_ink())


def _ink() -> dict:
    return {"mfc": style.PAPER, "mec": style.INK, "mew": 0.4}


def _bar(figure: Figure, axes: list[Axes], colours: ScalarMappable, seeds: str):
    bar = figure.colorbar(
        colours, ax=axes, location="top", shrink=0.6, pad=0.01, aspect=40
    )
    limits = colours.norm.vmin, colours.norm.vmax
    panels.log_axis(bar.ax.xaxis, *limits, room=0.08)
    bar.set_label(
        f"Cos-Drift 1 − cos(reference, test), mean over {seeds} (dimensionless, log)"
    )
    bar.ax.yaxis.set_major_locator(NullLocator())


def _handles(modalities: list[str], row: float) -> list:
    dots = [
        Line2D([], [], ls="", marker="o", ms=_scaled(size, row), label=f"p < {LEVEL:g} in {text}",
               **_ink())
        for _, size, text in DOTS
    ]  # fmt: skip
    grey = Patch(fc="#f2f2f2", ec="#bdbdbd", hatch="////////", label="not defined")
    text = "modality: " if len(modalities) == 1 else "columns of an axis: "
    return [*dots, grey, Line2D([], [], ls="", label=text + ", ".join(modalities))]
