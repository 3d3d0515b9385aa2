"""What the figures of soft group masks share."""

import pandas as pd
from matplotlib.figure import Figure

from seqshift.plotting import style

ACROSS = 3
KINDS = {
    "corr-abs": ("|r|", style.BLUE, "-", "o"),
    "corr-clip": ("max(r, 0)", style.ORANGE, "--", "s"),
    "corr-affine": ("(1 + r) / 2", style.GREEN, "-.", "^"),
    "corrdiff-abs": ("|r| of differences", style.VERMILLION, ":", "D"),
    "cosine-abs": ("|cosine|", style.PURPLE, (0, (4, 1, 1, 1, 1, 1)), "v"),
    "dist": ("distance", style.SKY, (0, (6, 2)), "P"),
}


def title(row: pd.Series) -> str:
    """Return the heading of a cell: data set and horizon, backbone and world."""
    backbone = f"{row['backbone']}, {row['world']}"
    return f"{row['dataset']}, H = {row['H']}\n({backbone})"


def cells(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the heading and the rows of each cell, in the order of the table."""
    keys = ["backbone", "dataset", "H"]
    groups = frame.groupby(keys, sort=False)
    return [(title(own.iloc[0]), own) for _, own in groups]


def panels(count: int, height: float, extra: float = 0.5, across: int = ACROSS):
    """Return a figure and its panels, `across` in a row; spare ones are hidden."""
    wide = min(across, count)
    rows = -(-count // wide)
    figure: Figure = style.blank(style.DOUBLE, height * rows + extra)
    axes = figure.subplots(rows, wide, squeeze=False).ravel()
    for spare in axes[count:]:
        spare.set_axis_off()
    return figure, list(axes[:count])


def zero(axes, horizontal: bool = True):
    """Draw the line of no gain."""
    draw = axes.axhline if horizontal else axes.axvline
    draw(0, color=style.MUTED, lw=0.6, zorder=0)
