"""F2: what batches of mixed origins gain, and from which neighbours."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style
from seqshift.softgroup.plots import common

CELL = ["backbone", "dataset", "H"]
BARS = {
    "all": ("all\nneighbours", style.PURPLE, ""),
    "past": ("past", style.BLUE, "////"),
    "future": ("future\n(leak)", style.VERMILLION, "...."),
    "hard_longctx": ("longer\ncontext", style.GREEN, "\\\\\\\\"),
    "seed": ("one origin", style.PAPER, ""),
}
COLUMNS = [*CELL, "world", "part", "variant", "lead", "gain", "low", "high"]


def table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the bars, the points of blocks behind them and the curve over leads.

    Part `bar` and `lead` come from T4 (`leaks`), `block` from LEAK (`leak`), and the
    bar of variant seed is the arm of the original in batches of one origin (`gains`).
    """
    leaks = tables["leaks"]
    known = leaks[leaks["gain"].notna() & (leaks["variant"] != "future-past")]
    block = known["design"] == "block"
    longer = (known["design"] == "short") & (known["variant"] == "hard_longctx")
    bars = known[(block & (known["lead"] == 0)) | longer].assign(part="bar")
    leads = known[block & (known["lead"] > 0)].assign(part="lead")
    gains = tables["gains"]
    own = (gains["arm"] == "seed") & (gains["metric"] == "sql")
    same = gains[own & gains["gain"].notna()].merge(bars[CELL].drop_duplicates())
    same = same.assign(part="bar", variant="seed", lead=0)
    frames = [bars, leads, same, _blocks(tables["leak"], bars)]
    return pd.concat([one[COLUMNS] for one in frames if len(one)], ignore_index=True) \
        if len(bars) else pd.DataFrame(columns=COLUMNS)  # fmt: skip


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw bars with intervals and points of blocks; at the right gain over lead."""
    cells = common.cells(frame)
    if not cells:
        return style.empty("No batch of mixed origins was forecast in this run.")
    figure = style.blank(style.DOUBLE, 2.35 * len(cells) + 0.4)
    grid = figure.subplots(len(cells), 2, squeeze=False, width_ratios=(1.25, 1))
    for (left, right), (heading, own) in zip(grid, cells, strict=True):
        left.set_title(heading, fontsize=style.SMALL)
        _bars(left, own)
        _leads(right, own)
    panels.legend(figure, _handles())
    return figure


def _blocks(leak: pd.DataFrame, bars: pd.DataFrame) -> pd.DataFrame:
    """Return the gain of each block of time, over series and seeds, in %."""
    keys = [*CELL, "design", "variant"]
    whole = leak[leak["lead"] == 0]
    mean = whole.groupby([*keys, "block"], as_index=False)["mae_z"].mean()
    hard = mean[mean["variant"] == "hard"].drop(columns="variant")
    level = hard.groupby([*CELL, "design"])["mae_z"].mean().rename("level")
    both = mean.merge(hard, on=[*CELL, "design", "block"], suffixes=("", "_hard"))
    both = both.merge(level, on=[*CELL, "design"]).merge(bars[[*keys, "world"]])
    gain = 100 * (both["mae_z_hard"] - both["mae_z"]) / both["level"]
    return both.assign(part="block", lead=0, gain=gain, low=np.nan, high=np.nan)


def _bars(panel: Axes, own: pd.DataFrame):
    common.zero(panel)
    bars = own[own["part"] == "bar"].set_index("variant")
    names = [name for name in BARS if name in bars.index]
    for at, name in enumerate(names):
        row, (_, colour, hatch) = bars.loc[name], BARS[name]
        edge = style.INK if colour == style.PAPER else style.PAPER
        panel.bar(at, row["gain"], 0.7, color=colour, ec=edge, hatch=hatch, lw=0.6)
        panel.plot([at, at], [row["low"], row["high"]], color=style.INK, lw=1)
        points = own[(own["part"] == "block") & (own["variant"] == name)]["gain"]
        spread = at + np.linspace(-0.24, 0.24, len(points)) if len(points) else []
        look = {"mec": style.INK, "mfc": style.PAPER, "ls": "", "ms": 2.6, "mew": 0.5}
        panel.plot(spread, points, "o", **look)
    panel.set_xticks(range(len(names)), [BARS[name][0] for name in names])
    panel.set_ylabel("gain in mean |error| (%)\n(one origin: in SQL)",
                     fontsize=style.SMALL)  # fmt: skip


def _leads(panel: Axes, own: pd.DataFrame):
    rows = own[own["part"] == "lead"]
    common.zero(panel)
    if rows.empty:
        style.note(panel, "no limit of leads was run")
        return
    leads = np.sort(rows["lead"].unique())
    place = {lead: at for at, lead in enumerate(leads)}
    for name, line, mark in (("future", "-", "o"), ("past", "--", "s")):
        side = rows[rows["variant"] == name].sort_values("lead")
        ends = side["gain"] - side["low"], side["high"] - side["gain"]
        look = {"color": BARS[name][1], "ls": line, "marker": mark, "ms": 3}
        at = side["lead"].map(place)
        panel.errorbar(at, side["gain"], yerr=ends, lw=1, capsize=2, **look)
    panel.set_xticks(range(len(leads)), [f"{lead}" for lead in leads])
    panel.set_xlabel("neighbours up to so many steps away", fontsize=style.SMALL)
    panel.set_ylabel("gain in mean |error| (%)", fontsize=style.SMALL)


def _handles() -> list[Line2D]:
    future = {"color": style.VERMILLION, "marker": "o", "ms": 3, "lw": 1}
    past = {"color": style.BLUE, "ls": "--", "marker": "s", "ms": 3, "lw": 1}
    dots = {"mec": style.INK, "mfc": style.PAPER, "ls": "", "marker": "o", "ms": 2.6}
    return [
        Line2D([], [], label="future neighbours", **future),
        Line2D([], [], label="past neighbours", **past),
        Line2D([], [], color=style.INK, lw=1, label="95 % interval"),
        Line2D([], [], label="block of time", **dots),
    ]
