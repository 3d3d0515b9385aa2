"""F4: gain by band of steps and variable, one matrix a data set."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from seqshift.plotting import style
from seqshift.softgroup.plots import common

ARM = "soft_single_selected"
COLUMNS = [
    *("backbone", "dataset", "H", "world", "arm", "part", "band"),
    *("gain", "low", "high", "p", "q", "seeds", "units"),
]
MAP = LinearSegmentedColormap.from_list(
    "harm-benefit", [style.VERMILLION, "#f7e3d6", style.PAPER, "#d6e6f2", style.BLUE]
)
ROW = 0.26  # inches


def table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the gain of the selected soft arm by part and band (TESTS, scope cell)."""
    tests = tables["tests"]
    return tests[(tests["scope"] == "cell") & (tests["arm"] == ARM)][COLUMNS]


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw each cell with its gain in %, bold where q < .05."""
    cells = common.cells(frame)
    if not cells:
        return style.empty("No gain by variable and step was judged in this run.")
    across = min(2, len(cells))
    lines = [cells[at : at + across] for at in range(0, len(cells), across)]
    heights = [max(own["part"].nunique() for _, own in line) * ROW for line in lines]
    figure = style.blank(style.DOUBLE, sum(heights) + 1.0 * len(lines) + 0.1)
    axes = figure.subplots(
        len(lines), across, squeeze=False, height_ratios=[h + 0.35 for h in heights]
    )
    for panel in axes.ravel()[len(cells) :]:
        panel.set_axis_off()
    reach = max(float(np.nanmax(np.abs(frame["gain"]), initial=0.0)), 0.1)
    for panel, (heading, own) in zip(axes.ravel(), cells, strict=False):
        panel.set_title(heading, fontsize=style.SMALL)
        _matrix(panel, own, TwoSlopeNorm(0, -reach, reach))
    return figure


def _matrix(panel: Axes, own: pd.DataFrame, norm: TwoSlopeNorm):
    first = own["band"].str.partition("-")[0].astype(int)
    bands = own.assign(first=first).drop_duplicates("band").sort_values("first")["band"]
    parts = own["part"].drop_duplicates().tolist()
    shape = {"index": "part", "columns": "band"}
    gains = own.pivot(values="gain", **shape).reindex(parts)[list(bands)]
    sure = own.pivot(values="q", **shape).reindex(parts)[list(bands)] < 0.05
    panel.imshow(gains, cmap=MAP, norm=norm, aspect="auto")
    for (y, x), gain in np.ndenumerate(gains.to_numpy()):
        dark = abs(norm(gain) - 0.5) > 0.38
        look = {"color": style.PAPER if dark else style.INK, "fontsize": style.SMALL}
        weight = "bold" if sure.to_numpy()[y, x] else "normal"
        text = f"{gain:+.2f}".replace("-", "−") if np.isfinite(gain) else "–"
        panel.text(x, y, text, ha="center", va="center", fontweight=weight, **look)
    panel.set_xticks(range(len(bands)), list(bands))
    panel.set_yticks(range(len(parts)), parts)
    panel.set_xlabel("steps ahead", fontsize=style.SMALL)
    panel.tick_params(length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)
