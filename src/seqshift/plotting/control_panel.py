"""Every control of Cos-Drift with the band in which it must lie, per model."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from seqshift.plotting import panels, style

NEEDED = "domain modality model control value low high bound passed status seeds units"
# Control -> title, what the axis shows, its scale and the side it must lie on.
PANELS = {
    "pooled": ("pooled shuffle", "excess of D", "linear", "under"),
    "label-permutation": ("label permutation", "excess of p, KS", "share", "under"),
    "id-id": ("ID against ID", "share rejected", "share", "under"),
    "randomised": ("randomised model", "1 − cos to trained", "log", "over"),
    "graded": ("graded shift", "share found", "share", "over"),
    "completeness": ("completeness", "gap (z-units)", "log", "under"),
    "within": ("literal shuffle", "D / observed D", "ratio", "inform"),
    "untrained": ("untrained model", "D / observed D", "ratio", "inform"),
}
LOOKS = {
    "passed": ("o", style.BLUE, "passed"),
    "failed": ("X", style.VERMILLION, "failed: the run is marked invalid"),
    "informative": ("D", style.MUTED, "informs, does not decide"),
}
ACROSS, ROW = 4, 0.115  # panels side by side; inches of a run
BAND = "#d9ece4"


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw one panel per domain and control, a row per model and modality."""
    controls = panels.table(tables, "controls", NEEDED)
    if controls.empty:
        return style.empty("No control was judged in this run.")
    domains, runs = sorted(controls["domain"].unique()), _runs(controls)
    lines = math.ceil(len(PANELS) / ACROSS)
    heights = [max(0.5, ROW * len(runs))] * (lines * len(domains))
    size = sum(heights) + 0.66 * len(heights) + 0.2 * len(domains) + 0.4
    figure = style.blank(style.DOUBLE, size)
    grid = figure.subplots(
        len(heights), ACROSS, squeeze=False, height_ratios=heights
    )  # (domain x line, across)
    for place, domain in enumerate(domains):
        own = grid[lines * place : lines * (place + 1)].ravel()
        part = controls[controls["domain"] == domain]
        for at, (panel, control) in enumerate(zip(own, PANELS, strict=True)):
            _panel(panel, part[part["control"] == control], runs, control)
            if at % ACROSS:
                panel.set_yticklabels([])
        panels.heading(own[0], domain + "\n")
    panels.legend(figure, _handles(controls))
    return figure


def _runs(own: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs (model, modality), modalities of a model together."""
    pairs = set(zip(own["model"], own["modality"], strict=True))
    names = panels.modalities(own)
    models = style.order(own["model"])
    return [(m, one) for m in models for one in names if (m, one) in pairs]


def _panel(panel: Axes, own: pd.DataFrame, runs: list, control: str):
    title, what, scale, side = PANELS[control]
    panel.set_title(f"{title}\n{what}", fontsize=style.SMALL)
    _scale(panel, own, scale)
    rows = own.set_index(["model", "modality"])
    for high, run in enumerate(runs):
        if run in rows.index:
            _row(panel, rows.loc[run], high, side)
        else:
            _say(panel, high, "no run")
    if side == "inform":
        panel.axvline(1, color=style.MUTED, lw=0.8, ls=(0, (3, 2)), zorder=1)
    labels = [model if at == 0 or runs[at - 1][0] != model else "" for at, (model, _)
              in enumerate(runs)]  # fmt: skip
    if len({modality for _, modality in runs}) > 1:
        labels = [f"{label}  {run[1]}".strip() for label, run in
                  zip(labels, runs, strict=True)]  # fmt: skip
    panel.set_yticks(np.arange(len(runs)), labels)
    panel.set_ylim(len(runs) - 0.5, -0.5)
    panel.tick_params(axis="y", length=0, pad=2)


def _scale(panel: Axes, own: pd.DataFrame, scale: str):
    """Fit the axis to all values, interval ends and bounds of the panel."""
    numbers = own[["value", "low", "high", "bound"]].to_numpy(float)
    numbers = numbers[np.isfinite(numbers)]
    if scale == "share":
        panel.set_xlim(-0.04, 1.04)
    elif scale == "linear" or not (numbers > 0).any():
        low, high = (min(0.0, *numbers), max(0.0, *numbers)) if len(numbers) else (0, 1)
        edge = 0.08 * (high - low or 1.0)
        panel.set_xlim(low - edge, high + edge)
        panel.xaxis.set_major_locator(MaxNLocator(3))
        return
    else:
        low, high = _decades(numbers, scale)
        panels.log_axis(panel.xaxis, low, high, room=0.28, keep=_keep(own, scale))
        return
    panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])


def _decades(numbers: np.ndarray, scale: str) -> tuple[float, float]:
    positive = numbers[numbers > 0]
    low, high = positive.min() / 1.6, positive.max() * 1.6
    return (min(low, 0.4), max(high, 2.5)) if scale == "ratio" else (low, high)


def _keep(own: pd.DataFrame, scale: str) -> tuple[float, ...]:
    """Return what needs a tick: a ratio of one, or the bound that all runs share."""
    bounds = own["bound"].dropna().unique()
    shared = tuple(bounds[bounds > 0]) if len(bounds) == 1 else ()
    return (1.0,) if scale == "ratio" else shared


def _row(panel: Axes, row: pd.Series, high: int, side: str):
    low_end, high_end = panel.get_xlim()
    if math.isfinite(row["bound"]):
        ends = (low_end, row["bound"]) if side == "under" else (row["bound"], high_end)
        box = {"fc": BAND, "ec": "none", "zorder": 0}
        panel.add_patch(
            Rectangle((ends[0], high - 0.42), ends[1] - ends[0], 0.84, **box)
        )
    if row["status"] == "not_testable" or not math.isfinite(row["value"]):
        lost = row["status"] == "not_testable"
        _say(panel, high, "not testable" if lost else "no value")
        return
    state = "passed" if row["passed"] else "failed"
    mark, colour, _ = LOOKS[state if row["status"] == "ok" else "informative"]
    panel.plot([row["low"], row["high"]], [high, high], lw=1, color=colour)
    panel.plot(row["value"], high, mark, ms=4.2, color=colour, mec=style.PAPER, mew=0.3)


def _say(panel: Axes, high: int, text: str):
    put = {"ha": "center", "va": "center", "fontsize": style.SMALL, "style": "italic"}
    spot = {"transform": panel.get_yaxis_transform(), "color": style.MUTED}
    panel.text(0.5, high, text, **put, **spot)


def _handles(controls: pd.DataFrame) -> list:
    marks = [
        Line2D([], [], ls="", marker=mark, color=colour, ms=4.2, label=text)
        for mark, colour, text in LOOKS.values()
    ]
    line = Line2D([], [], color=style.INK, lw=1, label="interval, or ends over units")
    band = Patch(fc=BAND, label="expected band")
    return [*marks, band, line]
