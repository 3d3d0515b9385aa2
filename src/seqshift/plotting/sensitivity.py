"""In which share of all combinations of settings a cell gets which verdict."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from seqshift.plotting import panels, style, verdicts

NEEDED = (
    "domain modality model axis slice metric setting settings fails does_not_fail "
    "undecided verdict kept"
)
SHORT = {"fails": "fails", "does not fail": "not", "undecided": "open"}
# From left to right in a cell; the hatch tells the two coloured ones apart in grey.
PARTS = {"fails": "", "undecided": "", "does not fail": "////"}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw a matrix model × metric of bars, one panel per domain and modality."""
    rows = panels.table(tables, "sensitivity", NEEDED)
    # What a failed control takes from a run is no setting: no row is marked here.
    rows = rows[rows["setting"] == "all"].assign(controls="")
    if rows.empty:
        return style.empty("No setting was varied in this run.")
    figure = verdicts.matrices(rows, _cell)
    panels.legend(figure, _handles())
    return figure


def _cell(panel: Axes, wide: int, high: int, row: pd.Series | None):
    spot = {"ha": "center", "fontsize": style.SMALL}
    box = {"lw": 1.2, "edgecolor": style.PAPER}
    if row is None or row[["fails", "does_not_fail", "undecided"]].isna().any():
        panel.add_patch(Rectangle((wide, high), 1, 1, facecolor="#f6f6f6", **box))
        panel.text(wide + 0.5, high + 0.5, "–", color=style.MUTED, va="center", **spot)
        return
    left, top, depth = wide + 0.04, high + 0.6, 0.32
    for name, hatch in PARTS.items():
        share = 0.92 * float(row[name.replace(" ", "_")])
        colours = {"facecolor": style.VERDICTS[name], "edgecolor": style.PAPER}
        bar = Rectangle((left, top), share, depth, lw=0, hatch=hatch, **colours)
        panel.add_patch(bar)
        left += share
    word = SHORT[row["verdict"]]
    if word == "fails" and row.name[1] == "cos_drift":
        word = "drifts"
    text = f"{word} {100 * row['kept']:.0f} %"
    panel.text(wide + 0.5, high + 0.32, text, va="center", **spot)


def _handles() -> list:
    labels = {name: f" (“{SHORT[name]}”)" for name in SHORT if SHORT[name] != name}
    return [
        Patch(
            fc=style.VERDICTS[name],
            ec=style.PAPER,
            hatch=hatch,
            label=name + labels.get(name, ""),
        )
        for name, hatch in PARTS.items()
    ]
